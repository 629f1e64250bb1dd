import Foundation
import RegistryTypes
import RolloutRules
import Testing
import WireFormat

@testable import ControlPlane

/// A server that ends during a probation, in an orderly way or not, and goes on where it was.
@Suite struct WatchRestartTests {
    /// Time watched and evidence are those of before; what came after the last step may be missing.
    @Test(arguments: [false, true]) func aProbationGoesOn(killed: Bool) async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        await live.pass(100) { _ in live.traffic(2) }
        await live.plane.loop.rollups.flush()
        let before = try await live.rollout()
        let next = try await live.restarted(killed: killed)
        let after = try await next.rollout()
        #expect(after.row.state == "probation")
        #expect(after.watchedSeconds == before.watchedSeconds)
        #expect(after.crashes == (killed ? 1 : 0))
        let requests = next.plane.loop.watcher.watches.tracker.watch(after.row.id)?.watch.requests
        #expect(requests?.candidate.valid == 400)
        #expect(requests?.heldBack.valid == 100)
        // Not sooner than what is left, and not anew from the start.
        await next.pass(190) { _ in next.traffic(2) }
        #expect(try await next.rollout().row.state == "probation")
        await next.pass(20) { _ in next.traffic(2) }
        #expect(try await next.rollout().row.state == "settled")
        #expect(try await next.demo.live() == 2)
    }

    /// Evidence that was gathered before the restart counts after it.
    @Test func evidenceGoesOn() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@3")
        // Not enough yet to tell.
        await live.pass(4) { second in live.traffic(3, isValid: second != 3) }
        #expect(try await live.rollout().row.state == "probation")
        let next = try await live.restarted()
        let restored = next.plane.loop.watcher.watches.tracker.watch(try await next.rollout().row.id)?.watch
        #expect(restored?.counts(of: DemoPlane.known("valid-output"))?.candidate.bad == 4)
    }

    /// A return that was decided and is not in the log is carried out once, before anything is loaded.
    @Test func aDecidedReturnIsCarriedOutOnce() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@3")
        await live.pass(1)
        for _ in 0..<40 { live.traffic(3, isValid: false) }
        try live.decideAndDie()
        #expect(try await live.rollout().row.state == "probation")
        let next = try await live.restarted(killed: true)
        #expect(try await next.rollout().row.state == "returned")
        #expect(try await next.demo.live() == 1)
        #expect(try await next.health().hold != nil)
        await next.pass(5)
        let last = try await next.restarted(killed: true)
        await last.pass(5)
        #expect(try await last.count("rollout.returned") == 1)
        #expect(try await last.count("hold.placed") == 1)
        #expect(try await last.rollout().crashes == 1, "a rollout that ended is not charged with another crash")
        #expect(try await last.plane.audit.verify().firstBadEvent == nil)
    }

    /// One crash is said; the second takes the channel back at the start, with a hold.
    @Test func theSecondDeathTakesItBack() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@3")
        await live.step()
        let once = try await live.restarted(killed: true)
        await once.step()
        #expect(try await once.rollout().row.state == "probation")
        #expect(try await once.rollout().crashes == 1)
        #expect(!once.plane.startNotes.isEmpty)
        #expect(try await once.incidents().first?.row.family == "engine")
        let orderly = try await once.restarted()
        #expect(try await orderly.rollout().crashes == 1, "an orderly end is no crash")
        await orderly.step()
        let twice = try await orderly.restarted(killed: true)
        let ended = try await twice.rollout()
        #expect(ended.row.state == "returned")
        #expect(ended.crashes == 2)
        #expect(try await twice.demo.live() == 1)
        #expect(try await twice.health().hold != nil)
        #expect(try await twice.incidents().count == 1)
    }

    /// A checkpoint that is damaged, cut or of something else is no reason not to start: the watch begins anew.
    @Test(arguments: ["", "{", "null", "[]", #"{"state":"probation"}"#, "\u{0}\u{0}"])
    func aDamagedCheckpoint(_ text: String) async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        await live.pass(50) { _ in live.traffic(2) }
        let id = try await live.rollout().row.id
        try await live.plane.close()
        let file = live.demo.folder.appending(path: "data/watch/\(id).json")
        #expect(FileManager.default.fileExists(atPath: file.path))
        try Data(text.utf8).write(to: file)
        let next = try await live.restarted(killed: true)
        await next.step()
        #expect(try await next.rollout().row.state == "probation")
        #expect(try await next.rollout().watchedSeconds < 5)
        await next.pass(WatchedPlane.probationSteps) { _ in next.traffic(2) }
        #expect(try await next.rollout().row.state == "settled")
    }
}
