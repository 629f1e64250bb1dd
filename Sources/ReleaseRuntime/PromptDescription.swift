import Inference

/// What a reference model makes of a prompt: the numbers that drift is looked for in.
public struct PromptDescription: Hashable, Sendable {
    /// Tokens of the text. Where they are more than the model's context holds, the other values are of those that fit.
    public let tokens: Int
    /// Mean negative log-likelihood of the tokens after the first, in nats per token; nil with fewer than two.
    public let meanNLL: Double?
    /// The largest mean negative log-likelihood over 32 tokens in a row, in nats per token; nil with fewer.
    public let worstWindowNLL: Double?
    /// Mean over the tokens of the last layer's output after the final norm: as many numbers as the model is wide;
    /// empty for a text without tokens.
    public let embedding: [Float]

    /// Tokens of a window.
    static let windowTokens = 32

    /// A description from its values.
    public init(tokens: Int, meanNLL: Double?, worstWindowNLL: Double?, embedding: [Float]) {
        self.tokens = tokens
        self.meanNLL = meanNLL
        self.worstWindowNLL = worstWindowNLL
        self.embedding = embedding
    }

    init(tokens: Int, _ reading: SequenceReading) {
        let losses = reading.logProbabilities.map { -$0 }
        let windows = losses.count - Self.windowTokens + 1
        // Each window is summed afresh: running sums would carry rounding from one to the next.
        let worst = windows < 1 ? nil : (0..<windows).map { Self.mean(losses[$0..<$0 + Self.windowTokens]) }.max()
        self.init(
            tokens: tokens,
            meanNLL: losses.isEmpty ? nil : Self.mean(losses[...]),
            worstWindowNLL: worst,
            embedding: reading.meanHidden
        )
    }

    private static func mean(_ values: ArraySlice<Double>) -> Double {
        values.reduce(0, +) / Double(values.count)
    }
}
