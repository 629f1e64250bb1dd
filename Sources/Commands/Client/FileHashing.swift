import Digests
import WireFormat

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
