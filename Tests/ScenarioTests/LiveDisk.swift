import Foundation

/// A file system in memory, where the system lets us mount one (Linux, as root).
final class LiveDisk: Sendable {
    let url: URL

    static let isPossible = (try? LiveDisk(megabytes: 1)) != nil

    init(megabytes: Int) throws {
        url = FileManager.default.temporaryDirectory.appending(path: "serin-disk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try Self.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", url.path])
    }

    deinit {
        try? Self.run("/bin/umount", ["-l", url.path])
        try? FileManager.default.removeItem(at: url)
    }

    /// Writes until not one more byte fits.
    func fill() {
        let file = open(url.appending(path: "ballast").path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        let block = [UInt8](repeating: 1, count: 4096)
        while write(file, block, block.count) > 0 {}
    }

    /// Frees what ``fill()`` took.
    func free() throws { try FileManager.default.removeItem(at: url.appending(path: "ballast")) }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteNoPermission) }
    }
}
