import Foundation
import TestSupport

extension ScratchFolder {
    /// The database in it.
    var catalog: String { path + "/serin.db" }

    /// A copy of the database as it is on the disk at this moment: what a machine that lost its power would find.
    func copyOfCatalog(named name: String) throws -> String {
        let copy = path + "/" + name
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: catalog + suffix) {
            try FileManager.default.copyItem(atPath: catalog + suffix, toPath: copy + "/serin.db" + suffix)
        }
        return copy + "/serin.db"
    }
}
