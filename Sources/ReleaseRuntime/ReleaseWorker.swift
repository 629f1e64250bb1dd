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
    /// - Throws: `PromptError`, ``ReleaseRuntimeError`` or `InferenceError`.
    public func answer(
        _ variables: [String: String],
        seed: UInt64 = 0,
        emit: @Sendable (String) -> Void = { _ in }
    ) throws -> Answer {
        let generation = try worker.generate(
            release.request(variables, seed: seed),
            isCancelled: { Task.isCancelled },
            emit: emit
        )
        let all = generation.tokens + (generation.endToken.map { [$0] } ?? [])
        return Answer(
            text: generation.text,
            tokens: all.map(\.id),
            logProbabilities: all.map(\.logProbability),
            finish: Answer.Finish(generation.finishReason),
            promptTokens: generation.promptTokenCount,
            outputTokens: generation.tokens.count,
            firstTokenSeconds: generation.secondsToFirstToken,
            perTokenSeconds: generation.secondsPerOutputToken,
            totalSeconds: generation.totalSeconds
        )
    }

    /// The natural logarithm of the probability of each of `answerTokens` after the prompt with these values, as if
    /// this release had generated them.
    ///
    /// - Throws: `PromptError`, ``ReleaseRuntimeError`` or `InferenceError`.
    public func score(_ variables: [String: String], answerTokens: [Int]) throws -> [Double] {
        try worker.score(promptTokens: release.render(variables), answerTokens: answerTokens).map(\.logProbability)
    }
}

extension Answer.Finish {
    init(_ reason: Generation.FinishReason) {
        switch reason {
        case .stop: self = .stop
        case .length: self = .length
        case .cancelled: self = .cancelled
        }
    }
}
