public import Foundation

/// The one way to put a file where another process, or this one after a crash, will look for it: it is there whole or
/// as it was before, never in part.
///
/// The bytes are written beside the file under another name, synced, and renamed over it; then the folder is synced,
/// so that the name is on the disk too. A full disk, a kill or a power cut at any step leaves the file that was there.
public enum DurableFile {
    /// Makes the bytes of the file at `path` those of `data`; whoever reads it sees the old ones or the new ones.
    ///
    /// - Parameters:
    ///   - mode: Who may read and write the new file. It has that mode from its first byte on.
    ///   - isSynced: Whether a power cut must not bring the old bytes back; the new ones are never there in part.
    ///   - step: Called with the name of each step that was done: `written`, `synced`, `renamed`.
    /// - Throws: ``FileError``; the file is as it was, and nothing is left beside it.
    public static func replace(
        _ path: String,
        with data: Data,
        mode: mode_t = 0o600,
        isSynced: Bool = true,
        step: (String) -> Void = { _ in }
    ) throws(FileError) {
        let temporary = "\(path).\(getpid()).new"
        // One of a process before with this id, which died while it wrote.
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw FileError("write", path) }
        do throws(FileError) {
            defer { close(descriptor) }
            let (_, code) = data.withUnsafeBytes { write($0, to: descriptor) }
            guard code == 0 else { throw FileError("write", path, code: code) }
            step("written")
            if isSynced, fsync(descriptor) != 0 { throw FileError("sync", path) }
            step("synced")
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let error = FileError("replace", path)
            unlink(temporary)
            throw error
        }
        step("renamed")
        if isSynced { try syncFolder(of: path) }
    }

    /// Gives the file at `source` the path `target`, in place of what is there, and returns when both names are on the
    /// disk. Its bytes must be synced before.
    ///
    /// - Throws: ``FileError``.
    public static func move(_ source: String, to target: String) throws(FileError) {
        guard rename(source, target) == 0 else { throw FileError("rename", source) }
        try syncFolder(of: target)
        if folder(of: source) != folder(of: target) { try syncFolder(of: source) }
    }

    /// Writes all of `bytes` at the place where the open file stands, also when a signal comes between.
    ///
    /// - Returns: The number of bytes written and, when that is not all, the error code that stopped it.
    public static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> (written: Int, code: Int32) {
        var written = 0
        while written < bytes.count {
            let count = Foundation.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                return (written, errno)
            }
        }
        return (written, 0)
    }

    /// Returns when the names in the folder of `path` are on the disk.
    private static func syncFolder(of path: String) throws(FileError) {
        let folder = folder(of: path)
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open", folder) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError("sync", folder) }
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

/// Why the system refused something with a file.
public struct FileError: Error, Equatable, Sendable {
    /// What was asked for, such as `write`.
    public let operation: String
    /// The file or folder.
    public let path: String
    /// The system's `errno`.
    public let code: Int32

    /// What the system said to `operation`; without a code, what it said last.
    public init(_ operation: String, _ path: String, code: Int32 = errno) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// Whether the disk, or what the user may take of it, is full.
    public var isFull: Bool { code == ENOSPC || code == EDQUOT }

    /// What the system says of it, such as `Permission denied`.
    public var reason: String { String(cString: strerror(code)) }
}

extension FileError: CustomStringConvertible {
    public var description: String {
        "cannot \(operation) \(path): \(isFull ? "the disk is full: free some space" : reason)"
    }
}
