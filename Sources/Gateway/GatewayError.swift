public import RegistryTypes
import ReleaseRuntime
import UserDocuments

/// Why a request to a model is not answered.
public enum GatewayError: Error, Equatable, Sendable {
    /// The body is not JSON in UTF-8.
    case notJSON(String)
    /// A value that makes no sense, and the parameter that holds it.
    case invalid(String, param: String?)
    /// Something that OpenAI's API has and serin does not do.
    case unsupported(String, param: String)
    /// The body is larger than is read.
    case tooLarge(limitBytes: Int)
    /// No model, channel, version or release of that name; near names, best first.
    case modelNotFound(String, near: [String])
    /// The key may not run what it names.
    case notAllowed(String)
    /// The prompt leaves no room for an answer, or is longer than its author allows.
    case contextLengthExceeded(String, param: String)
    /// More requests wait than may wait; `isOwn` where those of the same key took the places.
    case overloaded(retryAfterSeconds: Int, isOwn: Bool)
    /// The server is being stopped.
    case draining
    /// The release cannot answer now.
    case unavailable(String)
    /// The release is kept here and cannot be run here, now or later.
    case cannotRun(String)
    /// The request took longer than it may.
    case timedOut(RequestDeadline)
    /// The request waited until its deadline behind those of its own key.
    case waitedBehindOwn(RequestDeadline)
    /// The engine gave up on the request.
    case engineFailed(String)
}

extension GatewayError {
    /// A channel whose release is served elsewhere.
    static func servedElsewhere(_ channel: GatewayChannel, _ release: ReleaseID) -> GatewayError {
        .cannotRun("\(channel.model)@\(channel.name) points to \(release), which is served elsewhere")
    }
}

extension GatewayError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notJSON(let reason): "the body cannot be read as JSON: \(reason)"
        case .invalid(let reason, _), .unsupported(let reason, _), .notAllowed(let reason): reason
        case .tooLarge(let limit): "the body is larger than \(limit) bytes: send a shorter text"
        case .modelNotFound(let reference, let near):
            "the model \"\(ShownText.of(reference))\" does not exist here"
                + (near.isEmpty ? "" : ": did you mean \(near.joined(separator: " or "))?")
        case .contextLengthExceeded(let reason, _): reason
        case .overloaded(let seconds, let isOwn):
            "too many requests \(isOwn ? "of this key " : "")wait for this model: try again in \(seconds) s"
        case .draining: "the server is being stopped: try again in a moment"
        case .unavailable(let reason): "the model cannot answer now: \(reason)"
        case .cannotRun(let reason): "the model cannot be run here: \(reason)"
        case .timedOut(let deadline): deadline.passed
        case .waitedBehindOwn(let deadline):
            "\(deadline.passed); it waited behind others of this key: ask for fewer at once"
        case .engineFailed(let reason): "the model could not answer: \(reason)"
        }
    }
}

/// Values of others in a message: short, and on one line.
enum ShownText {
    /// At most 80 bytes, cut between characters; control characters are left out.
    static func of(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars where scalar.value >= 0x20 && scalar.value != 0x7f {
            guard shown.utf8.count < 80 else { return shown + "…" }
            shown.unicodeScalars.append(scalar)
        }
        return shown
    }

    /// Seconds with at most three digits after the point.
    static func seconds(_ seconds: Double) -> String {
        let rounded = (seconds * 1000).rounded() / 1000
        return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
    }
}

extension GatewayError {
    /// The engine stopped before the end and said nothing: half an answer is never taken for a whole one.
    static let cutOff = GatewayError.engineFailed("it broke off")

    /// What an error of the engine means to the client.
    public init(serving error: any Error, deadline: RequestDeadline, isConversation: Bool = false) {
        switch error {
        case let error as GatewayError: self = error
        case let error as PromptError: self = GatewayError(prompt: error, isConversation: isConversation)
        case let error as ReleaseRuntimeError:
            self = GatewayError(engine: error, deadline, param: isConversation ? "messages" : "variables")
        default: self = .engineFailed("\(error)")
        }
    }

    private init(engine error: ReleaseRuntimeError, _ deadline: RequestDeadline, param: String) {
        switch error {
        case .promptTooLong: self = .contextLengthExceeded("\(error)", param: param)
        case .noMessageFormat, .noMessages, .templateRefuses:
            self = .invalid("\(error)", param: param)
        case .invalidSetting(let name, _, _): self = .invalid("\(error)", param: name)
        case .noTools, .badTools: self = .unsupported("\(error)", param: "tools")
        case .tooLargeForMemory: self = .invalid("\(error)", param: "max_completion_tokens")
        case .queueFull(let seconds, let isOwn): self = .overloaded(retryAfterSeconds: seconds, isOwn: isOwn)
        case .deadlinePassed: self = .timedOut(deadline)
        case .waitedBehindOwn: self = .waitedBehindOwn(deadline)
        case .engineClosed: self = .draining
        case .unknownSpecialToken, .noTemplate, .roleLeftOut, .noThinkingSwitch, .engineFailed:
            self = .engineFailed("\(error)")
        }
    }

    /// A prompt that the values do not fit. To somebody who sends messages a value that is too long is a message that
    /// is too long, and clients that shorten conversations look for that code.
    private init(prompt error: PromptError, isConversation: Bool) {
        switch error {
        case .valueTooLong where isConversation: self = .contextLengthExceeded("\(error)", param: "messages")
        case .valueTooLong(let name, _, _, _), .missingVariable(let name, _), .unknownVariable(let name, _, _):
            self = .invalid("\(error)", param: isConversation ? "messages" : "variables.\(ShownText.of(name))")
        case .systemRefused(let index, _), .systemAfterTurns(let index, _):
            self = .unsupported("\(error)", param: "messages[\(index)]")
        case .messagesNeedVariable, .noPlaceForMessages, .noUserMessage: self = .invalid("\(error)", param: "messages")
        case .unclosedPlace, .badPlace: self = .engineFailed("\(error)")
        }
    }

    /// Why there is no answer, for the record: without words of the caller, as those are kept only where texts are.
    public var reason: String {
        switch self {
        case .notJSON, .invalid, .unsupported, .tooLarge, .modelNotFound, .notAllowed:
            let answer = ErrorAnswer(self), place = answer.param.flatMap(RequestFields.knownPlace)
            return (answer.code ?? "rejected") + (place.map { " at \($0)" } ?? "")
        case .contextLengthExceeded, .overloaded, .draining, .unavailable, .cannotRun, .timedOut, .waitedBehindOwn,
            .engineFailed:
            return String("\(self)".prefix(300))
        }
    }

    /// What the request became, for its record.
    public var outcome: RequestOutcome {
        switch self {
        case .notJSON, .invalid, .unsupported, .tooLarge, .modelNotFound, .notAllowed, .contextLengthExceeded: .rejected
        case .overloaded(_, let isOwn): isOwn ? .ownLoad : .overloaded
        case .draining: .overloaded
        case .timedOut(let deadline): deadline.isShortened ? .clientDeadline : .timedOut
        case .waitedBehindOwn: .ownLoad
        case .unavailable, .cannotRun, .engineFailed: .engineFailed
        }
    }
}

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

    /// A text of a caller as messages show it: short, and on one line.
    public static func shown(_ text: String) -> String { ShownText.of(text) }

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
        case .notAllowed:
            self.init(
                status: 403,
                message: message,
                type: "permission_error",
                param: "model",
                code: "insufficient_permissions"
            )
        case .contextLengthExceeded(_, let param):
            self.init(status: 400, message: message, param: param, code: "context_length_exceeded")
        case .overloaded(let seconds, _):
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
        case .cannotRun: self.init(status: 503, message: message, type: "server_error", code: "no_engine")
        // Whoever had no time left will not have more, and what broke the engine breaks it again.
        case .timedOut, .waitedBehindOwn:
            self.init(status: 504, message: message, type: "timeout_error", code: "timeout")
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
