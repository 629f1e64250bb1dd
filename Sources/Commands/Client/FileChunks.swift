import NIOCore

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
