#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The bytes of a file, mapped or copied; read-only, given back at the end.
///
/// Sendable although it holds a pointer: nothing writes to the memory between `init` and `deinit`.
final class GGUFBytes: @unchecked Sendable {
    let buffer: UnsafeRawBufferPointer
    private let isMapped: Bool

    /// Maps a regular file.
    init(path: String) throws(GGUFError) {
        func reason() -> String { String(cString: strerror(errno)) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .cannotOpen(path: path, reason: reason()) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .cannotOpen(path: path, reason: reason()) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .cannotOpen(path: path, reason: "not a regular file") }
        guard status.st_size > 0, let size = Int(exactly: status.st_size) else { throw .notGGUF }
        guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw .cannotOpen(path: path, reason: reason())
        }
        buffer = UnsafeRawBufferPointer(start: start, count: size)
        isMapped = true
    }

    /// Copies bytes from memory.
    init(copying bytes: [UInt8]) {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
        copy.copyBytes(from: bytes)
        buffer = UnsafeRawBufferPointer(copy)
        isMapped = false
    }

    deinit {
        if isMapped {
            munmap(UnsafeMutableRawPointer(mutating: buffer.baseAddress), buffer.count)
        } else {
            buffer.deallocate()
        }
    }
}

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
