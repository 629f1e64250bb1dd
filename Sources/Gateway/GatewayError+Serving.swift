import RegistryTypes
import ReleaseRuntime
import UserDocuments

extension GatewayError {
    /// The engine stopped before the end and said nothing: half an answer is never taken for a whole one.
    static let cutOff = GatewayError.engineFailed("it broke off")

    /// What an error of the engine means to the client.
    init(serving error: any Error, deadline: Double, isConversation: Bool = false) {
        switch error {
        case let error as GatewayError: self = error
        case let error as PromptError: self = GatewayError(prompt: error, isConversation: isConversation)
        case let error as ReleaseRuntimeError:
            self = GatewayError(engine: error, deadline, param: isConversation ? "messages" : "variables")
        default: self = .engineFailed("\(error)")
        }
    }

    private init(engine error: ReleaseRuntimeError, _ deadline: Double, param: String) {
        switch error {
        case .promptTooLong: self = .contextLengthExceeded("\(error)", param: param)
        case .noMessageFormat, .noMessages, .messagesNeedVariable: self = .invalid("\(error)", param: param)
        case .invalidSetting(let name, _, _): self = .invalid("\(error)", param: name)
        case .tooLargeForMemory: self = .invalid("\(error)", param: "max_completion_tokens")
        case .queueFull(let seconds): self = .overloaded(retryAfterSeconds: seconds)
        case .deadlinePassed: self = .timedOut(seconds: deadline)
        case .engineClosed: self = .draining
        case .unknownMark, .engineFailed: self = .engineFailed("\(error)")
        }
    }

    /// A prompt that the values do not fit. To somebody who sends messages a value that is too long is a message that
    /// is too long, and clients that shorten conversations look for that code.
    private init(prompt error: PromptError, isConversation: Bool) {
        switch error {
        case .valueTooLong where isConversation: self = .contextLengthExceeded("\(error)", param: "messages")
        case .valueTooLong(let name, _, _, _), .missingVariable(let name, _), .unknownVariable(let name, _, _):
            self = .invalid("\(error)", param: isConversation ? "messages" : "variables.\(ShownText.of(name))")
        case .unclosedPlace, .badPlace: self = .engineFailed("\(error)")
        }
    }

    /// What the request became, for its record.
    var outcome: RequestOutcome {
        switch self {
        case .notJSON, .invalid, .unsupported, .tooLarge, .modelNotFound, .contextLengthExceeded: .rejected
        case .overloaded, .draining: .overloaded
        case .timedOut: .timedOut
        case .unavailable, .engineFailed: .engineFailed
        }
    }
}
