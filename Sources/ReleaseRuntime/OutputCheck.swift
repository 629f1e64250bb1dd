public import UserDocuments

/// Whether an answer has the form that is wanted of it: the schema of the prompt, else an object of JSON where the request
/// asks for one.
public struct OutputCheck: Sendable {
    private let schema: OutputSchema?
    private let wantsJSON: Bool
    /// The most tokens that the release itself gives an answer.
    private let maxTokens: Int
    private let hasOwnStop: Bool

    /// What is wanted of the answers of a release.
    ///
    /// - Parameters:
    ///   - maxTokens: The release's own limit, whatever the request asked for.
    ///   - hasOwnStop: Whether the request brought texts that end an answer.
    public init(_ schema: OutputSchema?, wantsJSON: Bool = false, maxTokens: Int, hasOwnStop: Bool = false) {
        self.schema = schema
        self.wantsJSON = wantsJSON
        self.maxTokens = maxTokens
        self.hasOwnStop = hasOwnStop
    }

    /// Whether `answer` has it. Nil where nothing is wanted, where it calls tools instead of saying anything, and where
    /// something else than the release cut it short: a limit or a stop text of the request, or the end of the context, which
    /// is how long the request was. Half an answer says nothing of the release.
    public func isValid(_ answer: Answer) -> Bool? {
        guard answer.calls.isEmpty || !answer.text.isEmpty, !hasOwnStop, !isCut(answer) else { return nil }
        if let schema { return schema.accepts(answer.text) }
        guard wantsJSON else { return nil }
        return OutputSchema.isObject(answer.text)
    }

    /// What is wrong with `answer`; empty where it is valid, and where that is not known.
    public func problems(in answer: Answer) -> [String] {
        isValid(answer) == false ? schema?.problems(in: answer.text) ?? ["it is not an object of JSON"] : []
    }

    private func isCut(_ answer: Answer) -> Bool { answer.finish == .length && answer.outputTokens < maxTokens }
}
