import Foundation
import Inference
import RegistryTypes
import TestSupport
import Testing
import Tokenizers
import UserDocuments

@testable import ReleaseRuntime

/// What every engine promises, on the one that is built in.
@Suite struct AnswerEngineTests {
    private func request(
        _ variables: [String: String] = DemoRelease.ticket,
        decoding: DecodingSettings = DecodingSettings(maxTokens: 64),
        seed: UInt64 = 0,
        priority: AnswerRequest.Priority = .live
    ) throws -> AnswerRequest {
        AnswerRequest(
            prompt: try DemoRelease.prompt(),
            input: .variables(variables),
            decoding: decoding,
            seed: seed,
            priority: priority
        )
    }

    @Test func anAnswerIsWhole() async throws {
        let weights = try DemoRelease.weights()
        let engine = try weights.makeEngine()
        let answer = try await engine.answer(request())
        #expect(answer.finish == .stop)
        #expect(answer.tokens.count == answer.outputTokens + 1)
        #expect(answer.logProbabilities.count == answer.tokens.count)
        #expect(answer.logProbabilities.allSatisfy { $0 <= 0 })
        #expect(weights.tokenizer.decode(answer.tokens) == answer.text)
        #expect(answer.promptTokens == (try DemoRelease.release().render(DemoRelease.ticket).count))
        let first = try #require(answer.firstTokenSeconds)
        #expect(first > 0 && first <= answer.totalSeconds)
        #expect(
            engine.capabilities == EngineCapabilities(scores: true, embeds: true, contextLength: weights.contextLength)
        )
        await engine.close()
    }

    @Test func scoringGivesTheSameBitsAsGenerating() async throws {
        let engine = try DemoRelease.weights().makeEngine()
        for priority in AnswerRequest.Priority.allCases {
            let request = try request(priority: priority)
            let answer = try await engine.answer(request)
            #expect(try await engine.score(answer.tokens, answering: request) == answer.logProbabilities)
        }
        await engine.close()
    }

    @Test func anEngineAloneGivesTheSameBits() async throws {
        let engine = try DemoRelease.weights().makeEngine()
        let alone = try #require(try engine.alone())
        let drawn = try request(decoding: DecodingSettings(temperature: 1, maxTokens: 32, topP: 0.9), seed: 7)
        let (left, right) = (try await engine.answer(drawn), try await alone.answer(drawn))
        #expect(left.tokens == right.tokens)
        #expect(left.logProbabilities == right.logProbabilities)
        await alone.close()
        // It was one of its own: the other goes on.
        #expect(try await engine.answer(drawn).tokens == left.tokens)
        await engine.close()
    }

    @Test func aCancelledTaskEndsTheAnswer() async throws {
        let engine = try DemoRelease.weights().makeEngine()
        let request = try request()
        await #expect(throws: CancellationError.self) {
            try await Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await engine.answer(request)
            }.value
        }
        #expect(try await engine.answer(request).finish == .stop)
        await engine.close()
    }

    @Test func stopTextsAndLengthEndAnswers() async throws {
        let engine = try DemoRelease.weights().makeEngine()
        let free = try await engine.answer(request())
        let stopped = try await engine.answer(
            request(decoding: DecodingSettings(maxTokens: 64, stop: ["\"order\""]))
        )
        #expect(stopped.finish == .stop)
        #expect(free.text.hasPrefix(stopped.text + "\"order\""))
        let short = try await engine.answer(request(decoding: DecodingSettings(maxTokens: 3)))
        #expect(short.finish == .length)
        #expect(short.outputTokens == 3)
        await engine.close()
    }

    @Test func badRequestsLeaveTheEngineUsable() async throws {
        let weights = try DemoRelease.weights()
        let engine = try weights.makeEngine()
        await #expect(throws: PromptError.self) { try await engine.answer(request([:])) }
        let size = weights.tokenizer.size
        await #expect(throws: InferenceError.tokenOutOfRange(id: size, vocabularySize: size)) {
            try await engine.score([1, size], answering: request())
        }
        #expect(try await engine.answer(request()).finish == .stop)
        await engine.close()
    }

    /// An engine is at no distance from itself, at some from another version, and none is told where the two cannot be read in step.
    @Test func distancesAlongAnAnswer() async throws {
        let (engine, same) = (try DemoRelease.weights().makeEngine(), try DemoRelease.weights().makeEngine())
        let other = try LoadedWeights(path: Checkout.demo.appending(path: "v2/model.gguf").path).makeEngine()
        let request = try request()
        let answer = try await engine.answer(request)
        let requests = (baseline: request, candidate: request)
        let none = TokenDistances(tokens: answer.tokens.count, meanDivergence: 0, changedTop: 0)
        #expect(try await engine.distances(from: engine, along: answer.tokens, answering: requests) == none)
        #expect(try await same.distances(from: engine, along: answer.tokens, answering: requests) == none)
        let some = try #require(try await other.distances(from: engine, along: answer.tokens, answering: requests))
        #expect(some.tokens == answer.tokens.count && some.meanDivergence > 0 && some.changedTop <= some.tokens)
        // Made for another pair meanwhile, the same comes out.
        #expect(try await other.distances(from: other, along: answer.tokens, answering: requests)?.meanDivergence == 0)
        #expect(try await other.distances(from: engine, along: answer.tokens, answering: requests) == some)
        #expect(try await engine.distances(from: engine, along: [], answering: requests) == nil)
        for engine in [engine, same, other] { await engine.close() }
    }

    @Test func placesOfTexts() async throws {
        let engine = try DemoRelease.weights().makeEngine()
        let one = try #require(try await engine.embedding(of: "Where is my parcel?", priority: .live))
        #expect(try await engine.embedding(of: "Where is my parcel?", priority: .background) == one)
        let other = try #require(try await engine.embedding(of: "Refund me", priority: .live))
        #expect(other != one && other.count == one.count && one.allSatisfy(\.isFinite))
        await engine.close()
    }
}
