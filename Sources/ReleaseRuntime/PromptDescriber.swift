import Foundation
import Inference
import LongWork
import Tokenizers

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
    public func describe(_ text: String, yieldingTo live: ForegroundLoad? = nil) throws -> PromptDescription {
        let tokenizer = weights.tokenizer
        let encoded = tokenizer.encode(text, specials: .plainText)
        let tokens = (tokenizer.beginningToken.map { [$0] } ?? []) + encoded
        guard !tokens.isEmpty else {
            return PromptDescription(tokens: 0, meanNLL: nil, worstWindowNLL: nil, embedding: [])
        }
        let reading = try worker.read(Array(tokens.prefix(weights.contextLength))) { live?.pause() }
        return PromptDescription(tokens: encoded.count, reading)
    }
}

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
