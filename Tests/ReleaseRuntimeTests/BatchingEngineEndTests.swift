import RegistryTypes
import SeededRandom
import TestSupport
import Testing
import UserDocuments

@testable import ReleaseRuntime

/// How an engine ends: its requests, itself, and requests that it does not begin.
extension BatchingEngineTests {
    @Test func closingEndsEverything() async throws {
        let live = ForegroundLoad()
        let engine = try BatchingEngine(DemoRelease.weights(), limits: EngineLimits(maxSequences: 2), live: live)
        let streams = try (0..<40).map { _ in try engine.serve(request(temperature: 100, maxTokens: 400)) }
        await engine.close()
        var closed = 0
        for stream in streams {
            do { _ = try await Served(stream).answer() } catch ReleaseRuntimeError.engineClosed { closed += 1 }
        }
        #expect(closed > 0)
        #expect(engine.load == EngineLoad())
        #expect(live.count == 0)
        #expect(throws: ReleaseRuntimeError.engineClosed) { try engine.serve(request()) }
        await engine.close()
        await engine.drain()
    }

    @Test func drainingWaitsForTheLastAndCanBeGivenUp() async throws {
        let engine = try BatchingEngine(DemoRelease.weights(), limits: EngineLimits(maxSequences: 2))
        let streams = try Self.tickets.map { try engine.serve(request($0)) }
        await engine.drain()
        #expect(engine.load == EngineLoad())
        for stream in streams { _ = try await Served(stream).answer() }
        let idle = try stopped(EngineLimits())
        let kept = try idle.serve(request())
        let drain = Task { await idle.drain() }
        drain.cancel()
        await drain.value
        #expect(idle.load == EngineLoad(queued: 1))
        _ = kept
        await engine.close()
    }

    @Test func anEngineWithoutAnOwnerAnswersWhatItTookAndEnds() async throws {
        var engine: BatchingEngine? = try BatchingEngine(DemoRelease.weights(), limits: EngineLimits(maxSequences: 2))
        weak let left = engine
        let streams = try Self.tickets.compactMap { try engine?.serve(request($0)) }
        engine = nil
        for stream in streams { _ = try await Served(stream).answer() }
        try await eventually("the engine is gone") { left == nil }
    }

    /// Many more requests than there is room for; every third caller goes away after its first token.
    @Test func aThousandCallersComeAndGo() async throws {
        let release = try DemoRelease.release()
        let live = ForegroundLoad()
        let engine = try BatchingEngine(
            release.weights,
            limits: EngineLimits(maxSequences: 8, maxQueued: 2000, cacheBytes: 1 << 20),
            live: live
        )
        var expected: [Answer] = []
        let alone = try BatchingEngine(alone: DemoRelease.weights(), live: live)
        for ticket in Self.tickets { expected.append(try await alone.answer(request(ticket, maxTokens: 5))) }
        await alone.close()
        let answers = expected
        try await withThrowingTaskGroup { group in
            for index in 0..<1000 {
                group.addTask {
                    let place = index % Self.tickets.count
                    let stream = try engine.serve(request(Self.tickets[place], maxTokens: 5))
                    guard !index.isMultiple(of: 3) else {
                        for try await event in stream { if case .token = event { return } }
                        return
                    }
                    expectSame(try await Served(stream).answer(), answers[place])
                }
            }
            try await group.waitForAll()
        }
        await engine.drain()
        #expect(engine.load == EngineLoad())
        #expect(live.count == 0)
        await engine.close()
    }

    @Test func damagedWeightsFailRequestsNotTheEngine() async throws {
        let release = try await DemoRelease.damaged()
        let engine = try BatchingEngine(release.weights)
        for _ in 0..<3 {
            let stream = try engine.serve(request(choices: 2))
            do {
                _ = try await Served(stream)
                Issue.record("damaged weights answered")
            } catch {
                #expect(ReleaseRuntimeError.isEngineFailure(error))
                #expect("\(error)".contains("is not finite"))
            }
        }
        #expect(engine.load == EngineLoad())
        await engine.close()
    }

    // MARK: - Requests that are refused at once

    @Test func badRequestsAreNamed() async throws {
        let release = try DemoRelease.release()
        let pageBytes = 4 * 2 * 2 * 16 * 32 * 2  // 4 layers, 2 heads, keys and values, 16 tokens × 32 halves
        let engine = try BatchingEngine(
            release.weights,
            limits: EngineLimits(maxSequences: 4, cacheBytes: 8 * pageBytes)
        )
        #expect(engine.cacheBytes == 8 * pageBytes)
        func refuse(_ error: ReleaseRuntimeError, _ change: (inout AnswerRequest) -> Void) throws {
            var request = try request()
            change(&request)
            #expect(throws: error) { try engine.serve(request) }
        }
        let count = "from 1 to 4"
        try refuse(.invalidSetting(name: "n", value: "0", allowed: count)) { $0.choices = 0 }
        try refuse(.invalidSetting(name: "n", value: "-1", allowed: count)) { $0.choices = -1 }
        try refuse(.invalidSetting(name: "n", value: "\(Int.max)", allowed: count)) { $0.choices = .max }
        try refuse(.invalidSetting(name: "top_logprobs", value: "-1", allowed: "from 0 to 20")) { $0.alternatives = -1 }
        try refuse(.invalidSetting(name: "top_logprobs", value: "21", allowed: "from 0 to 20")) { $0.alternatives = 21 }
        try refuse(.invalidSetting(name: "maxTokens", value: "0", allowed: "1 or more")) { $0.decoding.maxTokens = 0 }
        try refuse(.invalidSetting(name: "temperature", value: "nan", allowed: "from 0 to 100")) {
            $0.decoding.temperature = .nan
        }
        try refuse(.invalidSetting(name: "topP", value: "2.0", allowed: "greater than 0 and at most 1")) {
            ($0.decoding.temperature, $0.decoding.topP) = (1, 2)
        }
        let tokens = try release.render(DemoRelease.ticket).count
        let needed = (tokens + 199 + 15) / 16
        try refuse(.tooLargeForMemory(neededBytes: needed * pageBytes, allowedBytes: 8 * pageBytes)) {
            $0.decoding.maxTokens = 200
        }
        try refuse(.noMessages) { $0.input = .messages([]) }
        #expect(throws: PromptError.self) { try engine.serve(request([:])) }
        #expect(engine.load == EngineLoad())
        await engine.close()
    }
}
