/// What the reference model says of a prompt: numbers only.
public struct PromptDescription: Hashable, Sendable {
    /// Mean negative log-likelihood of the prompt's tokens, in nats per token.
    public let meanNLL: Double
    /// The largest mean over 32 tokens in a row; the mean of all for a shorter prompt.
    public let windowNLL: Double
    /// The mean of the last layer over the prompt's tokens; empty when the engine gives none.
    public let embedding: [Float]

    /// Makes the value from its fields.
    public init(meanNLL: Double, windowNLL: Double, embedding: [Float] = []) {
        self.meanNLL = meanNLL
        self.windowNLL = windowNLL
        self.embedding = embedding
    }

    /// From the negative log-likelihood of each token, in the order of the prompt; nil without tokens or with one that
    /// is not finite.
    public init?(tokenNLL: [Double], embedding: [Float] = []) {
        guard !tokenNLL.isEmpty, tokenNLL.allSatisfy(\.isFinite) else { return nil }
        let mean = tokenNLL.reduce(0, +) / Double(tokenNLL.count)
        guard tokenNLL.count > 32 else {
            self.init(meanNLL: mean, windowNLL: mean, embedding: embedding)
            return
        }
        var running = tokenNLL[..<32].reduce(0, +)
        var largest = running
        for end in 32..<tokenNLL.count {
            running += tokenNLL[end] - tokenNLL[end - 32]
            largest = max(largest, running)
        }
        self.init(meanNLL: mean, windowNLL: largest / 32, embedding: embedding)
    }
}
