import RegistryTypes
import ReleaseRuntime

/// A streamed answer: events as they are generated. When it is dropped, the engine stops at the next token.
public final class AnswerStream: Sendable {
    private let events: AnswerEvents
    private let first: AnswerEvent
    private let meter: RequestMeter
    private let chunks: ChunkWriter

    /// - Parameter first: the event that was taken from `events` to know that there will be an answer.
    init(
        _ first: AnswerEvent,
        then events: AnswerEvents,
        _ meter: RequestMeter,
        _ head: AnswerHead
    ) {
        self.first = first
        self.events = events
        self.meter = meter
        chunks = ChunkWriter(
            head,
            wantsUsage: meter.facts.request.wantsUsage,
            wantsLogProbabilities: meter.facts.request.wantsLogProbabilities
        )
    }

    /// Writes the whole answer, each event in one piece. What fails after the first event is an event too, and then the
    /// end of `[DONE]` is missing: an answer that was cut off must not look whole.
    ///
    /// - Parameter send: takes bytes, and comes back when there is room for more.
    /// - Throws: what `send` throws (the client is gone); ``GatewayError`` after a failure of the engine was written:
    ///   close the connection then.
    public func write(_ send: ([UInt8]) async throws -> Void) async throws {
        do {
            try await write(first, send)
            for try await event in events { try await write(event, send) }
        } catch let error as StreamFailure {
            // The reader's end, not the engine's: there is nobody to tell.
            meter.close(.clientGone, status: 200)
            throw error.reason
        } catch {
            try await end(with: error, send)
        }
        guard meter.isComplete else { return try await end(with: GatewayError.cutOff, send) }
    }

    /// Ends an answer that the engine did not finish.
    private func end(with error: any Error, _ send: ([UInt8]) async throws -> Void) async throws {
        guard !(error is CancellationError), !Task.isCancelled else {
            meter.close(.clientGone, status: 200)
            throw CancellationError()
        }
        let failure = GatewayError(serving: error, deadline: meter.passedDeadline)
        let answer = ErrorAnswer(failure)
        meter.close(failure.outcome, status: answer.status, failure)
        try await send(ChunkWriter.failure(answer))
        throw failure
    }

    private func write(_ event: AnswerEvent, _ send: ([UInt8]) async throws -> Void) async throws {
        let bytes = bytes(of: event)
        guard !bytes.isEmpty else { return }
        do {
            try await send(bytes)
        } catch {
            throw StreamFailure(reason: error)
        }
    }

    /// What is written for an event; events that belong together are one piece.
    private func bytes(of event: AnswerEvent) -> [UInt8] {
        switch event {
        case .started(let promptTokens, let queueSeconds):
            meter.started(promptTokens: promptTokens, queueSeconds: queueSeconds)
            return (0..<meter.facts.request.choices).reduce(into: []) { $0 += chunks.role($1) }
        case .token(let choice, let token):
            meter.token(choice, token)
            return chunks.token(choice, token) ?? []
        case .finished(let choice, let answer):
            meter.finished(choice, answer)
            let isValid = meter.isOutputValid([answer])
            var bytes = answer.calls.isEmpty ? [] : chunks.calls(choice, answer.calls)
            bytes += chunks.finish(choice, answer.finishReason, isOutputValid: isValid)
            guard meter.isComplete else { return bytes }
            if meter.facts.request.wantsUsage { bytes += chunks.usage(meter.counts) }
            meter.close(.answered, status: 200)
            return bytes + ChunkWriter.done
        }
    }
}

/// What the reader of a stream threw: told apart from what the engine throws.
private struct StreamFailure: Error {
    let reason: any Error
}

/// The events of a streamed answer as bytes. What all of them share is written once.
struct ChunkWriter {
    private let head: AnswerHead
    private let opening: [UInt8]
    private let wantsUsage: Bool
    private let wantsLogProbabilities: Bool

    init(_ head: AnswerHead, wantsUsage: Bool, wantsLogProbabilities: Bool) {
        self.head = head
        self.wantsUsage = wantsUsage
        self.wantsLogProbabilities = wantsLogProbabilities
        opening = Array("data: ".utf8) + head.opening(object: "chat.completion.chunk")
    }

    /// The end of a stream that was not cut off.
    static let done = Array("data: [DONE]\n\n".utf8)

    /// The first event of a choice: who speaks.
    func role(_ choice: Int) -> [UInt8] {
        chunk(choice) { json in
            json.raw(#"{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]"#)
            if choice == 0 { json.raw(head.member(isOutputValid: nil)) }
        }
    }

    /// What a token adds to the text; nil when that is nothing and nobody wants to know of the token itself.
    func token(_ choice: Int, _ token: AnswerToken) -> [UInt8]? {
        let isSilent = token.text.isEmpty && token.thinking.isEmpty
        guard !isSilent || (wantsLogProbabilities && !token.isEnd) else { return nil }
        return chunk(choice) { json in
            json.raw("{")
            if !token.thinking.isEmpty {
                json.raw(#""reasoning_content":"#)
                json.string(token.thinking)
            }
            if !token.text.isEmpty || isSilent {
                if !token.thinking.isEmpty { json.raw(",") }
                json.raw(#""content":"#)
                json.string(token.text)
            }
            json.raw(#"},"logprobs":"#)
            if wantsLogProbabilities {
                json.logProbabilities(of: CollectionOfOne(token))
            } else {
                json.raw("null")
            }
            json.raw(#","finish_reason":null}]"#)
        }
    }

    /// The calls of a choice, all at once.
    func calls(_ choice: Int, _ calls: [ToolCall]) -> [UInt8] {
        chunk(choice) { json in
            json.raw(#"{"content":null"#)
            json.toolCalls(calls, areNumbered: true)
            json.raw(#"},"logprobs":null,"finish_reason":null}]"#)
        }
    }

    /// The last event of a choice: why it ended.
    func finish(_ choice: Int, _ reason: String, isOutputValid: Bool?) -> [UInt8] {
        chunk(choice) { json in
            json.raw(#"{},"logprobs":null,"finish_reason":"#)
            json.string(reason)
            json.raw("}]")
            json.raw(head.member(isOutputValid: isOutputValid))
        }
    }

    /// The count of tokens: an event of its own, without choices.
    func usage(_ counts: TokenCounts) -> [UInt8] {
        var json = JSONWriter(capacity: opening.count + 128)
        json.raw(opening)
        json.raw(#","choices":[],"usage":"#)
        json.raw(counts.json)
        json.raw("}\n\n")
        return json.bytes
    }

    /// What went wrong after the answer had begun.
    static func failure(_ error: ErrorAnswer) -> [UInt8] { Array("data: ".utf8) + error.json + Array("\n\n".utf8) }

    private func chunk(_ choice: Int, _ rest: (inout JSONWriter) -> Void) -> [UInt8] {
        var json = JSONWriter(capacity: opening.count + 256)
        json.raw(opening)
        json.raw(#","choices":[{"index":"#)
        json.number(choice)
        json.raw(#","delta":"#)
        rest(&json)
        if wantsUsage { json.raw(#","usage":null"#) }
        json.raw("}\n\n")
        return json.bytes
    }
}
