import ReleaseRuntime

extension JSONWriter {
    /// OpenAI's `logprobs` of a choice: each token with its bytes, because half a character is no text.
    mutating func logProbabilities(of tokens: some Sequence<AnswerToken>) {
        raw(#"{"content":["#)
        var isFirst = true
        // The token that ends an answer is no part of its text.
        for token in tokens where !token.isEnd {
            if !isFirst { raw(",") }
            isFirst = false
            raw("{")
            tokenMembers(token.bytes, token.logProbability)
            raw(#","top_logprobs":["#)
            for (index, other) in token.alternatives.enumerated() {
                if index > 0 { raw(",") }
                raw("{")
                tokenMembers(other.bytes, other.logProbability)
                raw("}")
            }
            raw("]}")
        }
        raw(#"],"refusal":null}"#)
    }

    private mutating func tokenMembers(_ bytes: [UInt8], _ logProbability: Double) {
        raw(#""token":"#)
        string(String(decoding: bytes, as: UTF8.self))
        raw(#","logprob":"#)
        number(logProbability)
        raw(#","bytes":"#)
        array(bytes)
    }
}
