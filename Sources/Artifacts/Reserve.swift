import Foundation

/// The file `reserve`: bytes kept back on the disk of a data folder, so that a channel can still be taken back when
/// everything else filled it.
///
/// A database cannot delete its way out of a full disk, because deleting writes too (SQLite rolls the transaction
/// back). Removing a file needs no space, so giving the reserve up always works.
public struct Reserve: Sendable {
    /// What is kept back where the disk has room for it.
    public static let fullBytes: Int64 = 64 << 20
    /// On a small disk no more than one part in this many of what is free.
    private static let maxOfFree: Int64 = 20

    private let path: String

    /// The reserve of a data folder; nothing is written yet.
    public init(_ folder: DataFolder) { self.init(root: folder.root) }

    /// The reserve of the data folder at `root`, also of one that cannot be opened for lack of space.
    public init(root: String) { path = root + "/reserve" }

    /// Bytes kept back now; 0 when there are none.
    public var bytes: Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_blocks) * 512 : 0
    }

    /// Makes the file, or lets one grow that was made when there was less room. Blocks are taken, not only promised.
    ///
    /// - Returns: the bytes kept back; 0 when the disk is too full for any.
    /// - Throws: ``ArtifactsError/system(operation:path:code:)``.
    @discardableResult
    public func make(freeBytes: Int64?) throws(ArtifactsError) -> Int64 {
        let present = bytes
        let wanted = min(Self.fullBytes, (freeBytes ?? 0) / Self.maxOfFree)
        // It grows by doubling at least: a few bytes more are not worth a write.
        guard wanted >= max(1 << 16, 2 * present) || (wanted == Self.fullBytes && present < wanted) else {
            return present
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system(operation: "make", path: path, code: errno) }
        defer { close(descriptor) }
        // A signal may interrupt a long allocation; it goes on where it was.
        var code = EINTR
        while code == EINTR { code = posix_fallocate(descriptor, 0, off_t(wanted)) }
        guard code == 0 else {
            if present == 0 { unlink(path) }
            if code == ENOSPC { return bytes }
            throw .system(operation: "reserve space for", path: path, code: code)
        }
        return bytes
    }

    /// What is given up at once: more than any change of the log takes.
    private static let partBytes: Int64 = 8 << 20

    /// Gives a part of the space back, which needs none: others that write may take it before who asked.
    ///
    /// - Parameter leavingLast: Whether the last part stays for what matters more.
    /// - Returns: whether there was anything to give.
    @discardableResult
    public func giveUp(leavingLast: Bool = false) -> Bool {
        var status = stat()
        guard stat(path, &status) == 0 else { return false }
        let rest = Int64(status.st_size) - Self.partBytes
        if rest >= Self.partBytes { return truncate(path, off_t(rest)) == 0 }
        return leavingLast ? false : unlink(path) == 0
    }
}
