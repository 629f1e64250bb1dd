import Inference
import RegistryTypes
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
        #expect(engine.capabilities == EngineCapabilities(scores: true, contextLength: weights.contextLength))
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
}
