import Foundation
import TestSupport
import Testing

/// Nothing that a test starts outlives the test process.
@Suite struct OrphanTests {
    @Test func aProgramEndsWithWhoeverStartedIt() throws {
        let orphanGuard = try OrphanGuard()
        let programs = try (0..<3).map { _ in
            try ChildProcess("/bin/sleep", ["600"], environment: [:], guardedBy: orphanGuard)
        }
        // What has ended is told from what runs: its number may be that of somebody else's program.
        programs[1].send(SIGTERM)
        #expect(try programs[1].waitForEnd() == .signal(SIGTERM))
        #expect(programs[0].isRunning && programs[2].isRunning)
        try orphanGuard.endAll()
        #expect(try programs[0].waitForEnd() == .signal(SIGKILL))
        #expect(try programs[2].waitForEnd() == .signal(SIGKILL))
    }

    @Test(.needsSmallDisk) func aDiskIsTakenDownWithWhoeverMountedIt() throws {
        let orphanGuard = try OrphanGuard()
        let disk = try SmallDisk(megabytes: 1, guardedBy: orphanGuard)
        let gone = try SmallDisk(megabytes: 1, guardedBy: orphanGuard).path
        #expect(try Self.mounts().contains(disk.path) && !Self.mounts().contains(gone))
        try orphanGuard.endAll()
        #expect(try !Self.mounts().contains(disk.path))
    }

    private static func mounts() throws -> [String] {
        try String(contentsOfFile: "/proc/mounts", encoding: .utf8).split(separator: "\n").map {
            String($0.split(separator: " ")[1])
        }
    }
}
