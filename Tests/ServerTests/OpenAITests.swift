import ControlPlane
import Foundation
import Gateway
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import RegistryTypes
import Testing

@testable import Server

/// `/v1` as OpenAI's clients see it, errors above all.
struct OpenAITests {
    /// The object under `error`, which must have all four members.
    private static func error(_ answer: TestResponse) throws -> [String: String?] {
        #expect(answer.headers[.contentType] == "application/json")
        let json = try JSONSerialization.jsonObject(with: Data(String(buffer: answer.body).utf8))
        let error = try #require((json as? [String: [String: Any]])?["error"])
        #expect(Set(error.keys) == ["message", "type", "param", "code"])
        #expect((error["message"] as? String)?.isEmpty == false)
        return error.mapValues { $0 as? String }
    }

    private static let chat = #"{"model": "ticket-bot", "messages": [{"role": "user", "content": "x"}]}"#

    @Test(
        arguments: [
            (.post, "/v1/chat/completions", nil, chat, 401, "invalid_api_key"),
            (.get, "/v1/models", nil, nil, 401, "invalid_api_key"),
            (.post, "/v1/chat/completions", .caller, "{", 400, "invalid_json"),
            (.post, "/v1/chat/completions", .caller, "{}", 400, "invalid_value"),
            (.get, "/v1/chat/completions", .caller, nil, 405, "method_not_allowed"),
            (.delete, "/v1/models", .caller, nil, 405, "method_not_allowed"),
            (.post, "/v1/models/x", .caller, "{}", 405, "method_not_allowed"),
            (.get, "/v1/models/no-such-model", .caller, nil, 404, "model_not_found"),
            (.get, "/v1/models/a.json", .caller, nil, 404, "model_not_found"),
            (.post, "/v1/no/such/route", .caller, "{}", 404, "unknown_url"),
            (.post, "/v1/", nil, "{}", 404, "unknown_url"),
            (.post, "/v1/feedback", .caller, "{}", 400, "invalid_value"),
            (.post, "/v1/feedback", .caller, "{", 400, "invalid_json"),
            (.post, "/v1/feedback", .caller, #"{"correct": true, "coment": "x"}"#, 400, "unsupported_parameter"),
            (.post, "/v1/feedback", .caller, #"{"correct": 5}"#, 400, "invalid_value"),
            (
                .post, "/v1/feedback", .reader, #"{"request": "01KAJ5W1T8Z3V0Q9M7R2X4B6CD", "correct": true}"#, 404,
                "request_not_found"
            ),
            (
                .post, "/v1/feedback", .reader, #"{"request": "chatcmpl-01KAJ5W1T8Z3V0Q9M7R2X4B6CD", "correct": true}"#,
                404,
                "request_not_found"
            ),
        ] as [(HTTPRequest.Method, String, Role?, String?, Int, String)]
    )
    func errorsHaveOneShape(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ role: Role?,
        _ body: String?,
        _ status: Int,
        _ code: String
    ) async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let answer = try await browser.ask(
                method,
                path,
                role: role,
                ["Content-Type": "application/json"],
                body: body
            )
            #expect(answer.status.code == status)
            #expect(try Self.error(answer)["code"] == code)
            #expect(answer.headers[try #require(HTTPField.Name("x-should-retry"))] == "false")
            let name = try #require(HTTPField.Name("x-request-id"))
            let id = try #require(answer.headers[name])
            #expect(throws: Never.self) { _ = try RegistryTypes.RequestID(id) }
            #expect((answer.headers[.wwwAuthenticate] == "Bearer") == (status == 401))
            #expect((answer.headers[.allow] != nil) == (status == 405))
        }
    }

    @Test func aBodyThatIsTooLargeIsNotRead() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let body = String(repeating: " ", count: Gateway.limitBytes + 1)
            let answer = try await browser.ask(.post, "/v1/chat/completions", role: .caller, body: body)
            #expect(answer.status == .contentTooLarge)
            #expect(try Self.error(answer)["code"] == "request_too_large")
        }
    }

    @Test func noModelsAreAListToo() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            let answer = try await browser.ask(.get, "/v1/models", role: .caller)
            #expect(String(buffer: answer.body) == #"{"object":"list","data":[]}"#)
        }
    }

    @Test func aServerThatLoadsIsAliveAndNotReady() async throws {
        let test = try await TestSite()
        try await test.run { browser in
            #expect(try await browser.ask(.get, "/livez").status == .ok)
            let answer = try await browser.ask(.get, "/readyz")
            #expect(answer.status == .serviceUnavailable)
            #expect(String(buffer: answer.body) == "starting\n")
            test.plane.gateway.update(.none)
            #expect(try await browser.ask(.get, "/readyz").status == .ok)
            test.plane.gateway.drain()
            #expect(String(buffer: try await browser.ask(.get, "/readyz").body) == "draining\n")
            let refused = try await browser.ask(.post, "/v1/chat/completions", role: .caller, body: Self.chat)
            #expect(refused.status == .serviceUnavailable)
            #expect(refused.headers[try #require(HTTPField.Name("retry-after"))] == "2")
            #expect(refused.headers[try #require(HTTPField.Name("x-should-retry"))] == "true")
        }
    }

    /// A client that leaves ends the work that is done for it.
    @Test func workEndsWithItsClient() async throws {
        let disconnects = Disconnects()
        let channel = TestedChannel()
        let started = AsyncStream<Void>.makeStream()
        let work = Task {
            try await disconnects.watching(channel.identifier) {
                started.continuation.yield()
                for await _ in AsyncStream<Void>.makeStream().stream {}
                try Task.checkCancellation()
            }
        }
        for await _ in started.stream { break }
        disconnects.left(ObjectIdentifier(disconnects))
        disconnects.left(channel.identifier)
        await #expect(throws: CancellationError.self) { try await work.value }
        // Who comes back is not cancelled by what was before.
        disconnects.left(channel.identifier)
        #expect(try await disconnects.watching(channel.identifier) { 7 } == 7)
    }

    /// Something with an identity.
    private final class TestedChannel: Sendable {
        var identifier: ObjectIdentifier { ObjectIdentifier(self) }
    }
}
