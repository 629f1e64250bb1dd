/// An error as OpenAI's clients understand it: their class follows from the status, what they do next from the headers.
public struct ErrorAnswer: Equatable, Sendable {
    /// The HTTP status.
    public let status: Int
    /// What happened, for a person.
    public let message: String
    /// OpenAI's class of errors.
    public let type: String
    /// The parameter that is wrong; nil when none is.
    public let param: String?
    /// What programs compare; nil when there is nothing to compare.
    public let code: String?
    /// Whether the same request may succeed later. Clients retry by themselves unless this says not to.
    public let shouldRetry: Bool
    /// Milliseconds after which it may; nil when that is not known.
    public let retryAfterMilliseconds: Int?

    /// Makes the value from its fields.
    public init(
        status: Int,
        message: String,
        type: String = "invalid_request_error",
        param: String? = nil,
        code: String? = nil,
        shouldRetry: Bool = false,
        retryAfterMilliseconds: Int? = nil
    ) {
        self.status = status
        self.message = message
        self.type = type
        self.param = param
        self.code = code
        self.shouldRetry = shouldRetry
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    /// What a gateway's error means to a client.
    public init(_ error: GatewayError) {
        let message = "\(error)"
        switch error {
        case .notJSON: self.init(status: 400, message: message, code: "invalid_json")
        case .invalid(_, let param): self.init(status: 400, message: message, param: param, code: "invalid_value")
        case .unsupported(_, let param):
            self.init(status: 400, message: message, param: param, code: "unsupported_parameter")
        case .tooLarge: self.init(status: 413, message: message, code: "request_too_large")
        case .modelNotFound: self.init(status: 404, message: message, param: "model", code: "model_not_found")
        case .contextLengthExceeded(_, let param):
            self.init(status: 400, message: message, param: param, code: "context_length_exceeded")
        case .overloaded(let seconds):
            self.init(
                status: 429,
                message: message,
                type: "overloaded_error",
                code: "overloaded",
                shouldRetry: true,
                retryAfterMilliseconds: max(1, seconds) * 1000
            )
        case .draining:
            self.init(
                status: 503,
                message: message,
                type: "overloaded_error",
                code: "overloaded",
                shouldRetry: true,
                retryAfterMilliseconds: 2000
            )
        case .unavailable:
            self.init(
                status: 503,
                message: message,
                type: "server_error",
                code: "model_unavailable",
                shouldRetry: true,
                retryAfterMilliseconds: 5000
            )
        // Whoever had no time left will not have more, and what broke the engine breaks it again.
        case .timedOut: self.init(status: 504, message: message, type: "timeout_error", code: "timeout")
        case .engineFailed: self.init(status: 500, message: message, type: "server_error", code: "engine_failed")
        }
    }

    /// `{"error": {…}}`.
    public var json: [UInt8] {
        var json = JSONWriter()
        json.raw(#"{"error":{"message":"#)
        json.string(message)
        json.raw(#","type":"#)
        json.string(type)
        json.raw(#","param":"#)
        json.string(orNull: param)
        json.raw(#","code":"#)
        json.string(orNull: code)
        json.raw("}}")
        return json.bytes
    }
}
