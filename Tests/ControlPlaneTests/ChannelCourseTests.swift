import Foundation
import RegistryRecords
import RegistryTypes
import RolloutRules
import Testing
import TrafficLog
import UserDocuments
import WireFormat

@testable import ControlPlane

/// What is said of a channel rests on what its live release answered since it came in.
@Suite struct ChannelCourseTests {
    /// A release that nobody asked since it came in is not healthy because the one before was.
    @Test func aReleaseThatNobodyAskedIsUnknown() async throws {
        // Without a watch: a release that is watched says that instead.
        let live = try await WatchedPlane(policy: WatchedPlane.policy.components(separatedBy: "rollout:")[0])
        await live.pass(60) { _ in live.serve(1) }
        #expect(try await live.health().state == .healthy)
        #expect(try await live.demo.promote("ticket-bot@2").outcome == .moved)
        await live.pass(1)
        let unknown = try await live.health()
        #expect(unknown.state == .unknown && unknown.words == "r2 was not asked since it came in")
        // A late answer of the one before says nothing of it either; its own does, and outlives a restart.
        live.serve(1)
        await live.pass(1)
        #expect(try await live.health().state == .unknown)
        live.serve(2)
        await live.pass(3)
        #expect(try await live.health().state == .healthy)
        await live.plane.loop.flush()
        let next = try await live.restarted(killed: true)
        await next.pass(1)
        #expect(try await next.health().state == .healthy)
    }

    /// An alert is the live release's where its own answers show it, however long ago it came; else it is said whose.
    @Test func anAlertIsOfWhoseAnswersShowIt() async throws {
        let policy = WatchedPlane.policy.components(separatedBy: "rollBackWhen")[0]
        let live = try await WatchedPlane(policy: policy)
        await live.pass(60) { _ in live.serve(1) }
        _ = try await live.demo.promote("ticket-bot@2", reason: "now", override: true)
        await live.pass(2)
        for _ in 0..<45 { live.serve(2, outcome: .timedOut) }
        await live.pass(1)
        #expect(try await live.health().state == .failing, "all of it is r2's")
        _ = try await live.demo.rollback(to: 1)
        await live.pass(330) { second in if second % 20 == 0 { live.serve(1) } }
        let back = try await live.health()
        #expect(back.release == 1 && back.state == .burning, "\(back.state) \(back.words)")
        #expect(back.words.contains("what r1 answered since it came in does not show it"), "\(back.words)")
        // Over a restart too.
        await live.plane.loop.flush()
        let next = try await live.restarted(killed: true)
        await next.pass(1)
        #expect(try await next.health().state == .burning)
    }

    /// A label of an old answer is no request: the channel stays without traffic. One that no level counts knows when it
    /// was asked over a restart.
    @Test func aLabelIsNoTraffic() async throws {
        let live = try await WatchedPlane()
        var id: RequestID?
        await live.pass(60) { _ in
            id = live.serve(1)
            live.serve(2, channel: DemoPlane.known("staging"))
        }
        await live.plane.traffic.requests.queue.flush()
        await live.plane.loop.flush()
        let soon = try await live.restarted(killed: true)
        await soon.pass(1)
        let staged = try await soon.plane.overview.status().health.first { $0.channel.text == "staging" }
        #expect(staged?.state == .unknown && staged?.dataUntil != nil, "\(staged?.words ?? "")")
        soon.demo.clock.advance(seconds: 7200)
        await soon.pass(1)
        _ = try await soon.plane.traffic.requests.label(
            #require(id),
            LabelRequest(correct: true),
            by: DemoPlane.admin
        )
        await soon.pass(1)
        #expect(try await soon.health().state != .healthy)
    }

    /// Five answers, a restart, five answers: ten.
    @Test(arguments: [false, true]) func answersCountOverARestart(_ killed: Bool) async throws {
        let demo = try await DemoPlane()
        let live = WatchedPlane(demo, monotonicSeconds: 0)
        await live.pass(5) { _ in live.serve(1) }
        await live.plane.loop.flush()
        let next = try await live.restarted(killed: killed)
        func settled() async throws -> Bool? {
            try await next.plane.overview.status().models.first?.channels.first?.move.settled
        }
        await next.pass(4) { _ in next.serve(1) }
        #expect(try await settled() == false)
        await next.pass(1) { _ in next.serve(1) }
        #expect(try await settled() == true)
    }

    /// What a caller cut short, changed, or what is bad does not settle a release that nobody watches.
    @Test func onlyTellingAnswersSettle() async throws {
        let demo = try await DemoPlane()
        let live = WatchedPlane(demo, monotonicSeconds: 0)
        func settled() async throws -> Bool? {
            try await demo.plane.overview.status().models.first?.channels.first?.move.settled
        }
        await live.pass(40) { _ in live.serve(1, isCut: true) }
        #expect(try await settled() == false)
        await live.pass(12) { _ in live.serve(1, isValid: false) }
        #expect(try await settled() == false)
        // One was answered when the demo was made.
        await live.pass(11) { _ in live.serve(1) }
        let course = live.plane.loop.settling.tracker.course(DemoPlane.model, DemoPlane.production)
        #expect(try await settled() == false, "as many were bad as good: \(course.debugDescription)")
        await live.pass(2) { _ in live.serve(1) }
        #expect(try await settled() == true)
    }

    /// Nor one that is watched; and what settles says whether anything was judged.
    @Test func aWatchSettlesByTellingAnswers() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@3")
        await live.pass(WatchedPlane.probationSteps) { _ in live.serve(3, isCut: true) }
        let waiting = try await live.rollout()
        #expect(waiting.row.state == "probation")
        #expect(waiting.row.words.contains("0 of 10 that are whole"), "\(waiting.row.words)")
        await live.pass(12) { _ in live.serve(3) }
        let settled = try await live.rollout()
        #expect(settled.row.state == "settled")
        #expect(settled.sentence.contains("no bad answer among 10 that were judged"), "\(settled.sentence)")
    }

    /// Bad answers that wait for a comparison: nothing settles until the held-back share answered, or is known to stay away.
    @Test func badAnswersWaitForTheComparison() async throws {
        let policy = WatchedPlane.policy.replacingOccurrences(
            of: "  - { burn: 2, long: 2 min, short: 30 s }\n",
            with: ""
        )
        let live = try await WatchedPlane(policy: policy)
        _ = try await live.demo.promote("ticket-bot@3")
        await live.pass(18) { second in live.serve(3, isValid: second % 3 != 0) }
        await live.pass(WatchedPlane.probationSteps)
        let waiting = try await live.rollout()
        #expect(waiting.row.state == "probation")
        #expect(waiting.row.words.contains("settling waits for answers of r1 to compare with"), "\(waiting.row.words)")
    }

    /// A level that counts in another way begins again, in memory and over a restart: what it counted before takes nothing
    /// back.
    @Test(arguments: [false, true]) func aReplacedLevelBeginsAgain(_ restarts: Bool) async throws {
        func level(_ seconds: String) -> String {
            """
            apiVersion: serin/v1
            kind: SLO
            name: pace
            for: { channel: production, models: ["*"] }
            indicator: { type: totalLatency, atMost: \(seconds) }
            target: 90 %
            window: 1 h
            """
        }
        var live = try await WatchedPlane()
        _ = try await live.demo.apply(level("0.1 ms"))
        await live.pass(2)
        _ = try await live.demo.promote("ticket-bot@2")
        await live.pass(1)
        for _ in 0..<9 { live.serve(2) }
        await live.pass(1)
        _ = try await live.demo.apply(level("10 s"))
        await live.pass(2)
        if restarts {
            await live.plane.loop.flush()
            live = try await live.restarted(killed: true)
        }
        for _ in 0..<20 { live.serve(2) }
        await live.pass(3)
        let view = try await live.rollout()
        #expect(view.row.state == "probation", "\(view.sentence)")
        let watch = live.plane.loop.watcher.watches.tracker.watch(view.row.id)?.watch
        #expect(watch?.counts(of: DemoPlane.known("pace"))?.candidate.bad == 0)
        #expect(watch?.counts(of: DemoPlane.known("pace"))?.candidate.valid == 20)
    }
}
