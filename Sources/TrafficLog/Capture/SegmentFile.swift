import Foundation

/// The texts of one day, in blocks that are only ever appended.
final class SegmentFile: Sendable {
    let path: String
    private let descriptor: Int32

    /// Opens the segment, made when there is none.
    init(path: String) throws(TrafficLogError) {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        self.path = path
        guard descriptor >= 0 else { throw Self.failure(path) }
    }

    deinit { close(descriptor) }

    /// Bytes in the file.
    func size() throws(TrafficLogError) -> Int64 {
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw Self.failure(path) }
        return Int64(facts.st_size)
    }

    /// Writes a block at the end.
    ///
    /// - Returns: Where it starts.
    /// - Throws: ``TrafficLogError/noRoom(path:)``; nothing of the block is left then.
    func append(_ block: [UInt8]) throws(TrafficLogError) -> Int64 {
        let start = try size()
        var written = 0
        while written < block.count {
            let count = block.withUnsafeBytes { bytes in
                pwrite(
                    descriptor,
                    bytes.baseAddress.map { $0 + written },
                    bytes.count - written,
                    off_t(start) + written
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = Self.failure(path)
                try? cut(to: start)
                throw failure
            }
            written += count
        }
        return start
    }

    /// Takes off what lies behind the first `size` bytes.
    func cut(to size: Int64) throws(TrafficLogError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw Self.failure(path) }
    }

    /// The `count` bytes from `offset` on; nil when the file has fewer.
    func read(at offset: Int64, count: Int) throws(TrafficLogError) -> [UInt8]? {
        guard offset >= 0, count > 0, count <= SegmentBlock.limitBytes + (1 << 20) else { return nil }
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress.map { $0 + done }, count - done, off_t(offset) + done)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw Self.failure(path) }
            if got == 0 { return nil }
            done += got
        }
        return bytes
    }

    private static func failure(_ path: String) -> TrafficLogError {
        switch errno {
        case ENOSPC, EDQUOT: .noRoom(path: path)
        case let code: .unreadable(path: path, why: String(cString: strerror(code)))
        }
    }
}
