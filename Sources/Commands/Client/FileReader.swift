import Digests
import Foundation
import NIOCore
import WireFormat

/// A regular file read from front to back into memory that the caller owns; constant memory for any size.
struct FileReader: ~Copyable {
    private let descriptor: Int32
    /// The file, as the person named it.
    let path: String
    /// Bytes when it was opened.
    let sizeBytes: Int64

    /// Opens the regular file at `path`; a symbolic link is refused.
    ///
    /// - Throws: ``CommandsError/file(path:problem:)``.
    init(_ path: String) throws(CommandsError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw .file(
                path: path,
                problem: errno == ELOOP ? "is a symbolic link; name the file itself" : Self.reason(errno)
            )
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .file(path: path, problem: "is not a regular file")
        }
        self.descriptor = descriptor
        self.path = path
        sizeBytes = Int64(status.st_size)
        _ = posix_fadvise(descriptor, 0, 0, Int32(POSIX_FADV_SEQUENTIAL))
    }

    deinit { close(descriptor) }

    /// Reads up to `buffer.count` bytes at `offset`.
    ///
    /// - Returns: The bytes read; 0 at the end.
    /// - Throws: ``CommandsError/file(path:problem:)``.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(CommandsError) -> Int {
        while true {
            let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            if count >= 0 { return count }
            guard errno == EINTR else { throw .file(path: path, problem: Self.reason(errno)) }
        }
    }

    /// The whole file, at most `limit` bytes of it.
    ///
    /// - Throws: ``CommandsError/file(path:problem:)``.
    func contents(limit: Int) throws(CommandsError) -> Data {
        var data = Data(count: min(limit, Int(sizeBytes)))
        var offset = 0
        while offset < data.count {
            let count: Int
            do {
                count = try data.withUnsafeMutableBytes { bytes in
                    try read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[offset...]), at: Int64(offset))
                }
            } catch let error as CommandsError { throw error } catch {
                throw .file(path: path, problem: "cannot be read")
            }
            guard count > 0 else { break }
            offset += count
        }
        return data.prefix(offset)
    }

    /// The operating system's words for `code`, in lower case.
    static func reason(_ code: Int32) -> String {
        let text = String(cString: strerror(code))
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}

/// A part of a file as buffers for the network, each read into its final place.
struct FileChunks: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    private let source: Source
    private let from: Int64
    private let to: Int64
    private let progress: @Sendable (Int64) -> Void

    /// Keeps the file open as long as somebody reads.
    fileprivate final class Source: Sendable {
        let reader: FileReader
        init(_ path: String) throws(CommandsError) { reader = try FileReader(path) }
    }

    init(path: String, from: Int64, to: Int64, progress: @escaping @Sendable (Int64) -> Void) throws(CommandsError) {
        source = try Source(path)
        self.from = from
        self.to = to
        self.progress = progress
        guard source.reader.sizeBytes == to else { throw .file(path: path, problem: "changed while it was published") }
    }

    func makeAsyncIterator() -> Iterator { Iterator(source: source, offset: from, end: to, progress: progress) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let source: Source
        fileprivate var offset: Int64
        fileprivate let end: Int64
        fileprivate let progress: @Sendable (Int64) -> Void

        mutating func next() throws -> ByteBuffer? {
            guard offset < end else { return nil }
            let wanted = Int(Swift.min(Int64(FileHashing.chunkBytes), end - offset))
            var buffer = ByteBufferAllocator().buffer(capacity: wanted)
            let count = try buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { memory in
                try source.reader.read(into: UnsafeMutableRawBufferPointer(rebasing: memory.prefix(wanted)), at: offset)
            }
            guard count > 0 else {
                throw CommandsError.file(path: source.reader.path, problem: "became shorter while it was published")
            }
            offset += Int64(count)
            progress(offset)
            return buffer
        }
    }
}

/// Finds the digest of a file in one pass.
enum FileHashing {
    /// Bytes read at once.
    static let chunkBytes = 1 << 20

    /// The digest and the size of the file at `path`, and its first four bytes.
    ///
    /// - Throws: ``CommandsError/file(path:problem:)``, `CancellationError`.
    static func digest(
        of path: String,
        progress: (Int64) -> Void
    ) throws -> (digest: Digest, sizeBytes: Int64, start: [UInt8]) {
        let reader = try FileReader(path)
        var stream = SHA256Stream()
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkBytes, alignment: 4096)
        defer { memory.deallocate() }
        var offset: Int64 = 0
        var start: [UInt8] = []
        while true {
            try Task.checkCancellation()
            let count = try reader.read(into: memory, at: offset)
            guard count > 0 else { break }
            let bytes = UnsafeRawBufferPointer(rebasing: memory.prefix(count))
            if offset == 0 { start = Array(bytes.prefix(4)) }
            stream.update(bytes)
            offset += Int64(count)
            progress(offset)
        }
        return (stream.finish(), offset, start)
    }
}
