import RegistryRecords
import RegistryTypes
import Testing
import WireFormat
import Wording

@testable import ControlPlane

/// A channel whose name is a slip, a level that was just applied, a release with nothing before it: the answer says what
/// is so.
@Suite struct SlippedNameTests {
    @Test func aSlippedChannelIsNotPromotedInto() async throws {
        let live = try await WatchedPlane()
        let slip = DemoPlane.known("prodction")
        let rollback = await expectError(.notFound) { try await live.demo.rollback(channel: "prodction") }
        let drift = await expectError(.notFound) {
            try await live.plane.drift.run(DriftRequest(model: DemoPlane.model, channel: slip), by: DemoPlane.admin)
        }
        let reason = ReasonRequest(reason: "understood")
        let resume = await expectError(.notFound) {
            try await live.plane.channels.resume(DemoPlane.model, slip, reason, by: DemoPlane.admin)
        }
        for error in [rollback, drift, resume] {
            #expect(error?.near == ["production"], "\(error.debugDescription)")
            #expect(error?.next?.text.contains("promote") == false, "\(error?.next?.text ?? "")")
        }
    }

    /// A level is there at once, and knows nothing yet.
    @Test func aLevelIsThereAsSoonAsItIsApplied() async throws {
        let live = try await WatchedPlane()
        let text = """
            apiVersion: serin/v1
            kind: SLO
            name: fresh
            for: { channel: production, models: ["*"] }
            indicator: { type: availability }
            target: 99 %
            window: 1 d
            """
        _ = try await live.demo.apply(text)
        #expect(try await live.level("fresh").row.state == .unknown)
        #expect(try await live.plane.levels.list(model: DemoPlane.model).contains { $0.name.text == "fresh" })
    }

    /// Where nothing can be gone back to, it is said what was there before, and why it is no target.
    @Test func nothingToGoBackToSaysWhy() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v3")
        let alone = await expectError(.conflict) { try await demo.rollback() }
        #expect(alone?.why == "r1 is the only release that was ever live there", "\(alone?.why ?? "")")
        _ = try await demo.promote("ticket-bot@2", reason: "now", override: true)
        _ = try await demo.rollback()
        let rejected = await expectError(.conflict) { try await demo.rollback() }
        #expect(rejected?.why == "r2 was rejected", "\(rejected?.why ?? "")")
    }
}
