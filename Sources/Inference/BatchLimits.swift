/// What a batch takes, and what of it a request needs: enough to refuse a request before it waits for its turn.
public struct BatchLimits: Sendable, Equatable {
    /// Most answers at the same time.
    public let maxSequences: Int
    /// Pages of 16 tokens of the key-value cache.
    public let pageCount: Int
    /// Bytes of one page.
    public let pageBytes: Int
    /// Most tokens of a prompt and its answer together.
    public let contextLength: Int
    /// Token ids that the model knows.
    public let vocabularySize: Int

    /// Pages that a request needs from its first token to its last, however its answers go: whole pages of the prompt
    /// once, the rest for each choice.
    ///
    /// - Throws: `InferenceError.emptyPrompt`, `promptTooLong`, `tokenOutOfRange`, `invalidSetting`, or `outOfPages`
    ///   when it could not run even alone.
    public func pages(for request: GenerationRequest, choices: Int = 1) throws(InferenceError) -> Int {
        guard request.maxTokens >= 1 else {
            throw .invalidSetting(name: "maxTokens", value: "\(request.maxTokens)", allowed: "1 or more")
        }
        guard (1...maxSequences).contains(choices) else {
            throw .invalidSetting(name: "choices", value: "\(choices)", allowed: "from 1 to \(maxSequences)")
        }
        guard !request.promptTokens.isEmpty else { throw .emptyPrompt }
        guard request.promptTokens.count <= contextLength else {
            throw .promptTooLong(tokens: request.promptTokens.count, contextLength: contextLength)
        }
        for id in request.promptTokens where id < 0 || id >= vocabularySize {
            throw .tokenOutOfRange(id: id, vocabularySize: vocabularySize)
        }
        let shared = request.promptTokens.count / KVPages.pageTokens
        let pages = shared + choices * (KVPages.pageCount(tokens: tokens(of: request)) - shared)
        guard pages <= pageCount else { throw .outOfPages(needed: pages, available: pageCount) }
        return pages
    }

    /// Most tokens that are run for one choice. The last one of an answer is chosen, never run.
    func tokens(of request: GenerationRequest) -> Int {
        min(contextLength, request.promptTokens.count + min(request.maxTokens, contextLength) - 1)
    }
}
