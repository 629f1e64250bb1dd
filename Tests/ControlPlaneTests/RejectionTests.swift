import Catalog
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

@testable import ControlPlane

/// A rejection belongs to a channel and ends with the evidence that lifts it, by the order of the log.
@Suite struct RejectionTests {
    private static let asksForACanary = """
        apiVersion: serin/v1
        kind: Policy
        name: production
        for: { channel: production, models: ["*"] }
        gates:
          - { id: canary, type: canary, level: overridable, verdict: pass }
        onMissing: block
        rollout: { strategy: direct }
        """

    private static func release(_ demo: DemoPlane, _ number: Int) async throws -> ReleaseView {
        try await demo.plane.registry.models.release(ReleaseID(DemoPlane.model, number))
    }

    private static func explained(_ demo: DemoPlane, _ release: String, in channel: String) async throws -> Decision {
        try await demo.plane.channels.explain(
            ExplainRequest(release: DemoPlane.choice(release), channel: DemoPlane.known(channel)),
            by: DemoPlane.admin
        )
    }

    /// Taken back in production, it may still go to staging, and is not called rejected there.
    @Test func itBelongsToItsChannel() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v2")
        _ = try await demo.promote("ticket-bot@1", to: "staging")
        _ = try await demo.promote("ticket-bot@2", reason: "now", override: true)
        _ = try await demo.rollback(reason: "bad")
        #expect(try await Self.release(demo, 2).release.rejections.map(\.channel) == [DemoPlane.production])
        #expect(
            try await Self.explained(demo, "ticket-bot@r2", in: "production").blockers.map(\.id.text).contains(
                "rejected"
            )
        )
        #expect(try await Self.explained(demo, "ticket-bot@r2", in: "staging").isAllowed)
        #expect(try await demo.promote("ticket-bot@r2", to: "staging").outcome == .moved)
        #expect(try await Self.release(demo, 2).release.rejections.map(\.channel) == [DemoPlane.production])
        // The other way round: what staging gives back is not rejected in production.
        _ = try await demo.rollback(reason: "worse", channel: "staging")
        #expect(
            try await Self.release(demo, 2).release.rejections.map(\.channel?.text) == ["production", "staging"]
        )
        #expect(try await demo.plane.audit.verify().firstBadEvent == nil)
        #expect(try await Self.rebuilt(demo))
    }

    /// A new canary that passes and the promotion that it allows end it, with the clock going back in between and over a
    /// kill. What is live is never called rejected, and needs nothing.
    @Test(arguments: [0, -3600, 86_400] as [Double])
    func itEndsWithThePromotionThatNewEvidenceAllows(_ leap: Double) async throws {
        var demo = try await DemoPlane()
        _ = try await demo.apply(Self.asksForACanary)
        _ = try await demo.publish("v3")
        _ = try await demo.promote("ticket-bot@2", reason: "now", override: true)
        #expect(try await Self.release(demo, 2).liveIn == [DemoPlane.production])
        _ = try await demo.rollback(reason: "complaints")
        let stale = try await demo.promote("ticket-bot@r2")
        #expect(stale.decision?.blockers.map(\.id.text) == ["canary", "rejected"])
        // An override moves it and is no evidence: while it is live it is not called rejected, afterwards it is again.
        _ = try await demo.promote("ticket-bot@r2", reason: "again", override: true)
        #expect(try await Self.release(demo, 2).release.rejected == nil)
        #expect(try await Self.explained(demo, "ticket-bot@r2", in: "production").isAllowed)
        _ = try await demo.promote("ticket-bot@r1", reason: "no", override: true)
        #expect(try await Self.release(demo, 2).release.rejected == "complaints")

        demo.clock.advance(seconds: leap)
        let current = demo
        let canary = try await demo.running { try await current.canary("ticket-bot@r2", "tickets") }
        #expect(canary.record.verdict == .pass)
        demo = try await DemoPlane(ScratchFolder(copying: demo.folder), from: demo.clock.now())
        #expect(try await demo.promote("ticket-bot@r2").outcome == .moved)
        #expect(try await Self.release(demo, 2).release.rejections.isEmpty)
        _ = try await demo.promote("ticket-bot@r1", reason: "no", override: true)
        #expect(try await Self.release(demo, 2).release.rejections.isEmpty, "the evidence lifted it")
        #expect(try await Self.rebuilt(demo))
    }

    /// A release that came by override, against its rejection, and served: it settled, and is not rejected afterwards.
    @Test func itEndsWhenTheReleaseSettles() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2", reason: "now", override: true)
        _ = try await live.demo.rollback(reason: "too early")
        _ = try await live.demo.promote("ticket-bot@r2", reason: "it was the network", override: true)
        await live.pass(WatchedPlane.probationSteps) { _ in live.traffic(2) }
        #expect(try await live.rollout().row.state == "settled")
        _ = try await live.demo.promote("ticket-bot@r3", reason: "newer", override: true)
        #expect(try await Self.release(live.demo, 2).release.rejections.isEmpty)
        #expect(try await Self.rebuilt(live.demo))
    }

    /// Whether a replay of the log gives the same tables.
    private static func rebuilt(_ demo: DemoPlane) async throws -> Bool {
        try await demo.plane.stores.catalog.rebuild().isEqual
    }
}
