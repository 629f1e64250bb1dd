import Catalog
import RegistryTypes
import ReleaseRuntime
import UserDocuments
public import WireFormat

/// An answer on its way to a client. When it is dropped, the engine stops at the next token.
public struct ChatStream: Sendable {
    let source: AnswerSource
    let events: AnswerEvents

    /// Hands out pieces as they are generated, and last the whole answer.
    ///
    /// - Throws: what `send` throws; ``ControlPlaneError`` when the engine fails on the way.
    public func write(_ send: (ChatEvent) async throws -> Void) async throws {
        var iterator = events.makeAsyncIterator()
        while let event = try await next(&iterator) {
            switch event {
            case .token(0, let token):
                if !token.thinking.isEmpty { try await send(.thinking(token.thinking)) }
                if !token.text.isEmpty { try await send(.text(token.text)) }
            case .finished(0, let answer): return try await send(.answer(ChatAnswer(answer, source)))
            case .started, .token, .finished: break
            }
        }
        throw CancellationError()
    }

    /// What comes next. Only what the engine throws is said in the words of this layer: a reader that is gone is none.
    private func next(_ iterator: inout AnswerEvents.Iterator) async throws -> AnswerEvent? {
        do { return try await iterator.next() } catch {
            throw Answering.failure(error, source) { ControlPlaneError(.badRequest, "\($0)") }
        }
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
