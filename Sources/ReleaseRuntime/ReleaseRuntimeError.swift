public import RegistryTypes

/// Why a release cannot answer a request.
public enum ReleaseRuntimeError: Error, Equatable, Sendable {
    /// The prompt's format needs a special token that the tokenizer does not have.
    case unknownSpecialToken(String, prompt: Name)
    /// The prompt's format is the model file's own template, which cannot be used, for the reason given.
    case noTemplate(prompt: Name, String)
    /// The template does not take the conversation, for the reason given.
    case templateRefuses(prompt: Name, String)
    /// The model file's template leaves out what a role of the prompt says.
    case roleLeftOut(String, prompt: Name)
    /// The prompt wants thinking on or off, and the model file's template has no switch for it.
    case noThinkingSwitch(wantsOn: Bool, prompt: Name)
    /// Tools, or messages about them, were sent to a release whose prompt has no place for them.
    case noTools(prompt: Name)
    /// The tools are no JSON that a template can be given.
    case badTools
    /// The rendered prompt leaves no room for an answer. For texts that are far too long, `tokens` is a lower bound.
    case promptTooLong(tokens: Int, contextLength: Int)
    /// Messages were sent to a release whose prompt has no format for them.
    case noMessageFormat(prompt: Name)
    /// Messages were sent without any.
    case noMessages
    /// A setting of a request is out of range.
    case invalidSetting(name: String, value: String, allowed: String)
    /// A request needs more memory for its tokens than the engine may use at all.
    case tooLargeForMemory(neededBytes: Int, allowedBytes: Int)
    /// As many requests wait as may; `isOwn` where the caller's own took the places.
    case queueFull(retryAfterSeconds: Int, isOwn: Bool)
    /// The answer was not complete at the request's deadline.
    case deadlinePassed
    /// The request waited until its deadline, behind its own caller's.
    case waitedBehindOwn
    /// The engine failed on this request, for the reason given.
    case engineFailed(String)
    /// The engine was closed before the answer was complete.
    case engineClosed
}

extension ReleaseRuntimeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownSpecialToken(let token, let prompt):
            "prompt \(prompt) uses the special token \(token), which this model's tokenizer does not know: choose another format for the prompt"
        case .noTemplate(let prompt, let reason):
            "prompt \(prompt) has format model, and \(reason): write a format that this model knows instead, chatml, llama-3, gemma or raw"
        case .templateRefuses(let prompt, let reason):
            "the template of prompt \(prompt) does not take these messages: \(reason)"
        case .roleLeftOut(let role, let prompt):
            "prompt \(prompt) has format model and a message of role \(role), which the model file's template leaves out: say it in another role, or choose another format"
        case .noThinkingSwitch(let wantsOn, let prompt):
            "prompt \(prompt) says thinking: \(wantsOn ? "on" : "off"), and the model file's template cannot turn it \(wantsOn ? "on" : "off"): leave thinking out"
        case .noTools(let prompt):
            "prompt \(prompt) has no place for tools: leave tools and messages about them out"
        case .badTools:
            "the tools are no array of JSON objects, or nested too deep: send them as OpenAI's interface has them"
        case .promptTooLong(let tokens, let contextLength):
            "the prompt has at least \(tokens) tokens and the model takes \(contextLength) for prompt and answer together: send a shorter text"
        case .noMessageFormat(let prompt):
            "prompt \(prompt) has format raw, which knows no messages: send variables instead"
        case .noMessages:
            "the list of messages is empty: send at least one"
        case .invalidSetting(let name, let value, let allowed):
            "\(name) is \(value): it must be \(allowed)"
        case .tooLargeForMemory(let needed, let allowed):
            "the request needs \(needed) bytes for its tokens and the engine may use \(allowed): ask for fewer tokens or choices"
        case .queueFull(let seconds, let isOwn):
            "as many requests \(isOwn ? "of one caller " : "")wait as may: try again in \(seconds) s"
        case .deadlinePassed:
            "the answer was not complete at its deadline: allow more time or ask for fewer tokens"
        case .waitedBehindOwn:
            "the request waited behind others of its caller until its deadline: ask for fewer at once"
        case .engineFailed(let reason):
            "the engine failed on this request: \(reason)"
        case .engineClosed:
            "the engine was closed before the answer was complete: send the request again"
        }
    }
}

extension ReleaseRuntimeError {
    /// Whether the request is at fault, rather than the release or the moment.
    public var isOfRequest: Bool {
        switch self {
        case .promptTooLong, .noMessageFormat, .noMessages, .invalidSetting, .tooLargeForMemory,
            .templateRefuses, .noTools, .badTools:
            true
        case .unknownSpecialToken, .noTemplate, .roleLeftOut, .noThinkingSwitch, .queueFull, .deadlinePassed,
            .waitedBehindOwn,
            .engineFailed, .engineClosed:
            false
        }
    }

    /// Whether the engine had no time for the request: others waited, or its deadline passed.
    public var isOfTime: Bool {
        switch self {
        case .queueFull, .deadlinePassed, .waitedBehindOwn: true
        case .promptTooLong, .noMessageFormat, .noMessages, .invalidSetting, .tooLargeForMemory, .templateRefuses,
            .noTools, .badTools, .unknownSpecialToken, .noTemplate, .roleLeftOut, .noThinkingSwitch, .engineFailed,
            .engineClosed:
            false
        }
    }

    /// Whether `error` says that a release fails, rather than that a request is wrong or came at a bad time.
    public static func isEngineFailure(_ error: any Error) -> Bool {
        if case .engineFailed = error as? ReleaseRuntimeError { return true }
        return false
    }
}
