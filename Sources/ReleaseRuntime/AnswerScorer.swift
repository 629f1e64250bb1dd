import Foundation
import Inference

/// Tells how likely given answers are, one at a time, on a thread of its own.
///
/// An actor, because its buffers are shared mutable memory; callers wait without holding a thread.
actor AnswerScorer {
    private let worker: InferenceWorker
    private let thread = DedicatedThread()

    nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Makes the buffers.
    ///
    /// - Throws: `InferenceError.outOfMemory`, `InferenceError.unavailable`.
    init(_ weights: LoadedWeights) throws {
        worker = try InferenceWorker(model: weights.model, tokenizer: weights.tokenizer)
    }

    /// The natural logarithm of the probability of each token of `answer` after the prompt.
    ///
    /// - Parameter live: requests that go first: while there are any, this pauses between batches of tokens.
    /// - Throws: `InferenceError`.
    func score(_ answer: [Int], after prompt: [Int], yieldingTo live: LiveLoad?) throws -> [Double] {
        try worker.score(promptTokens: prompt, answerTokens: answer) { live?.pause() }.map(\.logProbability)
    }
}
