import ReleaseRuntime

/// The events of a streamed answer as bytes. What all of them share is written once.
struct ChunkWriter {
    private let head: AnswerHead
    private let opening: [UInt8]
    private let wantsUsage: Bool
    private let wantsLogProbabilities: Bool

    init(_ head: AnswerHead, wantsUsage: Bool, wantsLogProbabilities: Bool) {
        self.head = head
        self.wantsUsage = wantsUsage
        self.wantsLogProbabilities = wantsLogProbabilities
        opening = Array("data: ".utf8) + head.opening(object: "chat.completion.chunk")
    }

    /// The end of a stream that was not cut off.
    static let done = Array("data: [DONE]\n\n".utf8)

    /// The first event of a choice: who speaks.
    func role(_ choice: Int) -> [UInt8] {
        chunk(choice) { json in
            json.raw(#"{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]"#)
            if choice == 0 { json.raw(head.member(isOutputValid: nil)) }
        }
    }

    /// What a token adds to the text; nil when that is nothing and nobody wants to know of the token itself.
    func token(_ choice: Int, _ token: AnswerToken) -> [UInt8]? {
        guard !token.text.isEmpty || (wantsLogProbabilities && !token.isEnd) else { return nil }
        return chunk(choice) { json in
            json.raw(#"{"content":"#)
            json.string(token.text)
            json.raw(#"},"logprobs":"#)
            if wantsLogProbabilities {
                json.logProbabilities(of: CollectionOfOne(token))
            } else {
                json.raw("null")
            }
            json.raw(#","finish_reason":null}]"#)
        }
    }

    /// The last event of a choice: why it ended.
    func finish(_ choice: Int, _ reason: String, isOutputValid: Bool?) -> [UInt8] {
        chunk(choice) { json in
            json.raw(#"{},"logprobs":null,"finish_reason":"#)
            json.string(reason)
            json.raw("}]")
            json.raw(head.member(isOutputValid: isOutputValid))
        }
    }

    /// The count of tokens: an event of its own, without choices.
    func usage(_ counts: TokenCounts) -> [UInt8] {
        var json = JSONWriter(capacity: opening.count + 128)
        json.raw(opening)
        json.raw(#","choices":[],"usage":"#)
        json.raw(counts.json)
        json.raw("}\n\n")
        return json.bytes
    }

    /// What went wrong after the answer had begun.
    static func failure(_ error: ErrorAnswer) -> [UInt8] { Array("data: ".utf8) + error.json + Array("\n\n".utf8) }

    private func chunk(_ choice: Int, _ rest: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter(capacity: opening.count + 256)
        json.raw(opening)
        json.raw(#","choices":[{"index":"#)
        json.number(choice)
        json.raw(#","delta":"#)
        rest(&json)
        if wantsUsage { json.raw(#","usage":null"#) }
        json.raw("}\n\n")
        return json.bytes
    }
}
