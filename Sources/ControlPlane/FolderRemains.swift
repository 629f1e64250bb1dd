import Artifacts
import Foundation
import Wording

/// What a data folder holds besides its log, looked at before anything is opened. A folder that has some of it had a log: where
/// that is gone it was lost, and a new one would make everything else nobody's, to be collected.
struct FolderRemains: Sendable {
    /// What is there, in words, of that which only a log with events explains.
    let content: [String]
    /// What is there, in words, of that which the first seconds of a folder make.
    let beginnings: [String]
    /// What is missing of the beginnings, one note each.
    let lost: [String]
    private let log: String

    /// Looks at the folder at `root`, which need not be one.
    init(root: String) {
        let manager = FileManager.default
        log = root + "/serin.db"
        func names(_ folder: String) -> [String] {
            (try? manager.contentsOfDirectory(atPath: root + "/" + folder)) ?? []
        }
        var content: [String] = []
        let hasBlob = names("blobs/sha256").contains { first in
            names("blobs/sha256/\(first)").contains { !names("blobs/sha256/\(first)/\($0)").isEmpty }
        }
        if hasBlob { content.append("files in blobs/") }
        if !names("traffic").isEmpty { content.append("requests in traffic/") }
        if !names("canaries").isEmpty { content.append("samples in canaries/") }
        self.content = content
        let hasRollups = manager.fileExists(atPath: root + "/rollups.db")
        let secrets = Set(names("keys"))
        beginnings = (hasRollups ? ["rollups.db"] : []) + (secrets.isEmpty ? [] : ["secrets in keys/"])
        var lost: [String] = []
        if !hasRollups {
            lost.append(
                "rollups.db was not there: the counts of the service levels begin anew, and with them their budgets"
            )
        }
        for name in ServerSecrets.names where !secrets.contains(name) {
            lost.append("keys/\(name) was not there: a new secret was made, and \(ServerSecrets.loss(of: name))")
        }
        self.lost = lost
    }

    /// Looks at a folder that is locked.
    init(of folder: DataFolder) { self.init(root: folder.root) }

    /// Whether nothing is there but perhaps a log.
    var isEmpty: Bool { content.isEmpty && beginnings.isEmpty }

    /// Refuses a folder whose file of the log is gone or has no bytes.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData`.
    func requireLogFile() throws(ControlPlaneError) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: log)
        let sizeBytes = (attributes?[.size] as? Int) ?? 0
        guard sizeBytes == 0, !isEmpty else { return }
        throw lostLog(attributes == nil ? "is not there" : "is empty")
    }

    /// Refuses a folder whose log has no event, where only events explain what is in it.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData`.
    func requireEvents(_ count: Int) throws(ControlPlaneError) {
        guard count == 0, !content.isEmpty else { return }
        throw lostLog("has no events")
    }

    private func lostLog(_ what: String) -> ControlPlaneError {
        ControlPlaneError(
            .badData,
            "the log of this data folder is lost: \(log) \(what)",
            why: "there are \((content + beginnings).joined(separator: ", ")), which belong to a log",
            next:
                "put back a copy of the folder from before; for a new registry name another folder: \(.serveData(folder: "DIR"))"
        )
    }
}
