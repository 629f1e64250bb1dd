/// A given token under a model: what teacher-forced scoring finds at one position.
public struct ScoredToken: Sendable, Equatable {
    /// The given token.
    public let id: Int
    /// Natural logarithm of its probability after everything before it.
    public let logProbability: Double
    /// The token that greedy generation would have chosen here.
    public let greedyToken: Int

    /// True when greedy generation would have chosen the given token.
    public var isGreedy: Bool { id == greedyToken }
}
