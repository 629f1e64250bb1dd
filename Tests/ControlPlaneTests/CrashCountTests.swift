import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

@testable import ControlPlane

/// Crashes of a watched release, which are told from what the process before left behind.
@Suite(.needsDemo) struct CrashCountTests {
    /// The process that notes a crash is killed before it removes the marker: the next one does not count it again. Another
    /// crash is another moment.
    @Test func aCrashIsCountedOnce() async throws {
        let watched = try await WatchedPlane()
        _ = try await watched.demo.promote("ticket-bot@2", reason: "now")
        let clock = watched.demo.clock.now()
        func next(_ folder: URL, crashedAt seconds: Double?) async throws -> (plane: DemoPlane, crashes: Int) {
            let scratch = try ScratchFolder(copying: folder)
            if let seconds {
                let marker = try scratch.write("data/serving/ro-1", "")
                let made = Date(timeIntervalSince1970: seconds)
                try FileManager.default.setAttributes([.modificationDate: made], ofItemAtPath: marker)
            }
            let demo = try await DemoPlane(scratch, from: clock)
            return (demo, try await demo.plane.rollouts.show(RolloutID(1)).crashes)
        }
        let first = try await next(watched.demo.folder, crashedAt: 1_795_000_100)
        #expect(first.crashes == 1 && first.plane.plane.startNotes.count == 1)
        let again = try await next(first.plane.folder, crashedAt: 1_795_000_100)
        #expect(again.crashes == 1, "the same marker, made at the same moment")
        let idle = try await next(again.plane.folder, crashedAt: nil)
        #expect(idle.crashes == 1)
        let second = try await next(idle.plane.folder, crashedAt: 1_795_000_200)
        #expect(second.crashes == 2)
    }
}
