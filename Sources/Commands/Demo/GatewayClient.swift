import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import RegistryTypes
import WireFormat
import Wording

/// Asks models as an application does, through the OpenAI-shaped interface, and says afterwards how good answers were.
struct GatewayClient: Sendable {
    let registry: RegistryClient

    /// Seconds after which a question counts as not answered.
    static let timeout = 30
    private static let answerLimit = 1 << 20

    /// An answer and who gave it.
    struct Completion: Hashable, Sendable {
        let text: String
        /// The number of the request, as the server gave it.
        let request: String
        /// Such as `ticket-bot@r2`.
        let release: String
        let arm: String
    }

    /// Sends the values of a prompt's variables.
    ///
    /// - Parameter model: A reference such as `ticket-bot` or `ticket-bot@staging`.
    /// - Throws: `Problem` for any status that is not 2xx, ``CommandsError`` without an answer.
    func complete(model: String, variables: [String: String], user: String) async throws -> Completion {
        let path = "/v1/chat/completions"
        let (headers, data) = try await post(path, Question(model: model, variables: variables, user: user))
        guard let body = try? JSONDecoder().decode(Body.self, from: data), let choice = body.choices.first else {
            throw unexpected(path, "it holds no choices[0].message.content")
        }
        guard let request = headers.first(name: "x-request-id"), let release = headers.first(name: "x-serin-release")
        else { throw unexpected(path, "it does not name its request and its release") }
        return Completion(
            text: choice.message.content ?? "",
            request: request,
            release: release,
            arm: headers.first(name: "x-serin-arm") ?? TrafficArm.live.rawValue
        )
    }

    /// Says whether an answer was right.
    ///
    /// - Parameter correction: What it should have been, when it was not.
    /// - Throws: as ``complete(model:variables:user:)``, `RegistryTypesError` when `request` is no number of a request.
    func label(_ request: String, isCorrect: Bool, correction: String?) async throws {
        let label = LabelRequest(request: try RequestID(request), correct: isCorrect, correction: correction)
        _ = try await post("/v1/feedback", label)
    }

    private func post(_ path: String, _ body: some Encodable) async throws -> (headers: HTTPHeaders, body: Data) {
        var request = HTTPClientRequest(url: "\(registry.server)\(path)")
        request.method = .POST
        request.headers.add(name: "accept", value: "application/json")
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "user-agent", value: "serin-cli")
        if let token = registry.token { request.headers.add(name: "authorization", value: "Bearer \(token.text)") }
        request.body = .bytes(ByteBuffer(bytes: try JSONEncoder().encode(body)))
        let response: HTTPClientResponse
        let data: Data
        do {
            response = try await registry.http.execute(request, timeout: .seconds(Int64(Self.timeout)))
            data = Data(try await response.body.collect(upTo: Self.answerLimit).readableBytesView)
        } catch { throw registry.failure(error, Self.timeout) }
        registry.detail("POST \(path) → \(response.status.code)")
        guard (200..<300).contains(response.status.code) else {
            throw problem(path, status: Int(response.status.code), data)
        }
        return (response.headers, data)
    }

    /// What the server's refusal means: in its own shape, in OpenAI's, or in none that is known.
    private func problem(_ path: String, status: Int, _ data: Data) -> any Error {
        if let problem = try? JSONDecoder().decode(Problem.self, from: data) { return problem }
        guard let refusal = try? JSONDecoder().decode(Refusal.self, from: data) else {
            return unexpected(path, "it is no error of this interface: another version of serin?", status: status)
        }
        let (exit, next): (Exit, NextStep?) =
            switch status {
            case 401: (.notAllowed, nil)
            case 403: (.notAllowed, .whoAmI)
            case 404: (.notFound, .modelList)
            case 408, 504: (.timedOut, nil)
            case 400..<500: (.badData, nil)
            default: (.error, nil)
            }
        return Problem(status: status, title: refusal.error.message, next: next?.text, exit: exit.rawValue)
    }

    private func unexpected(_ path: String, _ problem: String, status: Int = 200) -> CommandsError {
        .unexpectedAnswer(registry.server, path: path, status: status, problem: problem)
    }

    private struct Question: Encodable {
        let model: String
        let variables: [String: String]
        let user: String
    }

    private struct Body: Decodable {
        struct Choice: Decodable { let message: Message }
        struct Message: Decodable { let content: String? }
        let choices: [Choice]
    }

    private struct Refusal: Decodable {
        struct Error: Decodable { let message: String }
        let error: Error
    }
}
