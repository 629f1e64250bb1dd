public import RegistryTypes
import ReleaseRuntime
public import UserDocuments

/// An answer on its way out.
public enum GatewayAnswer: Sendable {
    /// All of it: a JSON body.
    case whole(AnswerHead, body: [UInt8])
    /// Server-sent events, as they are generated.
    case stream(AnswerHead, AnswerStream)

    /// What is said before the body.
    public var head: AnswerHead {
        switch self {
        case .whole(let head, _), .stream(let head, _): head
        }
    }
}

/// What an answer says of where it comes from: the same in every part of it.
public struct AnswerHead: Hashable, Sendable {
    /// The number of the request.
    public let id: RequestID
    /// When it came.
    public let created: Timestamp
    /// The release that answers.
    public let release: ReleaseID
    /// Its version.
    public let version: VersionID
    /// Its prompt version.
    public let prompt: VersionID
    /// The channel that led there; nil when a release or a version was named.
    public let channel: Name?
    /// Why that release answers.
    public let arm: TrafficArm
    /// What was done with system messages that came with the request; nil when none did.
    public let clientSystem: ClientSystem?
    /// Members of the request that the release has no place for, and that were left out.
    public let leftOut: [String]

    init(
        _ id: RequestID,
        created: Timestamp,
        _ route: GatewayRoute,
        clientSystem: ClientSystem? = nil,
        leftOut: [String] = []
    ) {
        self.clientSystem = clientSystem
        self.leftOut = leftOut
        self.id = id
        self.created = created
        release = route.release
        version = route.version
        prompt = route.prompt
        channel = route.channel
        arm = route.arm
    }

    /// The headers that name the release, in lower case.
    public var headers: [(name: String, value: String)] {
        [
            ("x-serin-release", release.description), ("x-serin-version", version.description),
            ("x-serin-prompt", prompt.description), ("x-serin-arm", arm.rawValue),
        ] + (clientSystem.map { [("x-serin-client-system", $0.rawValue)] } ?? [])
            + (leftOut.isEmpty ? [] : [("x-serin-left-out", leftOut.joined(separator: ", "))])
    }

    /// What computes, for `system_fingerprint`: with the same seed and the same numerics come the same tokens.
    static let fingerprint = "serin-numerics-\(EngineIdentity.numerics)"

    /// The members that every object of an answer begins with, the brace before them included.
    func opening(object: StaticString) -> [UInt8] {
        var json = JSONWriter()
        json.raw(#"{"id":"#)
        json.string("\(RequestID.answerPrefix)\(id)")
        json.raw(#","object":""#)
        json.raw(object)
        json.raw(#"","created":"#)
        json.number(created.milliseconds / 1000)
        json.raw(#","model":"#)
        json.string(release.description)
        json.raw(#","system_fingerprint":"#)
        json.string(Self.fingerprint)
        return json.bytes
    }

    /// The member `serin`, with the comma before it: what OpenAI's API has no place for.
    func member(isOutputValid: Bool?) -> [UInt8] {
        var json = JSONWriter()
        json.raw(#","serin":{"request":"#)
        json.string(id.text)
        json.raw(#","release":"#)
        json.string(release.description)
        json.raw(#","version":"#)
        json.string(version.description)
        json.raw(#","prompt":"#)
        json.string(prompt.description)
        json.raw(#","channel":"#)
        json.string(orNull: channel?.text)
        json.raw(#","arm":"#)
        json.string(arm.rawValue)
        if let clientSystem {
            json.raw(#","client_system":"#)
            json.string(clientSystem.rawValue)
        }
        for (index, member) in leftOut.enumerated() {
            json.raw(index == 0 ? #","left_out":["# : ",")
            json.string(member)
            if index == leftOut.count - 1 { json.raw("]") }
        }
        if let isOutputValid {
            json.raw(#","output_valid":"#)
            json.bool(isOutputValid)
        }
        json.raw("}")
        return json.bytes
    }
}

/// The body of an answer that is not streamed.
struct WholeAnswer {
    /// One answer to the request.
    struct Choice {
        let answer: Answer
        let tokens: [AnswerToken]
    }

    let head: AnswerHead
    let choices: [Choice]
    let usage: TokenCounts
    let wantsLogProbabilities: Bool
    let isOutputValid: Bool?

    /// OpenAI's `chat.completion`.
    var json: [UInt8] {
        var json = JSONWriter(capacity: 512 + choices.reduce(0) { $0 + $1.answer.text.utf8.count })
        json.raw(head.opening(object: "chat.completion"))
        json.raw(#","choices":["#)
        for (index, choice) in choices.enumerated() {
            if index > 0 { json.raw(",") }
            json.raw(#"{"index":"#)
            json.number(index)
            json.raw(#","message":{"role":"assistant","content":"#)
            let answer = choice.answer
            // As OpenAI has it: no content where there are calls instead.
            json.string(orNull: answer.text.isEmpty && !answer.calls.isEmpty ? nil : answer.text)
            if let thinking = answer.thinking {
                json.raw(#","reasoning_content":"#)
                json.string(thinking)
            }
            if !answer.calls.isEmpty { json.toolCalls(answer.calls, areNumbered: false) }
            json.raw(#","refusal":null},"logprobs":"#)
            if wantsLogProbabilities { json.logProbabilities(of: choice.tokens) } else { json.raw("null") }
            json.raw(#","finish_reason":"#)
            json.string(answer.finishReason)
            json.raw("}")
        }
        json.raw(#"],"usage":"#)
        json.raw(usage.json)
        json.raw(head.member(isOutputValid: isOutputValid))
        json.raw("}")
        return json.bytes
    }
}

/// The tokens that a request took.
struct TokenCounts: Hashable, Sendable {
    /// Of the rendered prompt.
    let prompt: Int
    /// Generated, over all choices.
    let output: Int

    /// OpenAI's `usage`.
    var json: [UInt8] {
        var json = JSONWriter()
        json.raw(#"{"prompt_tokens":"#)
        json.number(prompt)
        json.raw(#","completion_tokens":"#)
        json.number(output)
        json.raw(#","total_tokens":"#)
        json.number(prompt + output)
        json.raw("}")
        return json.bytes
    }
}
