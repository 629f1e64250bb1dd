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

    @Test func theClockStandsStillWhilePausing() {
        let live = LiveLoad()
        live.begin()
        let clock = YieldingClock(live)
        let (start, outside) = (clock.now, ContinuousClock.now)
        for _ in 0..<3 { clock.yield() }
        let measured = start.duration(to: clock.now)
        #expect(clock.pausedDuration >= .milliseconds(150))
        #expect(measured >= .zero)
        #expect(measured + clock.pausedDuration <= outside.duration(to: .now) + .milliseconds(1))
        #expect(YieldingClock(nil).pausedDuration == .zero)
    }

    /// Work in the background goes on under a load that never ends, gives the same bits, and reports its own times.
    @Test func backgroundWorkYieldsAndStaysTheSame() async throws {
        let release = try DemoRelease.release(decoding: DecodingSettings(maxTokens: 6))
        let worker = try ReleaseWorker(release)
        let alone = try await worker.answer(DemoRelease.ticket)
        let live = LiveLoad()
        live.begin()
        let start = ContinuousClock.now
        let yielding = try await worker.answer(DemoRelease.ticket, yieldingTo: live)
        let elapsed = start.duration(to: .now) / .seconds(1)
        #expect(yielding.tokens == alone.tokens)
        #expect(yielding.logProbabilities == alone.logProbabilities)
        // At least 50 ms before the prompt and before each of six tokens; none of it is in the reported time.
        #expect(yielding.totalSeconds <= elapsed - 0.3)
        let scores = try await worker.score(DemoRelease.ticket, answerTokens: alone.tokens, yieldingTo: live)
        #expect(scores == alone.logProbabilities)
        let describer = try PromptDescriber(release.weights)
        let described = try await describer.describe("Where is my parcel?", yieldingTo: live)
        #expect(described == (try await describer.describe("Where is my parcel?")))
        let smoke = await SmokeTest().run(release.weights, yieldingTo: live)
        #expect(smoke.passed)
        live.end()
    }

    @Test func servingRaisesIt() async throws {
        let live = LiveLoad()
        let release = try DemoRelease.release()
        let engine = try ServingEngine(stopped: release.weights, limits: ServingLimits(), live: live)
        let request = ServingRequest(input: .variables(DemoRelease.ticket), decoding: release.decoding)
        let streams = try (0..<3).map { _ in try engine.serve(release, request) }
        #expect(live.count == 3)
        while engine.load != (0, 0) {
            #expect(live.count > 0)
            engine.loop.turn(at: .now)
        }
        #expect(live.count == 0)
        for stream in streams { _ = try await Served(stream).answer() }
    }
}
