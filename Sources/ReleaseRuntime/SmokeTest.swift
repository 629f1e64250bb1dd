import Foundation
import Inference
import LongWork
public import RegistryRecords
import Tokenizers

/// Loads weights once and makes them produce a few tokens: enough to know that a version can serve at all.
public actor SmokeTest {
    private let thread = DedicatedThread()

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Tokens of the short run.
    private static let tokenCount = 16
    /// Tokens of each of the two texts that are told apart, and of what is scored after them.
    private static let comparedCount = 8
    /// Text with the cases that tokenizers get wrong.
    private static let roundTripText = "Order 48213 – “naïve” café:\n\t{\"a\": [1, 2]}  ¿sí? 東京 🙂"

    /// A smoke test with a thread of its own.
    public init() {}

    /// Loads weights of one file on this thread.
    ///
    /// - Throws: as `load(paths:)`.
    public func load(path: String) throws -> LoadedWeights { try load(paths: [path]) }

    /// Loads weights on this thread: one file, or those of a split model in their order.
    ///
    /// - Throws: `GGUFError`, `TokenizerError`, `InferenceError`.
    public func load(paths: [String]) throws -> LoadedWeights { try LoadedWeights(paths: paths) }

    /// Lays an adapter over loaded weights on this thread.
    ///
    /// - Throws: `GGUFError`, `InferenceError`.
    public func load(_ base: LoadedWeights, adapter path: String) throws -> LoadedWeights {
        try LoadedWeights(base, adapter: path)
    }

    /// Reads the tokenizer and the template of a model's files on this thread.
    ///
    /// - Throws: `GGUFError`, `TokenizerError`.
    public func text(paths: [String]) throws -> ModelText { try ModelText(paths: paths) }

    /// Runs the test on loaded weights. What goes wrong is in the result, not thrown.
    ///
    /// - Parameter live: requests that go first: while there are any, the test pauses between tokens, and the rate it
    ///   reports leaves the pauses out.
    public func run(_ weights: LoadedWeights, yieldingTo live: ForegroundLoad? = nil) async -> SmokeResult {
        let text = Self.roundTripText
        let tokens = weights.tokenizer.encode(text, specials: .plainText)
        let roundTrip = Array(weights.tokenizer.decode(tokens).utf8) == Array(text.utf8)
        func result(
            _ problem: String?,
            tokensPerSecond: Double? = nil,
            dependsOnInput: Bool? = nil
        ) -> SmokeResult {
            SmokeResult(
                passed: problem == nil,
                problem: problem,
                loadSeconds: weights.loadSeconds,
                tokensPerSecond: tokensPerSecond,
                residentBytes: weights.residentBytes,
                tokenizerRoundTrip: roundTrip,
                dependsOnInput: dependsOnInput
            )
        }
        guard roundTrip else { return result("the tokenizer does not give a text back as it was") }
        let prompt = Array(tokens.prefix(max(1, weights.contextLength - Self.tokenCount)))
        do {
            let engine = try BatchingEngine(alone: weights, live: live ?? ForegroundLoad())
            let answer = try await engine.answer(
                GenerationRequest(promptTokens: prompt, maxTokens: Self.tokenCount),
                priority: .background
            )
            await engine.close()
            guard !answer.tokens.isEmpty else { return result("it produced no token") }
            let rate = answer.totalSeconds > 0 ? Double(answer.tokens.count) / answer.totalSeconds : nil
            let depends = try await dependsOnInput(weights, tokens, yieldingTo: live)
            guard depends != false else {
                return result(
                    "its answers do not depend on what is asked: the same tokens were exactly as likely after two texts",
                    tokensPerSecond: rate,
                    dependsOnInput: false
                )
            }
            return result(nil, tokensPerSecond: rate, dependsOnInput: depends)
        } catch ReleaseRuntimeError.engineFailed(let reason) {
            return result("it loads, but produces no tokens: \(reason)")
        } catch {
            return result("it loads, but produces no tokens: \(error)")
        }
    }

    /// Whether the same tokens are differently likely, in any bit, after two different texts; nil where the context has no
    /// room for two. Weights that are all zero load, and give tokens, and pass everything else.
    private func dependsOnInput(
        _ weights: LoadedWeights,
        _ tokens: [Int],
        yieldingTo live: ForegroundLoad?
    ) async throws -> Bool? {
        let count = min(Self.comparedCount, tokens.count / 2, max(1, weights.contextLength / 2))
        let first = Array(tokens.prefix(count)), second = Array(tokens.suffix(count))
        guard count > 0, first != second else { return nil }
        let scorer = try AnswerScorer(weights)
        let left = try await scorer.score(first, after: first, yieldingTo: live)
        return try await scorer.score(first, after: second, yieldingTo: live) != left
    }
}
