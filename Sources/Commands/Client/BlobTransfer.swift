import AsyncHTTPClient
import Digests
import Foundation
import NIOCore
import NIOHTTP1
import Synchronization
import WireFormat
import Wording

/// Sends the bytes of one file, from the byte the server wants next.
struct BlobUpload: Sendable {
    let path: String
    let digest: Digest
    let sizeBytes: Int64

    /// Times an upload is taken up again without a byte more on the server.
    static let attempts = 5
    /// Seconds to wait for another command with the same key that sends the same bytes, and gets no further.
    static let waitSeconds = 60

    /// Sends the file; a broken connection is taken up where the server stands. Where another command with the same key sends
    /// the same bytes at this moment, they are waited for; where what an earlier one sent turns out to be other bytes, all
    /// of it is sent once more.
    ///
    /// - Throws: `Problem`, ``CommandsError/uploadBroke(file:attempts:problem:)``, `CancellationError`.
    func send(
        _ client: RegistryClient,
        from offset: Int64,
        progress: @escaping @Sendable (Int64) -> Void
    ) async throws {
        var offset = offset, failures = 0, waited = 0, wasSentAgain = false
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
            } catch let problem as Problem where problem.status == 409 && waited < Self.waitSeconds {
                if waited == 0 { client.detail("\(problem.title); waiting for it") }
                try await Task.sleep(for: .seconds(1))
                guard let rest = try await missing(client).missing.first else { return }
                waited = rest.offsetBytes > offset ? 0 : waited + 1
                offset = rest.offsetBytes
            } catch let problem as Problem where problem.status == 422 && offset > 0 && !wasSentAgain {
                client.detail("\(problem.title); sending all of it once more")
                (offset, wasSentAgain) = (0, true)
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

/// The files that are so small that they travel inside the request that publishes them: the smallest ones, as many as
/// may (a card, settings of a tokenizer), each read once more.
struct SmallFiles: Sendable {
    /// Which files they are.
    private(set) var digests: Set<Digest> = []
    /// Their bytes, for the request.
    private(set) var contents: [SmallFile] = []

    /// Those of `files`.
    ///
    /// - Throws: ``CommandsError/file(path:problem:)`` when one cannot be read, or was changed since it was hashed.
    init(_ files: [BlobUpload]) throws {
        var restBytes = Int64(SmallFile.limitBytes)
        for file in files.sorted(by: { ($0.sizeBytes, $0.path) < ($1.sizeBytes, $1.path) }) {
            guard file.sizeBytes <= restBytes else { return }
            restBytes -= file.sizeBytes
            let reader = try FileReader(file.path)
            var bytes = [UInt8](repeating: 0, count: Int(file.sizeBytes) + 1), count = 0
            while count < bytes.count {
                let start = count
                let read = try bytes.withUnsafeMutableBytes { buffer in
                    try reader.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[start...]), at: Int64(start))
                }
                guard read > 0 else { break }
                count += read
            }
            let data = Data(bytes.prefix(count))
            guard Digest(of: data) == file.digest else {
                throw CommandsError.file(path: file.path, problem: "was changed while it was published")
            }
            digests.insert(file.digest)
            contents.append(SmallFile(data))
        }
    }
}

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
        // A name of its own: another command may receive the same file at this moment.
        let temporary = "\(path).\(getpid()).part"
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
