import ControlPlane
import Digests
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import RegistryTypes
import WireFormat
import Wording

/// Blobs in and out, streamed: no body is held in memory.
struct BlobRoutes: RouteGroup {
    let plane: ControlPlane

    func register(in routes: inout Routes) throws {
        let plane = plane
        let blob = APIPath.blob(Digest(of: [UInt8]()))
        routes.api(.post, APIPath.missingBlobs, .uploadFile) { call in
            try await plane.registry.uploads.missing(call.body(MissingRequest.self), by: call.caller)
        }
        routes.raw(.get, blob, .readRegistry) { call in
            try await BlobRoutes.download(plane, try BlobRoutes.digest(call.text("digest")), call.request, call.state)
        }
        routes.api(.put, blob, .uploadFile) { call in try await BlobRoutes.upload(plane, call) }
        routes.browser(.get, .blob, .readRegistry) { call in
            try await BlobRoutes.download(plane, try BlobRoutes.digest(call.text("digest")), call.request, call.state)
        }
    }

    private static func digest(_ text: String) throws -> Digest {
        guard let digest = try? Digest(text) else {
            throw Problem(
                status: 404,
                title: "\"\(text)\" is not a digest",
                detail: "it would be sha256: and 64 hexadecimal digits",
                exit: ExitCode.notFound.rawValue
            )
        }
        return digest
    }

    /// The body goes to the disk in the pieces in which it comes from the network.
    private static func upload(_ plane: ControlPlane, _ call: APICall) async throws -> BlobAnswer {
        let query = call.query
        guard let size = query["size"].flatMap(BlobRoutes.bytes), let offset = BlobRoutes.bytes(query["offset"] ?? "0"),
            offset <= size
        else {
            throw Problem(
                status: 400,
                title: "size and offset must be numbers of bytes",
                next: "PUT with ?size=BYTES&offset=BYTES",
                exit: ExitCode.usage.rawValue
            )
        }
        var body = call.request.body.makeAsyncIterator()
        return try await plane.registry.uploads.take(
            digest(call.text("digest")),
            sizeBytes: size,
            offsetBytes: offset,
            by: call.caller
        ) {
            let next: ByteBuffer?
            do { next = try await body.next() } catch { throw Problem.brokenOff }
            guard let buffer = next else { return nil }
            return UploadChunk { use in try buffer.withUnsafeReadableBytes { try use($0) } }
        }
    }

    /// An attachment that nothing shows: what a user uploaded must not become a page of ours.
    private static func download(
        _ plane: ControlPlane,
        _ digest: Digest,
        _ request: Request,
        _ state: RequestState
    ) async throws -> Response {
        let path = try await plane.registry.uploads.path(of: digest).path(percentEncoded: false)
        var headers: HTTPFields = [.contentType: "application/octet-stream"]
        headers[.contentDisposition] = "attachment; filename=\"\(digest.hexadecimal)\""
        headers[.eTag] = "\"\(digest.hexadecimal)\""
        headers[.acceptRanges] = "bytes"
        if let name = HTTPField.Name("Content-Security-Policy") { headers[name] = AnswerHeaders.blobPolicy }
        let files = FileIO()
        if let start = request.headers[.range].flatMap(rangeStart) {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            guard start < size else {
                throw Problem(status: 416, title: "the blob has only \(size) bytes", exit: ExitCode.usage.rawValue)
            }
            headers[.contentRange] = "bytes \(start)-\(size - 1)/\(size)"
            let body = try await files.loadFile(path: path, range: start...(size - 1), context: state)
            return Response(status: .partialContent, headers: headers, body: body)
        }
        return Response(status: .ok, headers: headers, body: try await files.loadFile(path: path, context: state))
    }

    /// The start of `bytes=START-`, the only range there is a use for: going on with a download.
    static func rangeStart(_ header: String) -> Int? {
        let prefix = "bytes=".utf8, bytes = header.utf8
        guard bytes.starts(with: prefix), bytes.last == UInt8(ascii: "-") else { return nil }
        return self.bytes(String(decoding: Array(bytes.dropFirst(prefix.count).dropLast()), as: UTF8.self)).map(
            Int.init
        )
    }

    /// A number of bytes, 0 too.
    static func bytes(_ text: String) -> Int64? {
        text == "0" ? 0 : PathParts.positive(text).map(Int64.init)
    }
}
