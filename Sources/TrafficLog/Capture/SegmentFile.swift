import CZlib
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

/// A block of a segment: the texts of up to 50 requests, one line of JSON each, compressed together.
///
/// Its form: `SRB1`, the number of compressed bytes, the number of bytes they stand for, the CRC-32 of both numbers and
/// the compressed bytes (each 32 bits, little-endian), then these bytes.
enum SegmentBlock {
    /// The most requests in one block.
    static let capacity = 50
    /// Bytes before the compressed ones.
    static let headerBytes = 16
    /// The most bytes that a block may stand for.
    static let limitBytes = 64 << 20
    private static let magic: [UInt8] = Array("SRB1".utf8)

    /// The block that holds `lines`; nil when zlib has no memory.
    static func encode(_ lines: [[UInt8]]) -> [UInt8]? {
        var text: [UInt8] = []
        text.reserveCapacity(lines.reduce(0) { $0 + $1.count + 1 })
        for line in lines {
            text.append(contentsOf: line)
            text.append(0x0a)
        }
        guard let packed = Zlib.compressed(text) else { return nil }
        var block = magic
        block.reserveCapacity(headerBytes + packed.count)
        append(UInt32(packed.count), to: &block)
        append(UInt32(text.count), to: &block)
        append(checksum(packed.count, text.count, packed[...]), to: &block)
        block.append(contentsOf: packed)
        return block
    }

    /// The lines of a whole block; nil when it is damaged.
    static func lines(of block: [UInt8]) -> [ArraySlice<UInt8>]? {
        guard isIntact(block) else { return nil }
        let size = Int(number(block, at: 8))
        let text = block.withUnsafeBytes { bytes in
            Zlib.uncompressed(UnsafeRawBufferPointer(rebasing: bytes[headerBytes...]), size: size)
        }
        return text?.split(separator: 0x0a, omittingEmptySubsequences: false).dropLast()
    }

    /// Whether `block` is a block from its first to its last byte.
    static func isIntact(_ block: [UInt8]) -> Bool {
        guard block.count > headerBytes, block.starts(with: magic) else { return false }
        let size = Int(number(block, at: 8))
        return Int(number(block, at: 4)) == block.count - headerBytes && size <= limitBytes
            && number(block, at: 12) == checksum(block.count - headerBytes, size, block[headerBytes...])
    }

    private static func checksum(_ packed: Int, _ size: Int, _ bytes: ArraySlice<UInt8>) -> UInt32 {
        var head: [UInt8] = []
        append(UInt32(packed), to: &head)
        append(UInt32(size), to: &head)
        let first = head.withUnsafeBytes(Zlib.checksum)
        let second = bytes.withUnsafeBytes(Zlib.checksum)
        // Both matter; neither may cancel the other.
        return (first &* 0x9e37_79b1) ^ second
    }

    private static func append(_ number: UInt32, to bytes: inout [UInt8]) {
        for place in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt32(place)))) }
    }

    private static func number(_ bytes: [UInt8], at index: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[index + $1]) << (8 * UInt32($1)) }
    }
}

/// Deflate and CRC-32.
enum Zlib {
    /// The bytes compressed at level 1, in the form of RFC 1950; nil when zlib has no memory.
    static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        var size = compressBound(uLong(bytes.count))
        var output = [UInt8](repeating: 0, count: Int(size))
        guard compress2(&output, &size, bytes, uLong(bytes.count), 1) == Z_OK else { return nil }
        output.removeSubrange(Int(size)...)
        return output
    }

    /// The `size` bytes whose compressed form is `bytes`; nil when these are no such form.
    static func uncompressed(_ bytes: UnsafeRawBufferPointer, size: Int) -> [UInt8]? {
        var length = uLong(size)
        var output = [UInt8](repeating: 0, count: size)
        let source = bytes.bindMemory(to: UInt8.self).baseAddress
        guard uncompress(&output, &length, source, uLong(bytes.count)) == Z_OK, length == size else { return nil }
        return output
    }

    /// The CRC-32 of `bytes` (ISO 3309).
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        UInt32(truncatingIfNeeded: crc32(0, bytes.bindMemory(to: UInt8.self).baseAddress, UInt32(bytes.count)))
    }
}
