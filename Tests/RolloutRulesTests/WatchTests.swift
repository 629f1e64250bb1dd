import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

@testable import RolloutRules

/// What a watch does, case by case.
@Suite struct WatchTests {
    private let name: Name

    init() throws { name = try Name(Fixture.level) }

    /// One second of traffic: bad and valid events of the release and of the held-back one.
    private func seen(
        _ second: Double,
        _ candidate: (bad: Int, valid: Int) = (0, 0),
        _ heldBack: (bad: Int, valid: Int) = (0, 0),
        burn: BurnReading = .calm(rate: 1),
        heldBackBurn: BurnReading = .calm(rate: 1),
        engine: (Int, Int) = (0, 0)
    ) -> RolloutObservation {
        let counts = ArmCounts(
            candidate: EventCounts(valid: candidate.valid, bad: candidate.bad),
            heldBack: EventCounts(valid: heldBack.valid, bad: heldBack.bad)
        )
        return RolloutObservation(
            monotonicSeconds: second,
            time: Fixture.time(Double(second)),
            requests: ArmCounts(
                candidate: EventCounts(valid: candidate.valid),
                heldBack: EventCounts(valid: heldBack.valid)
            ),
            engineFailures: engine,
            levels: [LevelObservation(name: name, counts: counts, burn: burn, heldBackBurn: heldBackBurn)]
        )
    }

    private let burning = BurnReading.burning(rate: 40, limit: 14.4)

    private func kinds(_ actions: [RolloutAction]) -> [String] {
        actions.map { action in
            switch action {
            case .settle: "settle"
            case .takeBack(let report): "back: \(report.cause.map { "\($0.kind)" } ?? "?")"
            case .report(let report): "report: \(report.burn?.rawValue ?? "?")"
            }
        }
    }

    /// Silence is no evidence: the watch goes on however long nobody asks, says what it waits for, and settles with the
    /// tenth answer.
    @Test func withoutTrafficNothingSettlesAndFewAnswersAreNotEnough() throws {
        var watch = RolloutWatch(try Fixture.record(probation: 10))
        for second in 0..<3600 { #expect(watch.step(seen(Double(second))).isEmpty) }
        #expect(watch.waitsForAnswers && watch.state == .probation)
        #expect(watch.resultSoFar().sentence.contains("no traffic seen, settling waits for answers: no traffic"))
        #expect(watch.resultSoFar().facts.contains("no traffic seen"))
        #expect(watch.step(seen(3600, (0, 9))).isEmpty)
        #expect(watch.waitsForAnswers && watch.answered == 9)
        #expect(try RolloutWatch(Fixture.record(probation: 10), checkpoint: watch.checkpoint()).waitsForAnswers)
        guard case .settle(let report)? = watch.step(seen(3601, (0, 1))).first else {
            Issue.record("not settled")
            return
        }
        #expect(report.result.requests == 10)
        #expect(report.result.sentence == "r2 settled after 1 h: 10 requests, no bad answer among 10 that were judged")
        #expect(kinds(watch.step(seen(3602))) == ["settle"], "said again until the log has it")
        watch.end(as: .settled)
        #expect(watch.step(seen(3603)).isEmpty)
    }

    /// Answers of the held-back release are no evidence for the one that came in; nor are failures.
    @Test func otherAnswersAreNoEvidence() throws {
        var watch = RolloutWatch(try Fixture.record(probation: 10, holdback: 0.2))
        for second in 0..<100 { #expect(watch.step(seen(Double(second), (0, 0), (0, 5))).isEmpty) }
        #expect(watch.waitsForAnswers)
        var failing = RolloutWatch(try Fixture.record(probation: 10, triggers: []))
        for second in 0..<100 {
            let failures = ArmCounts(candidate: EventCounts(valid: 1, bad: 1))
            let seen = RolloutObservation(
                monotonicSeconds: Double(second),
                time: Fixture.time(Double(second)),
                requests: failures
            )
            #expect(failing.step(seen).isEmpty)
        }
        #expect(failing.waitsForAnswers && failing.answered == 0)
    }

    @Test func aBurnWithAHeldBackShareWaitsForEvidenceThenReturns() throws {
        var watch = RolloutWatch(try Fixture.record(holdback: 0.5))
        #expect(kinds(watch.step(seen(0, (3, 4), (0, 2), burn: burning))) == ["report: undecided"])
        #expect(watch.readings.map(\.state) == [.suspected, .quiet, .quiet])
        var actions: [RolloutAction] = []
        var second = 1.0
        while actions.isEmpty, second < 30 {
            actions = watch.step(seen(second, (3, 4), (0, 3), burn: burning))
            second += 1
        }
        #expect(kinds(actions) == ["back: worseThanPrevious"])
        #expect(watch.readings.map(\.state) == [.suspected, .fired, .quiet])
        guard case .takeBack(let report)? = actions.first else { return }
        #expect(report.result.sentence.hasPrefix("r2 was returned to r1: r2 "))
        #expect(report.result.firstBadAt == Fixture.time(0))
        #expect(report.family == .quality)
        #expect(report.severity == .page)
    }

    @Test func withoutAHeldBackShareABurnDecidesAlone() throws {
        var watch = RolloutWatch(try Fixture.record(holdback: 0))
        #expect(kinds(watch.step(seen(0, (5, 5), burn: burning))) == ["back: burn"])
    }

    @Test func withNoHeldBackTrafficABurnDecidesOnceFiveRequestsOfItWereExpected() throws {
        var watch = RolloutWatch(try Fixture.record(holdback: 0.2))
        #expect(kinds(watch.step(seen(0, (20, 20), burn: burning))) == ["report: undecided"])
        #expect(kinds(watch.step(seen(1, (10, 10), burn: burning))) == ["back: burn"])
    }

    @Test func aBurnThatTheHeldBackShareSuffersTooReturnsNothingAndHoldsUpSettling() throws {
        var watch = RolloutWatch(try Fixture.record(probation: 5, holdback: 0.2))
        let both = { (second: Double) in
            seen(second, (8, 8), (2, 2), burn: burning, heldBackBurn: burning)
        }
        #expect(kinds(watch.step(both(0))) == ["report: shared"])
        for second in 1..<5 { #expect(watch.step(both(Double(second))).isEmpty) }
        #expect(kinds(watch.step(both(5))) == ["report: shared"], "settling waits, said once")
        for second in 6..<100 { #expect(watch.step(both(Double(second))).isEmpty) }
        for second in 100..<104 { #expect(watch.step(seen(Double(second), (0, 8), (0, 2))).isEmpty) }
        #expect(kinds(watch.step(seen(104, (0, 8), (0, 2)))) == ["report: over", "settle"])
    }

    @Test func aPersonsWordComesBeforeAReturnAndBeforeASettling() throws {
        for end in [RolloutState.rolledBack, .aborted, .superseded] {
            var returning = RolloutWatch(try Fixture.record(holdback: 0))
            #expect(kinds(returning.step(seen(0, (5, 5), burn: burning))) == ["back: burn"])
            returning.end(as: end)
            #expect(returning.step(seen(1, (5, 5), burn: burning)).isEmpty)
            returning.end(as: .returned)
            #expect(returning.state == end, "the first end stays")
            var settling = RolloutWatch(try Fixture.record(probation: 0.5))
            _ = settling.step(seen(0, (0, 10)))
            #expect(kinds(settling.step(seen(1))) == ["settle"])
            settling.end(as: end)
            #expect(settling.step(seen(2)).isEmpty)
            #expect(settling.start(at: Fixture.time(3)).isEmpty)
        }
    }

    @Test func engineFailuresReturnAtOnceUnlessTheHeldBackReleaseFailsToo() throws {
        var watch = RolloutWatch(try Fixture.record())
        #expect(watch.step(seen(0, (0, 8), (0, 2), engine: (2, 0))).isEmpty)
        #expect(kinds(watch.step(seen(1, (0, 8), (0, 2), engine: (1, 0)))) == ["back: engineFailures"])
        var both = RolloutWatch(try Fixture.record())
        #expect(both.step(seen(0, (0, 8), (0, 2), engine: (2, 1))).isEmpty)
        #expect(kinds(both.step(seen(1, (0, 8), (0, 2), engine: (2, 1)))) == ["report: shared"])
        #expect(both.step(seen(2, (0, 8), (0, 2), engine: (2, 1))).isEmpty)
    }

    @Test func theSecondCrashOfTheProcessReturnsTheReleaseWhenTheServerStarts() throws {
        var first = RolloutWatch(try Fixture.record(crashes: 1))
        #expect(kinds(first.start(at: Fixture.time(0))) == ["report: undecided"])
        #expect(first.start(at: Fixture.time(1)).isEmpty)
        var second = try RolloutWatch(Fixture.record(crashes: 2), checkpoint: first.checkpoint())
        #expect(kinds(second.start(at: Fixture.time(2))) == ["back: crashes"])
        var without = RolloutWatch(try Fixture.record(crashes: 2))
        #expect(kinds(without.start(at: Fixture.time(2))) == ["back: crashes"])
    }

    @Test func withNothingToGoBackToItIsSaidOnceAndNothingSettlesByItself() throws {
        var watch = RolloutWatch(try Fixture.record(probation: 3, from: nil))
        #expect(kinds(watch.step(seen(0, (5, 5), burn: burning))) == ["report: nothingToReturnTo"])
        for second in 1..<20 { #expect(watch.step(seen(Double(second), (5, 5), burn: burning)).isEmpty) }
    }

    @Test(arguments: [-3.0 * 86_400, 40 * 86_400, .nan, .infinity, -.infinity, 1e308])
    func aClockThatJumpsNeitherSettlesNorStopsTheWatch(_ jump: Double) throws {
        var watch = RolloutWatch(try Fixture.record(probation: 60))
        for second in 0..<10 { #expect(watch.step(seen(Double(second), (0, 2))).isEmpty) }
        let moved = RolloutObservation(monotonicSeconds: 10 + jump, time: Timestamp(milliseconds: 0))
        #expect(watch.step(moved).isEmpty)
        let origin = jump.isFinite ? 10 + jump : 10
        guard origin + 1 > origin else { return }
        var ended: Int?
        for second in 1..<100 where ended == nil {
            if !watch.step(seen(origin + Double(second))).isEmpty { ended = second }
        }
        #expect(ended.map { (45...60).contains($0) } == true)
    }

    @Test func aSplitThatIsOffIsToldAndDecidesNothing() throws {
        var watch = RolloutWatch(try Fixture.record(probation: 30, holdback: 0.2))
        for second in 0..<30 { #expect(watch.step(seen(Double(second), (0, 5), (0, 5))).isEmpty) }
        #expect(watch.split.isOff)
        guard case .settle(let report)? = watch.step(seen(30)).first else {
            Issue.record("not settled")
            return
        }
        #expect(report.result.facts.contains("the traffic is not split as the policy says (20 % held back)"))
    }

    @Test func whatATriggerNeedsIsWhatThePolicyNames() throws {
        // Without a burn trigger a burn is nobody's business; without a named degradation worse answers are not either.
        var watch = RolloutWatch(try Fixture.record(probation: 20, triggers: [.engineFailures(3)]))
        for second in 0..<20 {
            #expect(watch.step(seen(Double(second), (8, 8), (0, 2), burn: burning)).isEmpty)
        }
        #expect(kinds(watch.step(seen(20))) == ["settle"])
    }

    @Test func countsThatMakeNoSenseAreCutToWhatDoes() {
        #expect(EventCounts(valid: -1, bad: 5) == EventCounts())
        #expect(EventCounts(valid: 3, bad: 9) == EventCounts(valid: 3, bad: 3))
        #expect((EventCounts(valid: .max, bad: .max) + EventCounts(valid: .max, bad: .max)).valid == 1 << 48)
    }
}
