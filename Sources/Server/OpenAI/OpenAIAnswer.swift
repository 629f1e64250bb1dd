import Gateway
import HTTPTypes
import Hummingbird
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
    static func response(_ error: ErrorAnswer) -> Response {
        var headers = HTTPFields()
        func set(_ name: String, _ value: String) {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        set("x-should-retry", error.shouldRetry ? "true" : "false")
        if let milliseconds = error.retryAfterMilliseconds {
            set("retry-after-ms", String(milliseconds))
            set("retry-after", String((milliseconds + 999) / 1000))
        }
        if error.status == 401 { headers[.wwwAuthenticate] = "Bearer" }
        return json(error.json, status: HTTPResponse.Status(code: error.status), headers: headers)
    }
}
