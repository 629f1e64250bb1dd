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
