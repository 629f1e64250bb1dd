import RegistryTypes
import ReleaseRuntime

/// The body of an answer that is not streamed.
struct WholeAnswer {
    /// One answer to the request.
    struct Choice {
        let text: String
        let finish: String
        let tokens: [AnswerToken]
    }

    let head: AnswerHead
    let choices: [Choice]
    let usage: TokenCounts
    let wantsLogProbabilities: Bool
    let isOutputValid: Bool?

    /// OpenAI's `chat.completion`.
    var json: [UInt8] {
        var json = JSONWriter(capacity: 512 + choices.reduce(0) { $0 + $1.text.utf8.count })
        json.raw(head.opening(object: "chat.completion"))
        json.raw(#","choices":["#)
        for (index, choice) in choices.enumerated() {
            if index > 0 { json.raw(",") }
            json.raw(#"{"index":"#)
            json.number(index)
            json.raw(#","message":{"role":"assistant","content":"#)
            json.string(choice.text)
            json.raw(#","refusal":null},"logprobs":"#)
            if wantsLogProbabilities { json.logProbabilities(of: choice.tokens) } else { json.raw("null") }
            json.raw(#","finish_reason":"#)
            json.string(choice.finish)
            json.raw("}")
        }
        json.raw(#"],"usage":"#)
        json.raw(usage.json)
        json.raw(head.member(isOutputValid: isOutputValid))
        json.raw("}")
        return json.bytes
    }
}
