import AsyncHTTPClient
import Digests
import Foundation
import NIOCore
import NIOHTTP1
import WireFormat
import Wording

/// Receives the bytes of one blob into a file that appears only when its digest is right.
struct BlobDownload: Sendable {
    let digest: Digest
    let sizeBytes: Int64
    let path: String

    /// Receives the file.
    ///
    /// - Throws: `Problem`, ``CommandsError/badFile(path:problem:next:)`` when other bytes came, `CancellationError`.
    func receive(_ client: RegistryClient, progress: (Int64) -> Void) async throws {
        let address = APIPath.blob(digest)
        var request = client.request(.GET, address)
        request.headers.replaceOrAdd(name: "accept", value: "application/octet-stream")
        let response = try await client.send(request, path: address.path)
        let temporary = path + ".part"
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else {
            throw CommandsError.unwritable(path: temporary, problem: FileReader.reason(errno))
        }
        defer {
            close(descriptor)
            unlink(temporary)
        }
        var stream = SHA256Stream(), received: Int64 = 0
        do {
            for try await chunk in response.body {
                received += Int64(chunk.readableBytes)
                guard received <= sizeBytes else { throw damaged("more bytes came than the version lists") }
                try chunk.withUnsafeReadableBytes { bytes in
                    stream.update(bytes)
                    try Self.write(bytes, to: descriptor, path: temporary)
                }
                progress(received)
            }
        } catch let error as CommandsError { throw error } catch { throw client.failure(error) }
        guard stream.finish() == digest else { throw damaged("what came does not have the digest \(digest.short)") }
        guard fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            throw CommandsError.unwritable(path: path, problem: FileReader.reason(errno))
        }
    }

    private func damaged(_ problem: String) -> CommandsError {
        .badFile(path: path, problem: problem, next: "try again; then: \(.serverCheck)")
    }

    private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(CommandsError)
    {
        var rest = bytes
        while !rest.isEmpty {
            let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .unwritable(path: path, problem: FileReader.reason(errno)) }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }
}
