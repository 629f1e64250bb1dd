import Foundation
import Inference
import RegistryTypes

/// Answers requests with one release, one at a time, on a thread of its own.
///
/// An actor, because its engine buffers are shared mutable memory; callers wait without holding a thread.
public actor ReleaseWorker {
    /// The release.
    public nonisolated let release: LoadedRelease
    private let worker: InferenceWorker
    private let thread: DedicatedThread

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Makes the buffers of a worker.
    ///
    /// - Throws: `InferenceError.outOfMemory`, `InferenceError.unavailable`.
    public init(_ release: LoadedRelease) throws {
        self.release = release
        worker = try InferenceWorker(model: release.weights.model, tokenizer: release.weights.tokenizer)
        thread = DedicatedThread()
    }

    /// Answers a request. A cancelled task ends the answer at the next token.
    ///
    /// - Parameter live: requests that go first: while there are any, this one pauses between tokens, at most 50 ms each
    ///   time. The times of the answer leave the pauses out.
    /// - Throws: `PromptError`, ``ReleaseRuntimeError`` or `InferenceError`.
    public func answer(
        _ variables: [String: String],
        seed: UInt64 = 0,
        yieldingTo live: LiveLoad? = nil,
        emit: @Sendable (String) -> Void = { _ in }
    ) throws -> Answer {
        let clock = YieldingClock(live)
        let generation = try worker.generate(
            release.request(variables, seed: seed),
            clock: clock,
            isCancelled: {
                clock.yield()
                return Task.isCancelled
            },
            emit: emit
        )
        return Answer(generation)
    }

    /// The natural logarithm of the probability of each of `answerTokens` after the prompt with these values, as if
    /// this release had generated them.
    ///
    /// - Parameter live: requests that go first, as in ``answer(_:seed:yieldingTo:emit:)``.
    /// - Throws: `PromptError`, ``ReleaseRuntimeError`` or `InferenceError`.
    public func score(
        _ variables: [String: String],
        answerTokens: [Int],
        yieldingTo live: LiveLoad? = nil
    ) throws -> [Double] {
        let clock = YieldingClock(live)
        let scored = try worker.score(
            promptTokens: release.render(variables),
            answerTokens: answerTokens,
            beforeBatch: clock.yield
        )
        return scored.map(\.logProbability)
    }

    /// Runs one token through all weights.
    func warm() throws {
        let token = release.weights.tokenizer.beginningToken ?? 0
        _ = try worker.generate(GenerationRequest(promptTokens: [token], maxTokens: 1))
    }
}
