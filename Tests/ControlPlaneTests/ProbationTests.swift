import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

@testable import ControlPlane

/// A promotion with a probation, from its first request to its end, on clocks that tests move.
@Suite struct ProbationTests {
    /// The promotion starts a rollout, nothing goes wrong, and the release settles after its time.
    @Test func aGoodReleaseSettles() async throws {
        let live = try await WatchedPlane()
        let moved = try await live.demo.promote("ticket-bot@2")
        #expect(moved.outcome == .moved)
        #expect(moved.move?.settled == false)
        #expect(try await live.rollout().row.state == "probation")
        #expect(try await live.rollout().row.settledRelease == 1)
        #expect(try await live.health().rollout?.id == live.rollout().row.id)

        await live.pass(WatchedPlane.probationSteps / 2) { _ in live.traffic(2) }
        #expect(try await live.rollout().row.state == "probation")
        await live.pass(WatchedPlane.probationSteps / 2) { _ in live.traffic(2) }
        let ended = try await live.rollout()
        #expect(ended.row.state == "settled")
        #expect(ended.watchedSeconds >= 300)
        #expect(ended.arms.map(\.bad) == [0, 0])
        #expect(ended.arms.first?.requests ?? 0 >= 4 * 298)
        #expect(try await live.demo.live() == 2)
        #expect(try await live.health().rollout == nil)
        #expect(try await live.incidents().isEmpty)
        // It is what a rollback goes to from now on.
        _ = try await live.demo.promote("ticket-bot@3")
        #expect(try await live.rollout().row.settledRelease == 2)
    }

    /// Without traffic nothing settles, also over a restart and a kill: the watch waits and says for what. A rollback goes
    /// to the release that served, and the one that nobody asked is not what the next rollback goes to.
    @Test func noTrafficSettlesNothing() async throws {
        var live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        await live.pass(WatchedPlane.probationSteps + 60)
        live = try await live.restarted(killed: true)
        await live.pass(WatchedPlane.probationSteps)
        let waiting = try await live.rollout()
        #expect(waiting.row.state == "probation")
        #expect(waiting.row.words.contains("settling waits for answers: no traffic"), "\(waiting.row.words)")
        #expect(waiting.sentence.contains("no traffic seen"), "\(waiting.sentence)")
        #expect(try await live.health().state == .watching)
        _ = try await live.demo.promote("ticket-bot@3")
        #expect(try await live.rollout().row.settledRelease == 1)
        #expect(try await live.demo.rollback(dryRun: true).to.id.number == 1)
    }

    /// The first release of a channel is live at once, and settles when it has answered: requests of applications to the
    /// channel, not replays, refusals or those that named it.
    @Test func theFirstReleaseSettlesWhenItHasAnswered() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v2")
        let live = WatchedPlane(demo, monotonicSeconds: 0)
        func settled() async throws -> Bool? {
            try await demo.plane.overview.status().models.first?.channels.first?.move.settled
        }
        #expect(try await settled() == false)
        await live.pass(5) { _ in
            for _ in 0..<10 {
                live.serve(1, source: .replay)
                live.serve(1, arm: .pinned)
                live.serve(1, outcome: .rejected)
                live.serve(1, outcome: .clientGone)
                live.serve(2)
            }
        }
        await live.pass(5) { _ in live.serve(1, outcome: .engineFailed) }
        #expect(try await settled() == false)
        await live.pass(9) { _ in live.serve(1) }
        #expect(try await settled() == false)
        await live.pass(1) { _ in live.serve(1) }
        #expect(try await settled() == true)
        #expect(try await live.count("channel.settled") == 1)
        await live.pass(20) { _ in live.serve(1) }
        #expect(try await live.count("channel.settled") == 1)
        let audited = try await demo.plane.audit.list(
            before: nil,
            after: nil,
            limit: 1,
            kind: "channel.settled",
            subject: nil
        )
        #expect(audited.first?.subject == "ticket-bot@production")
    }

    /// Nothing answered anywhere: a rollback goes to what was live before, and says that this did not settle.
    @Test func aRollbackWithoutASettledReleaseSaysWhyItGoesWhereItGoes() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v3")
        _ = try await demo.promote("ticket-bot@2", to: "staging", reason: "one", override: true)
        _ = try await demo.publish("v2")
        _ = try await demo.promote("ticket-bot@2", reason: "now", override: true)
        let back = try await demo.rollback()
        #expect(back.to.id.number == 1)
        #expect(back.why?.contains("r1 did not settle in production") == true)
        #expect(back.move?.settled == false)
        // The next one has nowhere to go: r2 was taken back.
        await expectError(.conflict) { try await demo.rollback() }
    }

    /// Bad answers take it back without a person: one incident with samples, a hold, a release that was rejected.
    @Test func aBadReleaseGoesBackByItself() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@3")
        await live.pass(30) { _ in live.traffic(3, isValid: false) }
        let ended = try await live.rollout()
        #expect(ended.row.state == "returned")
        #expect(try await live.demo.live() == 1)
        #expect((1...40).contains(ended.badAnswersServed ?? 0), "\(ended.badAnswersServed ?? -1) bad answers")
        #expect(ended.returnedAfterSeconds ?? .infinity <= 15)
        #expect(try await live.count("rollout.returned") == 1)
        let incident = try await live.plane.incidents.show(#require(ended.incident))
        #expect(incident.row.family == "quality")
        #expect(incident.row.severity == "page")
        #expect(!incident.samples.isEmpty && incident.samples.count <= 40)
        #expect(incident.samples.allSatisfy { $0.record.release == 3 && $0.record.isOutputValid == false })
        #expect(!incident.changedBefore.isEmpty)
        #expect(try await live.incidents().count == 1, "one incident for a model and family")
        let rejected = try await live.plane.registry.models.release(ReleaseID(DemoPlane.model, 3)).release
        #expect(rejected.rejections.map(\.channel) == [DemoPlane.production])
        #expect(try await live.health().hold?.rollout == ended.row.id)
        // The budget of the level that was burned shows it.
        #expect(try await live.level("valid-output").row.bad >= ended.badAnswersServed ?? 0)
        #expect(try await live.plane.audit.verify().firstBadEvent == nil)
    }

    /// The hold stands in the way of ordinary promotions, not of an override, until a person lifts it with a reason.
    @Test func aHoldStopsOrdinaryPromotions() async throws {
        let live = try await WatchedPlane()
        await expectError(.notFound) { try await Self.resume(live, "too early") }
        _ = try await live.demo.promote("ticket-bot@3")
        await live.pass(30) { _ in live.traffic(3, isValid: false) }
        let refused = try await live.demo.promote("ticket-bot@2")
        #expect(refused.outcome == .refused)
        #expect(refused.decision?.blockers.map(\.id.text) == ["hold"])
        #expect(refused.move == nil)
        await expectError(.badRequest) { try await Self.resume(live, " \n") }
        await expectError(.notAllowed) {
            try await Self.resume(live, "now", by: Caller(name: DemoPlane.known("p"), role: .publisher))
        }
        let forced = try await live.demo.promote("ticket-bot@2", reason: "the fix", override: true)
        #expect(forced.outcome == .moved)
        #expect(try await live.health().hold != nil, "an override moves the channel and leaves the hold")
        #expect(try await live.demo.rollback().outcome == .moved)
        _ = try await Self.resume(live, "the cause was the quantisation")
        #expect(try await live.health().hold == nil)
        await expectError(.notFound) { try await Self.resume(live, "again") }
    }

    private static func resume(_ live: WatchedPlane, _ reason: String, by caller: Caller = DemoPlane.admin) async throws
        -> HoldRow
    {
        try await live.plane.channels.resume(
            DemoPlane.model,
            DemoPlane.production,
            ReasonRequest(reason: reason),
            by: caller
        )
    }

    /// A burn that the held-back share suffers too is nobody's fault: it is said, and nothing goes back.
    @Test func aBurnOfBothArmsReturnsNothing() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        await live.pass(60) { _ in live.traffic(2, isValid: false, isHeldBackValid: false) }
        #expect(try await live.rollout().row.state == "probation")
        #expect(try await live.demo.live() == 2)
        let incident = try #require(try await live.incidents().first { $0.row.family == "quality" })
        #expect(incident.timeline.contains { $0.text.contains("r2 stays") }, "\(incident.timeline.map(\.text))")
        // Settling waits while it burns, and comes when it is over.
        await live.pass(260) { _ in live.traffic(2, isValid: false, isHeldBackValid: false) }
        #expect(try await live.rollout().row.state == "probation")
        await live.pass(200) { _ in live.traffic(2) }
        #expect(try await live.rollout().row.state == "settled")
        #expect(try await live.count("rollout.returned") == 0)
    }

    /// Failures of the engine need no statistics.
    @Test func engineFailuresTakeItBack() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        await live.pass(3) { _ in live.serve(2, outcome: .engineFailed) }
        let ended = try await live.rollout()
        #expect(ended.row.state == "returned")
        #expect(try await live.plane.incidents.show(#require(ended.incident)).row.family == "engine")
    }

    /// What never counts: replays, health checks, requests that name a release, callers that went away or were refused.
    @Test func otherRequestsDoNotCount() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        await live.pass(60) { _ in
            for source in [RequestSource.replay, .health] { live.serve(2, isValid: false, source: source) }
            live.serve(2, arm: .pinned, isValid: false)
            live.serve(2, outcome: .clientGone)
            live.serve(2, outcome: .rejected)
        }
        let view = try await live.rollout()
        #expect(view.row.state == "probation")
        #expect(view.arms.allSatisfy { $0.requests == 0 && $0.bad == 0 })
        #expect(try await live.level("availability").row.valid == 0 || view.arms[0].requests == 0)
        #expect(try await live.incidents().filter { $0.rollout != nil }.isEmpty)
    }

    /// A rollback by a person ends the watch; a return that was decided meanwhile does nothing.
    @Test func aPersonOutranksAReturn() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@3")
        for _ in 0..<40 { live.traffic(3, isValid: false) }
        try live.decideAndDie()
        #expect(try await live.demo.rollback(reason: "I saw it first").outcome == .moved)
        await live.pass(10)
        let ended = try await live.rollout()
        #expect(ended.row.state == "rolledBack")
        #expect(ended.badAnswersServed == nil)
        #expect(try await live.count("rollout.returned") == 0)
        #expect(try await live.health().hold == nil, "nobody has to lift what a person did")
        #expect(try await live.demo.live() == 1)
    }

    /// A rollback and a return at the same moment: one of them, and the channel is where both wanted it.
    @Test(arguments: 0..<8) func aRollbackAndAReturnAtOnce(_ round: Int) async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@3")
        for _ in 0..<40 { live.traffic(3, isValid: false) }
        async let stepped: Void = live.step()
        let rolledBack: MoveAnswer.Outcome?
        do { rolledBack = try await live.demo.rollback().outcome } catch let error as ControlPlaneError {
            #expect(error.kind == .conflict, "\(error)")
            rolledBack = nil
        }
        await stepped
        await live.pass(3)
        let ended = try await live.rollout()
        #expect(ended.row.state == (rolledBack == .moved ? "rolledBack" : "returned"))
        #expect(try await live.demo.live() == 1)
        #expect(try await live.count("rollout.returned") + live.count("rollout.ended") == 1)
        #expect(try await live.health().hold == nil || ended.row.state == "returned")
    }

    /// A newer promotion ends the watch over the one before; what it goes back to stays the last settled release.
    @Test func aNewerPromotionSupersedes() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@3")
        await live.pass(5) { _ in live.traffic(3) }
        let first = try await live.rollout().row.id
        _ = try await live.demo.promote("ticket-bot@2")
        await live.step()
        let superseded = try await live.plane.rollouts.show(first)
        #expect(superseded.row.state == "superseded")
        #expect(superseded.watchedSeconds > 0)
        let second = try await live.rollout()
        #expect(second.row.release == 2 && second.row.state == "probation" && second.row.settledRelease == 1)
        // Late requests of the one before are not the new one's.
        await live.pass(20) { _ in live.traffic(3, isValid: false) }
        #expect(try await live.rollout().row.state == "probation")
        #expect(live.plane.loop.watcher.watches.tracker.ids == [second.row.id])
    }

    /// Two promotions at once during a probation: at most one rollout goes on, and the channel follows it.
    @Test(arguments: 0..<6) func twoPromotionsAtOnce(_ round: Int) async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        await live.step()
        let outcomes = await withTaskGroup(of: Result<MoveAnswer, any Error>.self) { group in
            for reference in ["ticket-bot@3", "ticket-bot@1"] {
                group.addTask {
                    do {
                        return .success(
                            try await live.demo.promote(reference, expected: round.isMultiple(of: 2) ? 2 : nil)
                        )
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let moved = outcomes.count { (try? $0.get())?.outcome == .moved }
        #expect(round.isMultiple(of: 2) ? moved == 1 : (1...2).contains(moved))
        for case .failure(let error) in outcomes { #expect((error as? ControlPlaneError)?.kind == .conflict) }
        await live.step()
        let rows = try await live.plane.rollouts.list(model: DemoPlane.model, before: nil, limit: 10)
        #expect(rows.count { $0.state == "probation" } <= 1)
        #expect(rows.first?.release == (try await live.demo.live()))
        #expect(live.plane.loop.watcher.watches.tracker.ids.count == rows.count { $0.state == "probation" })
    }

    /// A step with a clock that stands, goes back or leaps: time is what was watched, and nothing is decided by a leap.
    @Test(arguments: [-259_200, -1, 0, 3_456_000] as [Double])
    func theWallClockDecidesNothing(_ leap: Double) async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        await live.pass(20) { _ in live.traffic(2) }
        let before = try await live.level("availability").row
        live.demo.clock.advance(seconds: leap)
        await live.pass(5) { _ in live.traffic(2) }
        let view = try await live.rollout()
        #expect(view.row.state == "probation", "\(view.sentence)")
        #expect((20...30).contains(view.watchedSeconds))
        let after = try await live.level("availability")
        #expect(after.row.bad == 0)
        // Far ahead, the old events are out of the window; far back, they are of a clock that was wrong, and their time is
        // to come; a little back, none is lost and none counts twice.
        #expect(after.row.valid == (abs(leap) > 3600 ? 25 : before.valid + 25))
        #expect(after.points.allSatisfy { $0.seconds > 0 && $0.valid >= 0 })
        // It still is taken back when it is bad, and still settles when it is not.
        await live.pass(WatchedPlane.probationSteps - 20) { _ in live.traffic(2) }
        #expect(try await live.rollout().row.state == "settled")
        _ = try await live.demo.promote("ticket-bot@3")
        await live.pass(40) { _ in live.traffic(3, heldBack: 2, isValid: false) }
        #expect(try await live.rollout().row.state == "returned")
    }
}
