import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import WireFormat

/// Asks the server: one method per HTTP method, values in and out, every failure with its exit code.
struct RegistryClient: Sendable {
    let http: HTTPClient
    let server: ServerAddress
    let serverOrigin: Settings.Origin
    let token: Token?
    /// Writes what `-v` wants to see; never the token.
    let detail: @Sendable (String) -> Void

    /// The most bytes an answer may have that is held in memory.
    static let answerLimit = 64 << 20
    /// Seconds without a byte after which a question counts as not answered: loading a model takes its time.
    static let timeout = 600
    /// The same for questions that change nothing.
    static let readTimeout = 60

    /// How the connections behave: no redirect is followed, no refused connection tried again.
    static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5), read: .seconds(Int64(timeout)))
        )
        configuration.connectionPool.retryConnectionEstablishment = false
        return configuration
    }

    /// Reads a value.
    ///
    /// - Throws: `Problem` when the server says no, ``CommandsError`` when it does not answer.
    func get<Answer: Decodable>(
        _ address: APIPath.Address,
        _ query: [(name: String, value: String?)] = []
    ) async throws -> Answer {
        try await ask(.GET, address, query, body: nil)
    }

    /// Reads a page as the server wrote it.
    ///
    /// - Throws: as ``get(_:_:)``.
    func page(_ address: APIPath.Address) async throws -> String {
        var request = request(.GET, address)
        request.headers.replaceOrAdd(name: "accept", value: "text/html")
        let (_, body) = try await answer(to: request, path: address.path, withinSeconds: Self.readTimeout)
        return String(decoding: body, as: UTF8.self)
    }

    /// Reads a list that comes in pages until there are `limit` items.
    ///
    /// - Throws: as ``get(_:_:)``.
    func pages<Item>(
        _ address: APIPath.Address,
        _ query: [(name: String, value: String?)] = [],
        by cursor: ListCursor,
        limit: Int
    ) async throws -> ListAnswer<Item> {
        var items: [Item] = [], seen: String?
        while true {
            let page: ListAnswer<Item> = try await get(
                address,
                query + [("limit", String(min(ListLimit.max, limit - items.count))), (cursor.rawValue, seen)]
            )
            items += page.items
            guard let next = page.next, !page.items.isEmpty, next != seen else {
                return ListAnswer(items: items, total: page.total)
            }
            if items.count >= limit { return ListAnswer(items: items, next: next, total: page.total) }
            seen = next
        }
    }

    /// Sends a value and reads the answer.
    ///
    /// - Throws: as ``get(_:_:)``.
    func post<Answer: Decodable>(_ address: APIPath.Address, _ body: some Encodable) async throws -> Answer {
        try await ask(.POST, address, [], body: JSONEncoder().encode(body))
    }

    /// Sends a value and hands out the lines of the answer as they come, each a value.
    ///
    /// - Throws: as ``get(_:_:)``, also when the answer breaks off; what `each` throws.
    func post<Line: Decodable>(
        _ address: APIPath.Address,
        _ body: some Encodable,
        accepting type: String,
        each: (Line) throws -> Void
    ) async throws {
        var request = request(.POST, address)
        request.headers.replaceOrAdd(name: "accept", value: type)
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
        let response = try await send(request, path: address.path)
        var lines = ByteBuffer(), chunks = response.body.makeAsyncIterator()
        func next() async throws -> ByteBuffer? {
            do { return try await chunks.next() } catch { throw failure(error) }
        }
        func take(_ line: Data) throws {
            let value: Line
            do { value = try JSONDecoder().decode(Line.self, from: line) } catch {
                throw unexpected(error, address, Int(response.status.code))
            }
            try each(value)
        }
        while var chunk = try await next() {
            lines.writeBuffer(&chunk)
            while let end = lines.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(lines.readableBytesView[..<end])
                lines.moveReaderIndex(to: end + 1)
                try take(line)
            }
            lines.discardReadBytes()
            guard lines.readableBytes <= Self.answerLimit else {
                throw CommandsError.unreachable(server, reason: "a line of the answer has no end", origin: serverOrigin)
            }
        }
        if lines.readableBytes > 0 { try take(Data(lines.readableBytesView)) }
    }

    private func unexpected(_ error: any Error, _ address: APIPath.Address, _ status: Int) -> CommandsError {
        .unexpectedAnswer(server, path: address.path, status: status, problem: Self.short(error))
    }

    private func ask<Answer: Decodable>(
        _ method: HTTPMethod,
        _ address: APIPath.Address,
        _ query: [(name: String, value: String?)],
        body: Data?
    ) async throws -> Answer {
        var request = request(method, address, query)
        if let body {
            request.headers.add(name: "content-type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body))
        }
        let limit = method == .GET ? Self.readTimeout : Self.timeout
        let (status, data) = try await answer(to: request, path: address.path, withinSeconds: limit)
        do { return try JSONDecoder().decode(Answer.self, from: data) } catch {
            throw unexpected(error, address, status)
        }
    }

    /// The request for `address`, with the token.
    func request(
        _ method: HTTPMethod,
        _ address: APIPath.Address,
        _ query: [(name: String, value: String?)] = []
    ) -> HTTPClientRequest {
        let fields = query.compactMap { field in field.value.map { "\(field.name)=\(Self.escaped($0))" } }
        let text = fields.isEmpty ? "" : "?" + fields.joined(separator: "&")
        var request = HTTPClientRequest(url: "\(server)\(address.path)\(text)")
        request.method = method
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "user-agent", value: "serin-cli")
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token.text)") }
        return request
    }

    /// Sends `request` and reads the whole answer.
    ///
    /// - Throws: `Problem` for any status that is not 2xx.
    func answer(
        to request: HTTPClientRequest,
        path: String,
        withinSeconds limit: Int? = nil
    ) async throws -> (status: Int, body: Data) {
        let response = try await send(request, path: path, withinSeconds: limit)
        do {
            let body = try await response.body.collect(upTo: Self.answerLimit)
            return (Int(response.status.code), Data(body.readableBytesView))
        } catch { throw failure(error, limit) }
    }

    /// Sends `request`; the body of a good answer is still to be read.
    ///
    /// - Throws: `Problem` for any status that is not 2xx.
    func send(
        _ request: HTTPClientRequest,
        path: String,
        withinSeconds limit: Int? = nil
    ) async throws -> HTTPClientResponse {
        let response: HTTPClientResponse
        do {
            response = try await http.execute(request, timeout: limit.map { .seconds(Int64($0)) } ?? .hours(24))
        } catch { throw failure(error, limit) }
        detail("\(request.method.rawValue) \(path) → \(response.status.code)")
        guard (200..<300).contains(response.status.code) else {
            let status = Int(response.status.code)
            let body = try? await response.body.collect(upTo: 1 << 20)
            if let body, let problem = try? JSONDecoder().decode(Problem.self, from: Data(body.readableBytesView)) {
                throw problem
            }
            throw CommandsError.unexpectedAnswer(
                server,
                path: path,
                status: status,
                problem: (300..<400).contains(status)
                    ? "it is a redirect, which is not followed because the token would travel along"
                    : "it is not a problem document"
            )
        }
        return response
    }

    /// The error that `error` of the connection means.
    func failure(_ error: any Error, _ limitSeconds: Int? = nil) -> any Error {
        if error is CancellationError { return error }
        if let known = error as? HTTPClientError {
            switch known {
            case .cancelled, .requestStreamCancelled: return CancellationError()
            case .readTimeout, .writeTimeout, .deadlineExceeded:
                return CommandsError.noAnswer(server, seconds: limitSeconds ?? Self.timeout)
            case .connectTimeout, .getConnectionFromPoolTimeout, .tlsHandshakeTimeout:
                return CommandsError.unreachable(server, reason: "no connection in 5 s", origin: serverOrigin)
            default: break
            }
        }
        return CommandsError.unreachable(server, reason: Self.reason(error), origin: serverOrigin)
    }

    /// The operating system's words for why there is no connection, found in an error whose type is not ours to know.
    static func reason(_ error: any Error) -> String {
        if let error = error as? IOError { return FileReader.reason(error.errnoCode) }
        if let error = error as? HTTPClientError {
            return error == .remoteConnectionClosed ? "the connection was closed" : error.shortDescription
        }
        let text = String(describing: error)
        for code in [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, ECONNRESET, ETIMEDOUT, EPIPE]
        where text.contains("errno: \(code)") {
            return FileReader.reason(code)
        }
        let lower = text.lowercased()
        if lower.contains("refused") { return FileReader.reason(ECONNREFUSED) }
        if lower.contains("certificate") { return "its certificate was not accepted" }
        if lower.contains("ssl") || lower.contains("tls") { return "no TLS there, or not the right one" }
        if lower.contains("dns") || lower.contains("unknown(host") || lower.contains("name or service") {
            return "the host name is not known"
        }
        if lower.contains("httpparser") || lower.contains("eof") { return "the answer broke off" }
        return "no connection"
    }

    private static func short(_ error: any Error) -> String {
        guard case .some(let decoding) = error as? DecodingError else { return "\(error)" }
        func place(_ context: DecodingError.Context) -> String {
            context.codingPath.map(\.stringValue).joined(separator: ".")
        }
        switch decoding {
        case .keyNotFound(let key, let context):
            return "field \(place(context)).\(key.stringValue) is missing: another version of serin?"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            return "field \(place(context)) has another type"
        case .dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "it is not JSON" : "field \(place(context)): \(context.debugDescription)"
        @unknown default: return "it cannot be read"
        }
    }

    /// `text` for the value of a query field: all but unreserved bytes as `%XX`.
    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return result
    }
}

extension RegistryClient {
    /// The same client with another token.
    func with(token: Token) -> RegistryClient {
        RegistryClient(http: http, server: server, serverOrigin: serverOrigin, token: token, detail: detail)
    }
}

/// The field by which the next page of a list is asked for.
enum ListCursor: String, Sendable {
    /// Of lists by number, the newest first: what comes before it.
    case number = "before"
    /// Of lists by name: what comes after it.
    case name = "after"
}
