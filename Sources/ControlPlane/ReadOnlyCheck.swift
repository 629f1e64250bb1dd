import Artifacts
import Catalog
import Foundation
import Wording

/// Checks a data folder that cannot be written to, such as one on a disk that was mounted to be read: SQLite needs to write beside
/// its file, so the log is looked at in a copy of its own; everything else is read where it is.
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
        do {
            try manager.createDirectory(
                at: copy,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            for name in files {
                let source = url.appending(path: name)
                guard manager.fileExists(atPath: source.path) else { continue }
                try manager.copyItem(at: source, to: copy.appending(path: name))
                try manager.setAttributes([.posixPermissions: 0o600], ofItemAtPath: copy.appending(path: name).path)
            }
        } catch {
            throw ControlPlaneError(
                .insufficientStorage,
                "\(url.path) cannot be written to, and its log cannot be copied to \(copy.deletingLastPathComponent().path)",
                why: error.localizedDescription,
                next: "set TMPDIR to a folder with room for it"
            )
        }
        let catalog: Catalog
        do { catalog = try Catalog.open(path: copy.appending(path: "serin.db").path) } catch CatalogError.damaged(
            let path,
            let why
        ) {
            throw LogFile.refusal(of: try DamagedLog(path, why: why))
        }
        try remains.requireEvents(try await catalog.read { try $0.head().seq })
        let report = try await FolderCheck.report(folder, catalog)
        try await catalog.close()
        return report
    }
}
