import Inference
import RegistryTypes
import Synchronization
import Testing
import UserDocuments

@testable import ReleaseRuntime

@Suite struct ReleaseWorkerTests {
    @Test func anAnswerIsWhole() async throws {
        let worker = try ReleaseWorker(DemoRelease.release())
        let pieces = Mutex("")
        let answer = try await worker.answer(DemoRelease.ticket, emit: { piece in pieces.withLock { $0 += piece } })
        #expect(answer.finish == .stop)
        #expect(answer.text == pieces.withLock { $0 })
        #expect(answer.tokens.count == answer.outputTokens + 1)
        #expect(answer.logProbabilities.count == answer.tokens.count)
        #expect(answer.logProbabilities.allSatisfy { $0 <= 0 })
        #expect(worker.release.weights.tokenizer.decode(answer.tokens) == answer.text)
        #expect(answer.promptTokens == (try worker.release.render(DemoRelease.ticket).count))
        let first = try #require(answer.firstTokenSeconds)
        #expect(first > 0 && first <= answer.totalSeconds)
    }

    @Test func scoringGivesTheSameBitsAsGenerating() async throws {
        let worker = try ReleaseWorker(DemoRelease.release())
        let answer = try await worker.answer(DemoRelease.ticket)
        let scores = try await worker.score(DemoRelease.ticket, answerTokens: answer.tokens)
        #expect(scores == answer.logProbabilities)
    }

    @Test func manyWorkersAtOnceGiveTheSameAnswer() async throws {
        let release = try DemoRelease.release(decoding: DecodingSettings(temperature: 1, maxTokens: 32, topP: 0.9))
        let expected = try await ReleaseWorker(release).answer(DemoRelease.ticket, seed: 7)
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let worker = try ReleaseWorker(release)
                    _ = try await worker.answer(["ticket": "another one"], seed: 1)
                    return try await worker.answer(DemoRelease.ticket, seed: 7)
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for answer in answers {
            #expect(answer.text == expected.text)
            #expect(answer.logProbabilities == expected.logProbabilities)
        }
    }

    @Test func aCancelledTaskEndsTheAnswer() async throws {
        let worker = try ReleaseWorker(DemoRelease.release())
        let answer = try await Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await worker.answer(DemoRelease.ticket)
        }.value
        #expect(answer.finish == .cancelled)
        #expect(answer.tokens.isEmpty)
        #expect(answer.firstTokenSeconds == nil)
        #expect(try await worker.answer(DemoRelease.ticket).finish == .stop)
    }

    @Test func stopTextsAndLengthEndAnswers() async throws {
        let free = try await ReleaseWorker(DemoRelease.release()).answer(DemoRelease.ticket)
        let stopped = try await ReleaseWorker(
            DemoRelease.release(decoding: DecodingSettings(maxTokens: 64, stop: ["\"order\""]))
        ).answer(DemoRelease.ticket)
        #expect(stopped.finish == .stop)
        #expect(free.text.hasPrefix(stopped.text + "\"order\""))
        let short = try await ReleaseWorker(DemoRelease.release(decoding: DecodingSettings(maxTokens: 3)))
            .answer(DemoRelease.ticket)
        #expect(short.finish == .length)
        #expect(short.outputTokens == 3)
    }

    @Test func badRequestsLeaveTheWorkerUsable() async throws {
        let worker = try ReleaseWorker(DemoRelease.release())
        await #expect(throws: PromptError.self) { try await worker.answer([:]) }
        let size = worker.release.weights.tokenizer.size
        await #expect(throws: InferenceError.tokenOutOfRange(id: size, vocabularySize: size)) {
            try await worker.score(DemoRelease.ticket, answerTokens: [1, size])
        }
        #expect(try await worker.answer(DemoRelease.ticket).finish == .stop)
    }
}
