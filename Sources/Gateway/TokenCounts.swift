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
