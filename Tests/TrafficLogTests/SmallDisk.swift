import Foundation

/// A file system of a few megabytes in memory, where the system lets us mount one (Linux, as root).
final class SmallDisk: Sendable {
    let path: String
    private let scratch: ScratchFolder

    static let isPossible = (try? SmallDisk(megabytes: 1)) != nil

    init(megabytes: Int) throws {
        scratch = try ScratchFolder()
        path = scratch.path + "/disk"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try SmallDisk.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path])
    }

    deinit { try? SmallDisk.run("/bin/umount", ["-l", path]) }

    /// Writes zeros until so many bytes are left.
    func fill(leaving bytes: Int) throws {
        var facts = statvfs()
        statvfs(path, &facts)
        let free = Int(facts.f_bavail) * Int(facts.f_frsize)
        try Data(count: max(0, free - bytes)).write(to: URL(filePath: path + "/ballast"))
    }

    /// Frees what ``fill(leaving:)`` took.
    func free() throws { try FileManager.default.removeItem(atPath: path + "/ballast") }

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
