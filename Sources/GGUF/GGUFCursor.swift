/// Reads little-endian values one after another; never past the end.
struct GGUFCursor {
    let bytes: UnsafeRawBufferPointer
    private(set) var offset = 0
    /// Nothing may be read past this many bytes.
    let end: Int

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        end = min(bytes.count, GGUFLimits.headerBytes)
    }

    /// Checks that `count` more bytes are there and steps over them.
    ///
    /// - Returns: the offset of the first of them.
    mutating func take(_ count: UInt64, _ what: @autoclosure () -> String) throws(GGUFError) -> Int {
        guard count <= UInt64(end - offset) else {
            if bytes.count > end {
                let (size, overflow) = UInt64(offset).addingReportingOverflow(count)
                throw .tooMany(what: "size of the header in bytes", count: overflow ? .max : size, limit: end)
            }
            throw .truncated(what: what(), offset: offset, needed: count, available: end - offset)
        }
        defer { offset += Int(count) }
        return offset
    }

    mutating func integer<T: FixedWidthInteger>(
        _ type: T.Type,
        _ what: @autoclosure () -> String
    ) throws(GGUFError) -> T {
        let start = try take(UInt64(MemoryLayout<T>.size), what())
        return T(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: type))
    }

    mutating func string(limit: Int, _ what: @autoclosure () -> String) throws(GGUFError) -> String {
        let length = try integer(UInt64.self, "the length of \(what())")
        guard length <= UInt64(limit) else { throw .tooMany(what: "length of \(what())", count: length, limit: limit) }
        let start = try take(length, what())
        let text = UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
        guard let string = String(validating: text, as: UTF8.self) else {
            throw .invalidUTF8(what: what(), offset: start)
        }
        return string
    }

    /// A name that messages can show and that is equal to another only when its bytes are.
    mutating func name(limit: Int, _ what: String) throws(GGUFError) -> String {
        let name = try string(limit: limit, what)
        guard name.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw .invalidName(what: what, offset: offset - name.utf8.count)
        }
        return name
    }
}
