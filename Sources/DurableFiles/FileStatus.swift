import Foundation

/// What the system knows of a file or folder besides its bytes.
///
/// Targets that import NIO must read them here: in an optimised build the compiler finds the system's `stat` in a module
/// of NIO's too, and refuses its members (see `HouseRuleTests`).
public struct FileStatus: Hashable, Sendable {
    /// The device that it is on.
    public let device: UInt64
    /// Its number on the device.
    public let inode: UInt64
    /// Bytes.
    public let size: Int64
    /// When its bytes were changed last: seconds since 1970.
    public let modifiedSeconds: Int64
    /// Nanoseconds of ``modifiedSeconds``.
    public let modifiedNanoseconds: Int64
    /// Who may read, write and execute it, such as `0o600`.
    public let permissions: UInt32
    /// Whether it is a file, and no folder, pipe or device.
    public let isRegularFile: Bool

    /// What is at `path`, through symbolic links; nil where nothing is, or where it cannot be looked at.
    public init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }

    /// What an open descriptor stands for; nil where it is none.
    public init?(descriptor: Int32) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        modifiedSeconds = Int64(time.tv_sec)
        modifiedNanoseconds = Int64(time.tv_nsec)
        permissions = UInt32(status.st_mode) & 0o7777
        isRegularFile = status.st_mode & S_IFMT == S_IFREG
    }

    /// Whether somebody else than its owner may do anything with it.
    public var isOpenToOthers: Bool { permissions & 0o077 != 0 }
}
