import Artifacts
import Foundation
import TestSupport
import Testing

/// Bytes kept back for a rollback: as many as the disk allows, really taken, and given up without needing any.
@Suite struct ReserveTests {
    let scratch: ScratchFolder
    let reserve: Reserve

    init() throws {
        scratch = try ScratchFolder()
        reserve = Reserve(try DataFolder(at: scratch.path + "/data"))
    }

    @Test(
        arguments: [
            (nil, 0), (0, 0), (-1, 0), (1 << 20, 0), (20 << 20, 1 << 20), (200 << 20, 10 << 20),
            (1 << 50, 64 << 20), (Int64.max, 64 << 20),
        ] as [(Int64?, Int64)]
    )
    func takesATwentiethOfWhatIsFreeAndNeverMoreThanItsSize(_ free: Int64?, _ kept: Int64) throws {
        let made = try reserve.make(freeBytes: free)
        // Whole blocks of the file system.
        #expect(made >= kept && made <= kept + 65_536, "\(made)")
        #expect(reserve.bytes == made)
    }

    @Test func isMadeOnceGrowsWithTheRoomThereIsAndIsMadeAgainAfterItWasGivenUp() throws {
        #expect(!reserve.giveUp(), "there is nothing yet")
        let made = try reserve.make(freeBytes: 20 << 20)
        #expect(try reserve.make(freeBytes: 24 << 20) == made, "a little more is not worth a write")
        #expect(try reserve.make(freeBytes: 1 << 40) >= Reserve.fullBytes, "with room again it grows")
        #expect(try reserve.make(freeBytes: 20 << 20) >= Reserve.fullBytes, "and never shrinks")
        // Part by part, so that the first change that needs it does not leave all of it to whoever filled the disk.
        var parts = 0, before = reserve.bytes
        while reserve.giveUp(leavingLast: true) {
            parts += 1
            #expect(reserve.bytes < before)
            before = reserve.bytes
        }
        #expect(parts == 7 && reserve.bytes > 0, "the last part stays for what matters more")
        #expect(reserve.giveUp())
        #expect(reserve.bytes == 0)
        #expect(!reserve.giveUp(), "it can be given only once")
        #expect(try reserve.make(freeBytes: 20 << 20) == made)
    }

    @Test func isNotMadeThroughALink() throws {
        let target = scratch.path + "/elsewhere"
        try FileManager.default.createSymbolicLink(
            atPath: scratch.path + "/data/reserve",
            withDestinationPath: target
        )
        #expect(throws: ArtifactsError.self) { try reserve.make(freeBytes: 1 << 40) }
        #expect(!FileManager.default.fileExists(atPath: target))
    }
}

@Suite(.needsSmallDisk)
struct ReserveOnAFullDiskTests {
    @Test func takesBlocksThatOthersDoNotGetAndGivesThemBack() throws {
        let disk = try SmallDisk(megabytes: 8)
        let folder = try DataFolder(at: disk.path + "/data")
        let reserve = Reserve(folder)
        // More is said to be free than there is.
        let made = try reserve.make(freeBytes: 60 << 20)
        #expect(made >= 3 << 20)
        try disk.fill(leaving: 0)
        let file = URL(filePath: disk.path + "/late")
        #expect(throws: (any Error).self) { try Data(count: 1 << 20).write(to: file) }
        #expect(reserve.giveUp())
        try Data(count: 1 << 20).write(to: file)
    }

    @Test func aDiskWithoutRoomHasNoneAndNothingIsLeftBehind() throws {
        let disk = try SmallDisk(megabytes: 8)
        let reserve = Reserve(try DataFolder(at: disk.path + "/data"))
        try disk.fill(leaving: 100_000)
        #expect(try reserve.make(freeBytes: 60 << 20) == 0)
        #expect(reserve.bytes == 0)
        #expect(!FileManager.default.fileExists(atPath: disk.path + "/data/reserve"))
        try disk.free()
        // A process that another test is just starting may still hold the file: its room comes back a moment later.
        try eventually("there is room for a reserve again") { try reserve.make(freeBytes: 60 << 20) > 0 }
    }
}
