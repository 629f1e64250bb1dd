import RegistryRecords
import RegistryTypes
import Testing

@testable import ReleaseRuntime

@Suite struct LiveLoadTests {
    @Test func withoutRequestsNothingPauses() {
        let live = LiveLoad()
        #expect(live.pause() == .zero)
        live.begin()
        live.begin()
        live.end()
        #expect(live.count == 1)
        live.end()
        #expect(live.pause(atMost: .seconds(3600)) == .zero)
    }

    @Test func aPauseEndsWithItsLimitOrTheLoad() async {
        let live = LiveLoad()
        live.begin()
        #expect(live.pause(atMost: .milliseconds(3)) >= .milliseconds(3))
        // An hour at most, but the load ends before.
        async let paused = Task { live.pause(atMost: .seconds(3600)) }.value
        live.end()
        #expect(await paused < .seconds(3600))
    }

    /// Work in the background goes on under a load that never ends, gives the same bits, and reports its own times.
    @Test func backgroundWorkYieldsAndStaysTheSame() async throws {
        let weights = try DemoRelease.weights()
        let live = LiveLoad()
        let engine = try weights.makeEngine(live: live)
        let request = AnswerRequest(
            prompt: try DemoRelease.prompt(),
            input: .variables(DemoRelease.ticket),
            decoding: DecodingSettings(maxTokens: 6),
            priority: .background
        )
        let alone = try await engine.answer(request)
        live.begin()
        let start = ContinuousClock.now
        let yielding = try await engine.answer(request)
        let elapsed = start.duration(to: .now) / .seconds(1)
        #expect(yielding.tokens == alone.tokens)
        #expect(yielding.logProbabilities == alone.logProbabilities)
        // At least 50 ms before the prompt and before each token after the first; none of it is in the reported time.
        #expect(elapsed >= 0.3)
        #expect(yielding.totalSeconds <= elapsed - 0.3)
        #expect(try await engine.score(alone.tokens, answering: request) == alone.logProbabilities)
        let describer = try PromptDescriber(weights)
        let described = try await describer.describe("Where is my parcel?", yieldingTo: live)
        #expect(described == (try await describer.describe("Where is my parcel?")))
        let smoke = await SmokeTest().run(weights, yieldingTo: live)
        #expect(smoke.passed)
        live.end()
        await engine.close()
    }

    /// A live request ends the pause of an engine that makes room for others.
    @Test func aLiveRequestIsTakenAtOnce() async throws {
        let live = LiveLoad()
        let engine = try BatchingEngine(stopped: DemoRelease.weights(), limits: EngineLimits(), live: live)
        live.begin()
        // An hour at most, but a request comes before.
        async let paused: Void = Task { engine.queue.makeRoom(atMost: .seconds(3600)) }.value
        let stream = try engine.serve(
            AnswerRequest(
                prompt: try DemoRelease.prompt(),
                input: .variables(DemoRelease.ticket),
                decoding: DecodingSettings(maxTokens: 4)
            )
        )
        await paused
        live.end()
        while engine.load != EngineLoad() { engine.loop.turn(at: .now) }
        #expect(try await Served(stream).answer().outputTokens == 4)
        #expect(live.count == 0)
    }

    @Test func servingRaisesIt() async throws {
        let live = LiveLoad()
        let engine = try BatchingEngine(stopped: DemoRelease.weights(), limits: EngineLimits(), live: live)
        let request = AnswerRequest(
            prompt: try DemoRelease.prompt(),
            input: .variables(DemoRelease.ticket),
            decoding: DecodingSettings(maxTokens: 64)
        )
        let streams = try (0..<3).map { _ in try engine.serve(request) }
        #expect(live.count == 3)
        while engine.load != EngineLoad() {
            #expect(live.count > 0)
            engine.loop.turn(at: .now)
        }
        #expect(live.count == 0)
        for stream in streams { _ = try await Served(stream).answer() }
    }
}
