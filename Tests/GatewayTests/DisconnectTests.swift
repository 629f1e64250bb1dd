import RegistryTypes
import ReleaseRuntime
import Synchronization
import Testing

@testable import Gateway

/// Readers that go away, and engines that are busy.
struct DisconnectTests {
    private struct Gone: Error {}

    @Test func aReaderThatLeavesEndsTheAnswer() async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 1, maxTokens: 400))
        var answer: GatewayAnswer? = try await test.ask(#", "stream": true, "seed": 3"#)
        var written = 0
        if case .stream(_, let stream) = answer {
            await #expect(throws: Gone.self) {
                try await stream.write { _ in
                    written += 1
                    if written == 3 { throw Gone() }
                }
            }
        }
        answer = nil
        // The engine gives its place back: it is idle again long before 400 tokens.
        await test.engine.drain()
        let record = try #require(test.last?.record)
        #expect(record.outcome == .clientGone && record.status == 200)
        #expect(record.outcome.isValidEvent == false)
        #expect(try #require(record.outputTokens) < 400)
        #expect(test.gateway.measurements.snapshot.active == 0)
    }

    /// An answer that breaks off says so, in an event and by the missing end; it never looks whole.
    @Test(arguments: [ReleaseRuntimeError.engineFailed("not a number"), nil])
    func aFailureInTheMiddleIsSaid(_ error: ReleaseRuntimeError?) async throws {
        let test = try TestGateway()
        let request = Array(
            #"{"model": "ticket-bot", "stream": true, "messages": [{"role": "user", "content": "x"}]}"#.utf8
        )
        let route = try TestGateway.route(2, nil, .pinned, test.loaded, test.engine)
        let records = Mutex<[RequestRecord]>([])
        let meter = RequestMeter(
            RequestMeter.Facts(
                call: try TestGateway.call(),
                request: try ChatCompletionRequest(request),
                route: route,
                policy: .off,
                unit: nil,
                seed: 0,
                time: Timestamp(milliseconds: 0),
                deadline: try RequestDeadline.usual(),
                arrival: .now
            ),
            now: { Timestamp(milliseconds: 0) },
            done: { completed in records.withLock { $0.append(completed.record) } }
        )
        let (events, source) = AnswerEvents.makeStream()
        source.finish(throwing: error)
        let head = AnswerHead(meter.facts.call.id, created: Timestamp(milliseconds: 0), route)
        let stream = AnswerStream(.started(promptTokens: 9, queueSeconds: 0), then: events, meter, head)
        var text = ""
        await #expect(throws: GatewayError.self) {
            try await stream.write { text += String(decoding: $0, as: UTF8.self) }
        }
        #expect(text.contains(#""role":"assistant""#) && text.hasSuffix(#""code":"engine_failed"}}"# + "\n\n"))
        #expect(!text.contains("[DONE]") && !text.contains(#""finish_reason":"stop""#))
        let record = try #require(records.withLock { $0.first })
        #expect(record.outcome == .engineFailed && record.status == 500 && record.promptTokens == 9)
        #expect(record.finish == nil && record.isOutputValid == nil && record.firstTokenSeconds == nil)
    }

    @Test func anAnswerThatNobodyTakesIsRecordedAllTheSame() async throws {
        let test = try TestGateway()
        _ = try await test.ask(#", "stream": true"#)
        await test.engine.drain()
        #expect(test.last?.record.outcome == .clientGone)
    }

    @Test func aCancelledTaskIsAClientThatLeft() async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 1, maxTokens: 400))
        let task = Task { try await test.ask(#", "seed": 3"#) }
        task.cancel()
        let result = await task.result
        await test.engine.drain()
        switch result {
        case .success:
            // The engine was faster than the cancellation: all of it was there to be taken.
            #expect(test.last?.record.outcome == .answered)
        case .failure(let error):
            #expect(error is CancellationError)
            // It may have been cancelled before it was read: then there is nothing to record.
            #expect(test.last.map { $0.record.outcome == .clientGone } ?? true)
        }
    }

    @Test(
        arguments: [
            (.queueFull(retryAfterSeconds: 3, isOwn: false), 429, "overloaded", .overloaded),
            (.queueFull(retryAfterSeconds: 3, isOwn: true), 429, "overloaded", .ownLoad),
            (.waitedBehindOwn, 504, "timeout", .ownLoad),
            (.deadlinePassed, 504, "timeout", .timedOut), (.engineClosed, 503, "overloaded", .overloaded),
            (.engineFailed("not a number"), 500, "engine_failed", .engineFailed),
            (.promptTooLong(tokens: 3000, contextLength: 2048), 400, "context_length_exceeded", .rejected),
            (.tooLargeForMemory(neededBytes: 2, allowedBytes: 1), 400, "invalid_value", .rejected),
            (.invalidSetting(name: "n", value: "64", allowed: "from 1 to 32"), 400, "invalid_value", .rejected),
            (.noMessages, 400, "invalid_value", .rejected),
        ] as [(ReleaseRuntimeError, Int, String, RequestOutcome)]
    )
    func whatTheEngineSaysHasAStatus(
        _ error: ReleaseRuntimeError,
        _ status: Int,
        _ code: String,
        _ outcome: RequestOutcome
    ) throws {
        let failure = try GatewayError(serving: error, deadline: .usual(), isConversation: true)
        let answer = ErrorAnswer(failure)
        #expect(answer.status == status && answer.code == code && failure.outcome == outcome)
        #expect(answer.shouldRetry == [429, 503].contains(status))
        #expect((answer.retryAfterMilliseconds != nil) == answer.shouldRetry)
    }

    @Test func aDeadlineEndsAnAnswer() async throws {
        let test = try TestGateway(decoding: DecodingSettings(temperature: 2, maxTokens: 400))
        let error = await #expect(throws: GatewayError.self) {
            _ = try await test.ask(#", "seed": 5"#, call: TestGateway.call(deadlineHeader: "1"))
        }
        #expect(ErrorAnswer(try #require(error)).code == "timeout")
        #expect(test.last?.record.outcome == .clientDeadline && test.last?.record.status == 504)
    }

    @Test func aDrainedGatewayTakesNothing() async throws {
        let test = try TestGateway()
        test.gateway.drain()
        await #expect(throws: GatewayError.draining) { _ = try await test.ask() }
        #expect(test.gateway.readiness == .draining)
        #expect(test.gateway.measurements.snapshot.refused == [503: 1])
        test.gateway.update(.none)
        #expect(test.gateway.readiness == .draining)
    }
}
