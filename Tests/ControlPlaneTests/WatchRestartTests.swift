import Foundation
import RegistryRecords
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
        #expect(after.crashes == 0, "it answered nothing when the process ended")
        #expect(after.arms.map(\.requests) == before.arms.map(\.requests), "what was answered outlives a restart")
        #expect(after.arms.map(\.requests) == [400, 100])
        #expect(after.arms.map(\.bad) == before.arms.map(\.bad))
        #expect(after.arms.map(\.meanSeconds) == before.arms.map(\.meanSeconds))
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
        #expect(try await last.rollout().crashes == 0, "a rollout that ended is not charged with a crash")
        #expect(try await last.plane.audit.verify().firstBadEvent == nil)
    }

    /// One crash is said; the second takes the channel back at the start, with a hold.
    @Test func theSecondDeathTakesItBack() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@3")
        await live.step()
        live.begin(3)
        let once = try await live.restarted(killed: true)
        await once.step()
        #expect(try await once.rollout().row.state == "probation")
        #expect(try await once.rollout().crashes == 1)
        #expect(!once.plane.startNotes.isEmpty)
        #expect(try await once.incidents().first?.row.family == "engine")
        once.begin(3)
        let orderly = try await once.restarted()
        #expect(try await orderly.rollout().crashes == 1, "an orderly end is no crash")
        await orderly.step()
        orderly.begin(3)
        let twice = try await orderly.restarted(killed: true)
        let ended = try await twice.rollout()
        #expect(ended.row.state == "returned")
        #expect(ended.crashes == 2)
        #expect(try await twice.demo.live() == 1)
        #expect(try await twice.health().hold != nil)
        #expect(try await twice.incidents().count == 1)
    }

    /// Kills of a process in which a watched release answered nothing are nobody's doing: before its first request, and
    /// between two of them.
    @Test(arguments: [false, true]) func aKillOfAnIdleReleaseIsNoCrash(_ wasAsked: Bool) async throws {
        var live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@3")
        for _ in 0..<3 {
            await live.step()
            if wasAsked {
                let id = RequestID(time: live.demo.clock.now(), random: (9, 1))
                let running = live.plane.loop.watcher.watches.running
                running.began(id, ReleaseID(DemoPlane.model, 3))
                running.ended(id, ReleaseID(DemoPlane.model, 3))
            }
            live = try await live.restarted(killed: true)
            await live.step()
        }
        #expect(try await live.rollout().row.state == "probation")
        #expect(try await live.rollout().crashes == 0)
        #expect(try await live.incidents().isEmpty)
        #expect(try await live.demo.live() == 3)
    }

    /// Of two watched releases that were answering, nobody can tell which one ended the process: it is said, and counts
    /// against none.
    @Test func aCrashOfOneOfTwoIsNobodys() async throws {
        var live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2", to: "staging", reason: "next", override: true)
        for _ in 0..<40 { live.serve(2, channel: DemoPlane.known("staging")) }
        _ = try await live.demo.apply(
            WatchedPlane.policy.replacingOccurrences(of: "name: production", with: "name: staging")
                .replacingOccurrences(of: "channel: production", with: "channel: staging")
        )
        await live.pass(2)
        _ = try await live.demo.promote("ticket-bot@3", to: "staging", reason: "next", override: true)
        _ = try await live.demo.promote("ticket-bot@2")
        await live.step()
        #expect(live.plane.loop.watcher.watches.tracker.ids.count == 2)
        for _ in 0..<2 {
            live.begin(2)
            live.begin(3)
            live = try await live.restarted(killed: true)
            await live.step()
            #expect(live.plane.startNotes.contains { $0.contains("counts against none") })
        }
        #expect(live.plane.loop.watcher.watches.tracker.ids.count == 2)
        #expect(try await live.count(ReleaseCrashed.kind) == 0)
        // One of them alone is known.
        live.begin(3)
        live = try await live.restarted(killed: true)
        await live.step()
        #expect(try await live.count(ReleaseCrashed.kind) == 1)
        #expect(try await live.incidents().map(\.row.channel?.text) == ["staging"])
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
