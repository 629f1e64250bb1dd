import CZlib

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
