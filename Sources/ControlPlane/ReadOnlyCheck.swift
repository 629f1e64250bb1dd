import Artifacts
import Catalog
import Foundation
import Wording

/// Checks a data folder and changes nothing in it: SQLite writes beside its file and into it even to read it, so the log is looked at
/// in a copy of its own; everything else is read where it is. So a folder on a disk that was mounted to be read is checked too,
/// and what a damaged write-ahead log still holds stays for whoever can read it.
enum ReadOnlyCheck {
    /// What a log consists of on the disk.
    private static let files = ["serin.db", "serin.db-wal", "serin.db.head"]

    /// Checks the folder at `url`.
    ///
    /// - Throws: ``ControlPlaneError`` where the log is lost or there is no room for a copy; the errors of the stores.
    static func run(_ url: URL) async throws -> CheckReport {
        let folder = try DataFolder(reading: url.path)
        let remains = FolderRemains(of: folder)
        try remains.requireLogFile()
        let manager = FileManager.default
        let copy = manager.temporaryDirectory.appending(path: "serin-check-\(UUID().uuidString)")
        defer { try? manager.removeItem(at: copy) }
        let headProblem = Catalog.headProblem(besides: url.appending(path: files[0]).path)
        do {
            try manager.createDirectory(
                at: copy,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            for name in files where name != files.last || headProblem == nil {
                let source = url.appending(path: name)
                guard manager.fileExists(atPath: source.path) else { continue }
                try manager.copyItem(at: source, to: copy.appending(path: name))
                try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy.appending(path: name).path)
            }
        } catch {
            throw ControlPlaneError(
                .insufficientStorage,
                "the log of \(url.path), which is checked in a copy, cannot be copied to \(copy.deletingLastPathComponent().path)",
                why: error.localizedDescription,
                next: "set TMPDIR to a folder with room for it"
            )
        }
        let catalog: Catalog, path = url.appending(path: files[0]).path
        do { catalog = try Catalog.open(path: copy.appending(path: files[0]).path) } catch CatalogError.damaged(
            let place,
            let why
        ) {
            throw LogFile.refusal(of: try LogFile.readable(place, why, at: path), at: path)
        } catch let error as CatalogError {
            // The copy is nobody's to know.
            let words = "\(error)".replacing(copy.path, with: url.path)
            throw ControlPlaneError(FolderCheck.isDamage(error) ? .badData : ControlPlaneError(error).kind, words)
        }
        try remains.requireEvents(try await catalog.read { try $0.head().seq })
        let report = try await FolderCheck.report(folder, catalog, headProblem: headProblem)
        try await catalog.close()
        return report
    }
}
