public import RegistryTypes

/// One live request.
public struct ServingRequest: Sendable {
    /// What is asked.
    public enum Input: Sendable, Equatable {
        /// Values for the variables of the release's prompt.
        case variables([String: String])
        /// A conversation, in the format of the release's prompt.
        case messages([ChatMessage])
    }

    /// What is asked.
    public var input: Input
    /// How tokens are chosen: the release's settings with what the caller may change.
    public var decoding: DecodingSettings
    /// Decides every random choice of the first answer; see ``seed(ofChoice:)``.
    public var seed: UInt64
    /// How many answers are wanted.
    public var choices: Int
    /// How many of the most likely tokens are reported with each token; at most ``ServingEngine/maxAlternatives``.
    public var alternatives: Int
    /// When the answer is of no more use; nil for never.
    public var deadline: ContinuousClock.Instant?
    /// Whether the caller reads tokens as they come. Without, all of them are handed over at the end, which saves waking
    /// the caller for each.
    public var isStreamed: Bool

    /// A request for one answer unless told otherwise.
    public init(
        input: Input,
        decoding: DecodingSettings,
        seed: UInt64 = 0,
        choices: Int = 1,
        alternatives: Int = 0,
        deadline: ContinuousClock.Instant? = nil,
        isStreamed: Bool = true
    ) {
        self.input = input
        self.decoding = decoding
        self.seed = seed
        self.choices = choices
        self.alternatives = alternatives
        self.deadline = deadline
        self.isStreamed = isStreamed
    }

    /// The seed of a choice: the request's own for choice 0, so that its answer is the one that a request for a single
    /// answer gets; for choice k the k-th number of SplitMix64 (Steele et al., 2014) started at that seed.
    public func seed(ofChoice choice: Int) -> UInt64 {
        guard choice > 0 else { return seed }
        var z = seed &+ UInt64(choice) &* 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
