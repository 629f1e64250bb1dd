/// What the reference model says of a prompt: numbers only.
public struct PromptReading: Hashable, Sendable {
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
}
