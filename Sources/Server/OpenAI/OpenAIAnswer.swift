import Gateway
import HTTPTypes
import Hummingbird
import StrictJSON
import WireFormat

/// Answers in OpenAI's shape.
enum OpenAIAnswer {
    /// A JSON body.
    static func json(_ bytes: [UInt8], status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// An answer of the gateway.
    static func response(_ answer: GatewayAnswer) -> Response {
        var headers = HTTPFields()
        for (name, value) in answer.head.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        switch answer {
        case .whole(_, let body): return json(body, headers: headers)
        case .stream(_, let stream):
            headers[.contentType] = "text/event-stream; charset=utf-8"
            // Proxies that collect what passes through would hold the answer back.
            if let name = HTTPField.Name("x-accel-buffering") { headers[name] = "no" }
            return Response(
                status: .ok,
                headers: headers,
                body: ResponseBody { writer in
                    // The writer is this closure's own; only the copy that is moved in may be used by the other one.
                    var body = writer
                    try await stream.write { try await body.write(ByteBuffer(bytes: $0)) }
                    try await writer.finish(nil)
                }
            )
        }
    }

    /// An error.
    ///
    /// - Parameter allowed: The method that the address takes, where it takes one.
    static func response(_ error: ErrorAnswer, allowed: String? = nil) -> Response {
        var headers = HTTPFields()
        func set(_ name: String, _ value: String) {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        set("x-should-retry", error.shouldRetry ? "true" : "false")
        if let milliseconds = error.retryAfterMilliseconds {
            set("retry-after-ms", String(milliseconds))
            set("retry-after", String((milliseconds + 999) / 1000))
        }
        if error.status == 405, let allowed { headers[.allow] = allowed }
        if error.status == 401 { headers[.wwwAuthenticate] = "Bearer" }
        return json(error.json, status: HTTPResponse.Status(code: error.status), headers: headers)
    }
}

extension ErrorAnswer {
    /// What an error means to one of OpenAI's clients; nil for a fault of ours, whose details stay in the log.
    init?(_ error: any Error, path: String, method: String) {
        if let error = error as? GatewayError {
            self.init(error)
        } else if let error = error as? JSONTextError {
            self.init(GatewayError.notJSON("\(error)"))
        } else if let error = error as? UnknownMember {
            self.init(GatewayError.unsupported("\(error)", param: ErrorAnswer.shown(error.name)))
        } else if let error = error as? DecodingError {
            self.init(GatewayError.invalid(Problem.place(error), param: nil))
        } else if let problem = Problem(error) {
            self.init(problem, path: path, method: method)
        } else {
            return nil
        }
    }

    /// A fault of ours.
    static let fault = ErrorAnswer(
        status: 500,
        message: "a fault of serin: the server's log names it by the request",
        type: "server_error",
        code: "internal_error"
    )

    /// A problem that was found before the gateway was asked.
    private init(_ problem: Problem, path: String, method: String) {
        switch problem.status {
        case 401:
            self.init(
                status: 401,
                message: "no key was sent, or it is not known or was revoked: send Authorization: Bearer KEY",
                code: "invalid_api_key"
            )
        case 403:
            self.init(
                status: 403,
                message: ErrorAnswer.sentence(problem),
                type: "permission_error",
                code: "insufficient_permissions"
            )
        case 404:
            guard let allowed = OpenAIAddress.method(of: path), allowed != method else {
                let isFeedback = path == OpenAIAddress.feedback && method == "POST"
                self.init(
                    status: 404,
                    message: isFeedback
                        ? ErrorAnswer.sentence(problem) : "there is nothing at \(method) of this address",
                    param: isFeedback ? "request" : nil,
                    code: isFeedback ? "request_not_found" : "unknown_url"
                )
                return
            }
            self.init(
                status: 405,
                message: "this address takes \(allowed), not \(method)",
                code: "method_not_allowed"
            )
        case 500...:
            self.init(
                status: problem.status,
                message: ErrorAnswer.sentence(problem),
                type: "server_error",
                code: "internal_error",
                shouldRetry: problem.status == 503
            )
        default:
            self.init(status: problem.status, message: ErrorAnswer.sentence(problem), code: "invalid_request")
        }
    }

    private static func sentence(_ problem: Problem) -> String {
        problem.title + (problem.detail.map { ": \($0)" } ?? "")
    }
}
