import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

@testable import ControlPlane

/// A clock that ran ahead and came back: nothing stands still until it is there again.
@Suite struct SteppedClockTests {
    /// Two days ahead and back: the levels count as after a restart, nothing is missing, and what is asked is said.
    @Test func twoDaysAheadAndBack() async throws {
        let live = try await WatchedPlane()
        await live.pass(300) { _ in live.serve(1) }
        live.demo.clock.advance(seconds: 2 * 86_400)
        await live.pass(20) { _ in live.serve(1) }
        live.demo.clock.advance(seconds: -2 * 86_400)
        await live.pass(20) { _ in live.serve(1) }
        let row = try await live.level("availability").row
        #expect(row.state == .met && row.alertKind == nil, "\(row.sentence)")
        #expect(row.valid == 320, "what came while it ran ahead counts when its time comes")
        #expect(try await live.health().state == .healthy)
        #expect(try await live.incidents().isEmpty)
        // A restart has exactly the numbers it had.
        await live.plane.loop.flush()
        let next = try await live.restarted(killed: true)
        await next.pass(1)
        #expect(try await next.level("availability").row.valid == 320)
        // Their time comes: in the process that went on as in the one that began again.
        next.demo.clock.advance(seconds: 2 * 86_400)
        await next.pass(2)
        #expect(try await next.level("availability").row.valid == 340)
    }

    /// One request while it ran ahead, then silence: the channel is not fresh for two days.
    @Test func oneRequestAheadIsNoNews() async throws {
        let live = try await WatchedPlane()
        await live.pass(60) { _ in live.serve(1) }
        live.demo.clock.advance(seconds: 2 * 86_400)
        live.serve(1)
        await live.pass(1)
        live.demo.clock.advance(seconds: -2 * 86_400)
        await live.pass(2)
        live.demo.clock.advance(seconds: 3500)
        await live.pass(2)
        let health = try await live.health()
        #expect(health.state == .noTraffic || health.state == .missingTraffic, "\(health.words)")
        #expect((health.dataUntil ?? live.demo.clock.now()) <= live.demo.clock.now())
    }

    /// A burn does not stand for as long as the clock was ahead.
    @Test func aBurnEndsInItsTime() async throws {
        let live = try await WatchedPlane()
        live.demo.clock.advance(seconds: 2 * 86_400)
        await live.pass(60) { _ in live.serve(1, outcome: .engineFailed) }
        #expect(try await live.level("availability").row.alert == "page")
        live.demo.clock.advance(seconds: -2 * 86_400)
        await live.pass(30) { _ in live.serve(1) }
        #expect(try await live.level("availability").row.alert == nil)
    }
}
