import Catalog
import RegistryTypes
import ReleaseRuntime
import UserDocuments
public import WireFormat

/// An answer on its way to a client. When it is dropped, the engine stops at the next token.
public struct ChatStream: Sendable {
    let source: AnswerSource
    let events: AnswerEvents
    /// Where it answers for what was never live: recorded when it ends, however that is.
    let unreleased: UnreleasedRequest?
    let recorder: TrafficRecorder
    let now: @Sendable () -> Timestamp

    /// Hands out pieces as they are generated, and last the whole answer.
    ///
    /// - Throws: what `send` throws; ``ControlPlaneError`` when the engine fails on the way.
    public func write(_ send: (ChatEvent) async throws -> Void) async throws {
        do {
            let answer = try await pass(on: send)
            try await send(.answer(ChatAnswer(answer, source)))
            if let unreleased { recorder.record(unreleased.answered(answer, source, at: now())) }
        } catch let error as EngineFailure {
            record(error.cause)
            throw Answering.failure(error.cause, source) { ControlPlaneError(.badRequest, "\($0)") }
        } catch {
            record(CancellationError())
            throw error
        }
    }

    /// What the engine throws on the way: what a reader throws that is gone is none of it.
    private struct EngineFailure: Error {
        let cause: any Error
    }

    private func record(_ error: any Error) {
        guard let unreleased else { return }
        recorder.record(unreleased.failed(error, source, isCancelled: Task.isCancelled, at: now()))
    }

    /// Hands out pieces until the whole answer comes.
    private func pass(on send: (ChatEvent) async throws -> Void) async throws -> Answer {
        var iterator = events.makeAsyncIterator()
        while let event = try await next(&iterator) {
            switch event {
            case .token(0, let token):
                if !token.thinking.isEmpty { try await send(.thinking(token.thinking)) }
                if !token.text.isEmpty { try await send(.text(token.text)) }
            case .finished(0, let answer): return answer
            case .started, .token, .finished: break
            }
        }
        throw CancellationError()
    }

    /// What comes next.
    private func next(_ iterator: inout AnswerEvents.Iterator) async throws -> AnswerEvent? {
        do { return try await iterator.next() } catch { throw EngineFailure(cause: error) }
    }
}

extension ChatAnswer {
    /// What was answered.
    init(_ answer: Answer, _ source: AnswerSource) {
        let plan = source.plan
        self.init(
            text: answer.text,
            finish: answer.finish.rawValue,
            release: source.id,
            version: plan.version,
            prompt: plan.content.prompt,
            promptTokens: answer.promptTokens,
            outputTokens: answer.outputTokens,
            firstTokenSeconds: answer.firstTokenSeconds,
            perTokenSeconds: answer.perTokenSeconds,
            totalSeconds: answer.totalSeconds,
            problems: source.check.problems(in: answer),
            isOutputValid: source.check.isValid(answer),
            settings: source.id == nil ? plan.content.decoding : nil,
            thinking: answer.thinking,
            calls: answer.calls.isEmpty ? nil : answer.calls
        )
    }
}
