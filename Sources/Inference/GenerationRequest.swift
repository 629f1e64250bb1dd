/// What to generate from.
public struct GenerationRequest: Sendable, Equatable {
    /// Token ids of the prompt, at least one.
    public var promptTokens: [Int]
    /// Most tokens of the answer.
    public var maxTokens: Int
    /// How tokens are chosen.
    public var sampling: SamplingSettings
    /// With the position it decides every random choice.
    public var seed: UInt64
    /// Strings that end the answer; they are not part of its text.
    public var stopStrings: [String]
    /// Tokens that end the answer besides the tokenizer's end tokens.
    public var stopTokens: Set<Int>
    /// How many of the most likely tokens are reported at each position.
    public var alternatives: Int

    /// A greedy request unless told otherwise.
    public init(
        promptTokens: [Int],
        maxTokens: Int,
        sampling: SamplingSettings = .greedy,
        seed: UInt64 = 0,
        stopStrings: [String] = [],
        stopTokens: Set<Int> = [],
        alternatives: Int = 0
    ) {
        self.promptTokens = promptTokens
        self.maxTokens = maxTokens
        self.sampling = sampling
        self.seed = seed
        self.stopStrings = stopStrings
        self.stopTokens = stopTokens
        self.alternatives = alternatives
    }
}
