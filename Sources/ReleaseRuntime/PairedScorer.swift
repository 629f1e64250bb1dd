import Inference
import LongWork

/// How far an engine is from another one along an answer that is given, token by token.
public struct TokenDistances: Sendable, Equatable {
    /// Tokens of the answer; at least one.
    public let tokens: Int
    /// Mean over them of the Kullback-Leibler divergence from the other engine's distribution, in nats.
    public let meanDivergence: Double
    /// Tokens at which the two find another token most likely.
    public let changedTop: Int

    /// Distances along `tokens` tokens.
    public init(tokens: Int, meanDivergence: Double, changedTop: Int) {
        self.tokens = tokens
        self.meanDivergence = meanDivergence
        self.changedTop = changedTop
    }
}

/// Reads given answers with two sets of weights in step, one at a time, on a thread of its own.
///
/// An actor, because its buffers are shared mutable memory; callers wait without holding a thread.
actor PairedScorer {
    /// The weights that are compared with.
    nonisolated let baselineWeights: LoadedWeights
    private let baseline: TokenScorer
    private let candidate: TokenScorer
    private let thread = DedicatedThread()

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Makes the buffers.
    ///
    /// - Throws: `InferenceError.outOfMemory`, `InferenceError.unavailable`.
    init(_ candidate: LoadedWeights, from baseline: LoadedWeights) throws {
        baselineWeights = baseline
        self.baseline = try TokenScorer(baseline.model)
        self.candidate = try TokenScorer(candidate.model)
    }

    /// The distances along `answer`, which stands after the prompt of each side.
    ///
    /// - Parameter live: requests that go first: while there are any, this pauses between batches of tokens.
    /// - Throws: `InferenceError`; `inconsistent` for vocabularies of different sizes.
    func distances(
        along answer: [Int],
        after prompts: (baseline: [Int], candidate: [Int]),
        yieldingTo live: ForegroundLoad?
    ) throws -> TokenDistances? {
        let scores = try TokenScorer.compare(answer, after: prompts, baseline: baseline, candidate: candidate) {
            live?.pause()
        }
        guard !scores.isEmpty else { return nil }
        return TokenDistances(
            tokens: scores.count,
            meanDivergence: scores.reduce(0) { $0 + $1.divergence } / Double(scores.count),
            changedTop: scores.count { $0.baseline.mostLikely != $0.candidate.mostLikely }
        )
    }
}
