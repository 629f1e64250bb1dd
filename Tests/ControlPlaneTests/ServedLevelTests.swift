import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

@testable import ControlPlane

/// Service levels while requests come, over restarts, and where nothing is known.
@Suite struct ServedLevelTests {
    private static func figures(_ live: WatchedPlane) async throws -> [String] {
        try await live.plane.levels.list(model: DemoPlane.model).map { row in
            "\(row.name) \(row.state) \(row.valid) \(row.bad) \(row.sli ?? -1) \(row.budgetLeft ?? -1)"
        }
    }

    private static func serve(_ live: WatchedPlane) async {
        await live.pass(300) { second in
            live.serve(1, outcome: second.isMultiple(of: 50) ? .engineFailed : .answered)
            live.serve(1, isValid: !second.isMultiple(of: 20))
        }
    }

    /// After an orderly end the numbers are the same, to the last event.
    @Test func aRestartChangesNoNumber() async throws {
        let live = try await WatchedPlane()
        await Self.serve(live)
        let before = try await Self.figures(live)
        #expect(before.contains { $0.hasPrefix("availability") && $0.contains(" 600 6 ") }, "\(before)")
        let next = try await live.restarted()
        #expect(try await Self.figures(next) == before)
        let again = try await next.restarted()
        #expect(try await Self.figures(again) == before)
    }

    /// After a kill only what was not written yet is missing.
    @Test func aKillLosesOnlyWhatWasNotWritten() async throws {
        let live = try await WatchedPlane()
        await Self.serve(live)
        await live.plane.loop.rollups.flush()
        let before = try await Self.figures(live)
        for _ in 0..<7 { live.serve(1) }
        let next = try await live.restarted(killed: true)
        #expect(try await Self.figures(next) == before)
    }

    /// A document that counts as before keeps its counts; one that counts otherwise begins anew.
    @Test func aChangedDocument() async throws {
        let live = try await WatchedPlane()
        func apply(_ indicator: String, _ target: String) async throws {
            _ = try await live.demo.apply(
                """
                apiVersion: serin/v1
                kind: SLO
                name: answers
                for: { channel: production, models: ["*"] }
                indicator: { \(indicator) }
                target: \(target)
                window: 1 d
                """
            )
            await live.step()
        }
        try await apply("type: totalLatency, atMost: 1 s", "90 %")
        for _ in 0..<10 { live.serve(1) }
        #expect(try await live.level("answers").row.valid == 10)
        try await apply("type: totalLatency, atMost: 1 s", "99 %")
        #expect(try await live.level("answers").row.valid == 10, "the target does not change what is counted")
        #expect(try await live.level("answers").row.target == 0.99)
        try await apply("type: totalLatency, atMost: 2 s", "99 %")
        let anew = try await live.level("answers")
        #expect(anew.row.valid == 0 && anew.row.state == .unknown)
        #expect(anew.row.budgetLeft == nil && anew.row.sli == nil)
        // Back to what was counted before: those counts are still there.
        try await apply("type: totalLatency, atMost: 1 s", "99 %")
        #expect(try await live.level("answers").row.valid == 10)
    }

    /// Without a request nothing is known, and nothing says 0 or 100 %.
    @Test func unknownWithoutData() async throws {
        let live = try await WatchedPlane()
        await live.step()
        for row in try await live.plane.levels.list(model: DemoPlane.model) {
            let isOfTime = ["first-token", "per-token", "total-latency"].contains(row.name.text)
            #expect(row.state == (isOfTime ? .off : .unknown) && row.reason != nil, "\(row)")
            #expect(row.sli == nil && row.budgetLeft == nil && row.burnFast == nil, "\(row)")
            #expect(row.exhaustedInSeconds == nil && row.alert == nil)
            let view = try await live.level(row.name.text)
            #expect(view.dataUntil == nil && view.points.isEmpty && view.interval.isEmpty)
            #expect(view.windows.allSatisfy { $0.state == "unknown" && $0.burnLong == nil })
        }
        let health = try await live.health()
        #expect(health.state == .noTraffic && health.words == "no traffic")
        #expect(health.errorShare == nil && health.p95Seconds == nil && health.requestsPerSecond == nil)
        #expect(health.budgetLeft == nil && health.dataUntil == nil)
        #expect(try await live.plane.traffic.requests.capture().newest == nil)
    }

    /// A budget gate blocks on what is unknown, passes with budget left, and fails when it is spent.
    @Test func theBudgetGate() async throws {
        let gate = "\n  - { id: budget, type: errorBudget, level: overridable, slo: availability, atLeast: 25 % }"
        let live = try await WatchedPlane(
            policy: WatchedPlane.policy.replacingOccurrences(
                of: "level: mandatory }",
                with: "level: mandatory }\(gate)"
            )
        )
        func state() async throws -> GateState? {
            try await live.demo.promote("ticket-bot@2", dryRun: true).decision?.gates
                .first { $0.id.text == "budget" }?.state
        }
        #expect(try await state() == .unknown)
        #expect(try await live.demo.promote("ticket-bot@2").outcome == .refused)
        for _ in 0..<50 { live.serve(1) }
        #expect(try await state() == .pass)
        for _ in 0..<5 { live.serve(1, outcome: .engineFailed) }
        #expect(try await state() == .fail)
        #expect(try await live.demo.promote("ticket-bot@2").outcome == .refused)
        #expect(try await live.demo.promote("ticket-bot@2", reason: "fixes it", override: true).outcome == .moved)
    }

    /// A label counts once, whatever is said afterwards and by whom; the last word is what is shown.
    @Test func aLabelCountsOnce() async throws {
        let live = try await WatchedPlane()
        let id = live.serve(1)
        func say(_ request: LabelRequest) async throws {
            _ = try await live.plane.traffic.requests.label(id, request, by: DemoPlane.admin)
        }
        func counted() async throws -> [Int] {
            let correctness = try await live.level("correctness").row, feedback = try await live.level("feedback").row
            return [correctness.valid, correctness.bad, feedback.valid, feedback.bad]
        }
        try await say(LabelRequest(correct: false))
        try await say(LabelRequest(correct: false))
        #expect(try await counted() == [1, 1, 0, 0])
        try await say(LabelRequest(correct: true))
        #expect(try await counted() == [1, 1, 0, 0], "an event is counted when it comes")
        try await say(LabelRequest(thumb: "up"))
        try await say(LabelRequest(thumb: "down"))
        #expect(try await counted() == [1, 1, 1, 0])
        #expect(try await live.plane.traffic.requests.show(id).labels.count == 5)
        let next = try await live.restarted()
        #expect(try await next.level("correctness").row.valid == 1)
    }

    /// Labels that say nothing, or of a request that nobody knows.
    @Test func labelsThatAreRefused() async throws {
        let live = try await WatchedPlane()
        let kept = live.serve(1), off = live.serve(1, capture: .off), metadata = live.serve(1, capture: .metadata)
        let stranger = RequestID(time: live.demo.clock.now(), random: (9, 9))
        let ahead = RequestID(time: live.demo.clock.now().adding(seconds: 40 * 86_400), random: (9, 9))
        for id in [stranger, ahead, off] {
            await expectError(.notFound) {
                try await live.plane.traffic.requests.label(id, LabelRequest(correct: true), by: DemoPlane.admin)
            }
        }
        for request in [
            LabelRequest(), LabelRequest(thumb: "sideways"),
            LabelRequest(comment: String(repeating: "x", count: 65 << 10)),
            LabelRequest(comment: "half\0lost"), LabelRequest(correct: false, correction: "half\0lost"),
        ] {
            await expectError(.badRequest) {
                try await live.plane.traffic.requests.label(kept, request, by: DemoPlane.admin)
            }
        }
        _ = try await live.plane.traffic.requests.label(metadata, LabelRequest(correct: true), by: DemoPlane.admin)
        #expect(try await live.level("correctness").row.valid == 1)
    }
}
