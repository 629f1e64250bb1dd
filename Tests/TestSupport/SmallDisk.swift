package import Foundation
package import Testing

/// A file system of a few megabytes in memory, where the system lets us mount one (Linux, as root).
package final class SmallDisk: Sendable {
    /// Where it is mounted.
    package let url: URL
    /// The same as text.
    package var path: String { url.path }
    private let scratch: ScratchFolder
    private let orphanGuard: OrphanGuard?

    /// Whether one can be mounted here.
    package static let isPossible = (try? SmallDisk(megabytes: 1)) != nil

    /// Mounts one, which goes when this does.
    package init(megabytes: Int, guardedBy orphanGuard: OrphanGuard? = .shared) throws {
        self.orphanGuard = orphanGuard
        scratch = try ScratchFolder()
        url = scratch.url.appending(path: "disk")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try Self.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", url.path])
        orphanGuard?.mounted(url.path)
    }

    deinit {
        try? Self.run("/bin/umount", ["-l", path])
        orphanGuard?.unmounted(path)
    }

    /// Writes zeros until so many bytes are left.
    package func fill(leaving bytes: Int) throws {
        var facts = statvfs()
        statvfs(path, &facts)
        let free = Int(facts.f_bavail) * Int(facts.f_frsize)
        try Data(count: max(0, free - bytes)).write(to: ballast)
    }

    /// Writes until not one more byte fits; again, when somebody freed some.
    package func fill() {
        let file = open(ballast.path, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        guard file >= 0 else { return }
        defer { close(file) }
        let block = [UInt8](repeating: 1, count: 4096)
        while write(file, block, block.count) > 0 {}
    }

    /// Frees what filling it took.
    package func free() throws { try FileManager.default.removeItem(at: ballast) }

    /// Makes it one that takes no writes.
    package func setReadOnly() throws { try Self.run("/bin/mount", ["-o", "remount,ro", path]) }

    private var ballast: URL { url.appending(path: "ballast") }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = try ChildProcess(program, arguments, environment: [:])
        guard try process.waitForEnd() == .exit(0) else { throw CocoaError(.fileWriteNoPermission) }
    }
}

extension Trait where Self == ConditionTrait {
    /// A small disk can be mounted.
    package static var needsSmallDisk: Self {
        .enabled(if: SmallDisk.isPossible, "needs the right to mount a small disk (Linux, as root)")
    }
}
