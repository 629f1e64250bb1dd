import AsyncHTTPClient
import Digests
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import WireFormat

/// Sends the bytes of one file, from the byte the server wants next.
struct BlobUpload: Sendable {
    let path: String
    let digest: Digest
    let sizeBytes: Int64

    /// Times an upload is taken up again without a byte more on the server.
    static let attempts = 5

    /// Sends the file; a broken connection is taken up where the server stands.
    ///
    /// - Throws: `Problem`, ``CommandsError/uploadBroke(file:attempts:problem:)``, `CancellationError`.
    func send(
        _ client: RegistryClient,
        from offset: Int64,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws {
        var offset = offset, failures = 0
        while true {
            do {
                let answer = try await put(client, from: offset, progress: progress)
                if answer.complete { return }
                guard answer.offsetBytes > offset else {
                    throw CommandsError.uploadBroke(file: path, attempts: 1, problem: "the server took no bytes")
                }
                offset = answer.offsetBytes
            } catch let error as CommandsError {
                guard case .unreachable(_, let reason, _) = error else { throw error }
                failures += 1
                guard failures < Self.attempts else {
                    throw CommandsError.uploadBroke(file: path, attempts: failures, problem: reason)
                }
                client.detail("upload of \(path) broke (\(reason)); asking how much the server has")
                try await Task.sleep(for: .milliseconds(200 << failures))
                guard let known = try? await missing(client) else { continue }
                guard let rest = known.missing.first else { return }
                if rest.offsetBytes > offset { failures = 0 }
                offset = rest.offsetBytes
            }
        }
    }

    private func missing(_ client: RegistryClient) async throws -> MissingAnswer {
        try await client.post(APIPath.missingBlobs, MissingRequest(digests: [digest]))
    }

    private func put(
        _ client: RegistryClient,
        from offset: Int64,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws -> BlobAnswer {
        let address = APIPath.blob(digest)
        var request = client.request(.PUT, address, [("size", String(sizeBytes)), ("offset", String(offset))])
        request.headers.add(name: "content-type", value: "application/octet-stream")
        let chunks = try FileChunks(path: path, from: offset, to: sizeBytes, progress: progress)
        request.body = .stream(chunks, length: .known(sizeBytes - offset))
        let (_, data) = try await client.answer(to: request, path: address.path)
        return try JSONDecoder().decode(BlobAnswer.self, from: data)
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
