import Foundation
import Inference

/// Describes prompts with a reference model, one at a time, on a thread of its own.
///
/// An actor, because its engine buffers are shared mutable memory; callers wait without holding a thread.
public actor PromptDescriber {
    /// The reference model.
    public nonisolated let weights: LoadedWeights
    private let worker: InferenceWorker
    private let thread: DedicatedThread

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Makes the buffers.
    ///
    /// - Throws: `InferenceError.outOfMemory`, `InferenceError.unavailable`.
    public init(_ weights: LoadedWeights) throws {
        self.weights = weights
        worker = try InferenceWorker(model: weights.model, tokenizer: weights.tokenizer)
        thread = DedicatedThread()
    }

    /// Describes a text as its author wrote it: without a prompt around it, nothing in it read as special tokens, after
    /// the beginning token where the model has one.
    ///
    /// - Parameter live: requests that go first: while there are any, this pauses between batches of tokens.
    /// - Throws: `InferenceError.notFinite` for damaged weights.
    public func describe(_ text: String, yieldingTo live: LiveLoad? = nil) throws -> PromptDescription {
        let tokenizer = weights.tokenizer
        let encoded = tokenizer.encode(text, specials: .plainText)
        let tokens = (tokenizer.beginningToken.map { [$0] } ?? []) + encoded
        guard !tokens.isEmpty else {
            return PromptDescription(tokens: 0, meanNLL: nil, worstWindowNLL: nil, embedding: [])
        }
        let clock = YieldingClock(live)
        let reading = try worker.read(Array(tokens.prefix(weights.contextLength)), beforeBatch: clock.yield)
        return PromptDescription(tokens: encoded.count, reading)
    }
}
