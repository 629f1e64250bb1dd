import Digests
import Foundation
import RegistryTypes
import TestSupport
import Testing

@testable import ControlPlane

/// Markers of loads, and what becomes of weights by them.
@Suite struct LoadMarkerTests {
    private let scratch: ScratchFolder
    private let weights = Digest(of: Data("weights".utf8))

    init() throws { scratch = try ScratchFolder() }

    private var marker: LoadMarker { marker(after: 0) }

    private func marker(after seconds: Double) -> LoadMarker {
        LoadMarker(
            weights: weights,
            version: VersionID(DemoPlane.model, 2),
            model: DemoPlane.model,
            since: Timestamp(milliseconds: 1_795_000_000_000).adding(seconds: seconds)
        )
    }

    /// A process that ends while it loads, each time the same: they are counted by name alone.
    @Test func crashesInARowAreCounted() throws {
        for crashes in 1...4 {
            let markers = try LoadMarkers(folder: scratch.url)
            let marker = marker(after: Double(crashes))
            try markers.begin(marker)
            let left = try LoadMarkers(folder: scratch.url).unfinished()
            // What is said of it is the last time.
            #expect(left.map(\.crashes) == [crashes] && left.map(\.marker) == [marker])
            try markers.noteCrash(left[0])
            #expect(markers.crashes(of: weights) == crashes)
            #expect(try markers.unfinished().isEmpty)
        }
        // One that comes to an end clears them: they were not the doing of the weights.
        let markers = try LoadMarkers(folder: scratch.url)
        try markers.begin(marker)
        markers.end(weights)
        #expect(try markers.crashes(of: weights) == 0 && markers.unfinished().isEmpty)
    }

    /// What a build before left: a marker without a number is one crash, one in quarantine stays there until it is lifted.
    @Test func markersOfOlderBuildsAreRead() throws {
        let markers = try LoadMarkers(folder: scratch.url)
        let old =
            #"{"model":"ticket-bot","since":"2026-11-21T10:00:00.000Z","version":{"name":"ticket-bot","number":2},"weights":"\#(weights)"}"#
        try scratch.write("loading/\(weights.hexadecimal)", old)
        #expect(try markers.unfinished().map(\.crashes) == [1])
        #expect(try markers.unfinished().map(\.marker.version) == [VersionID(DemoPlane.model, 2)])
        try scratch.write("quarantine/\(weights.hexadecimal)", old)
        #expect(markers.quarantined(weights)?.version == VersionID(DemoPlane.model, 2))
        #expect(markers.lift(weights) && markers.quarantined(weights) == nil && !markers.lift(weights))
        // Half a name means nothing, and goes.
        try scratch.write("loading/\(weights.hexadecimal).123.new", "")
        for count in ["0", "-1", "9223372036854775807"] {
            try scratch.write("loading/\(weights.hexadecimal).\(count)", "")
        }
        #expect(try markers.unfinished().map(\.crashes) == [1])
    }

    /// What is no file is no marker: it says nothing of the weights, and keeps nothing from loading.
    @Test func aFolderInPlaceOfAMarkerIsNone() throws {
        let markers = try LoadMarkers(folder: scratch.url)
        let name = weights.hexadecimal
        for path in ["loading/\(name)", "crashed/\(name).2", "quarantine/\(name)"] {
            try FileManager.default.createDirectory(
                at: scratch.url.appending(path: path + "/x"),
                withIntermediateDirectories: true
            )
        }
        #expect(try markers.unfinished().isEmpty)
        #expect(markers.crashes(of: weights) == 0)
        #expect(markers.quarantined(weights) == nil && markers.quarantined().isEmpty)
        try markers.begin(marker)
        markers.end(weights)
        #expect(try markers.unfinished().isEmpty)
    }

    /// On a full disk the name is the marker; a load is never refused for lack of room.
    @Test(.needsSmallDisk) func aFullDiskRefusesNoLoad() throws {
        let disk = try SmallDisk(megabytes: 1)
        let markers = try LoadMarkers(folder: disk.url)
        disk.fill()
        try markers.begin(marker)
        let left = try markers.unfinished()
        #expect(left.map(\.crashes) == [1] && left.map(\.marker.weights) == [weights])
        try markers.noteCrash(left[0])
        try markers.begin(marker)
        #expect(try markers.unfinished().map(\.crashes) == [2])
        try markers.quarantine(markers.unfinished()[0])
        #expect(markers.quarantined().map(\.weights) == [weights])
    }

    @Test(arguments: [
        (1, false, LoadCrashRule.tryAgain), (1, true, .tryAgain), (2, false, .tryAgain), (2, true, .tryAgain),
        (3, false, .quarantine), (3, true, .tryLater), (9, false, .quarantine), (9, true, .tryLater),
    ])
    func repeatedCrashesDecide(_ crashes: Int, _ isOnlyAnswer: Bool, _ rule: LoadCrashRule) {
        #expect(LoadCrashRule(crashes: crashes, isOnlyAnswer: isOnlyAnswer) == rule)
    }

    @Test func pausesGrowUpToAnHour() {
        #expect([1, 2, 3, 4, 5, 8, 9, 80].map(LoadCrashRule.pauseSeconds) == [0, 0, 60, 120, 240, 1920, 3600, 3600])
    }

    /// Any number at a time, or one alone; nobody overtakes.
    @Test func oneLoadsAlone() async {
        let places = Places()
        await places.run([(false, 1), (false, 2), (true, 3), (false, 4), (true, 5)])
        let seen = await places.seen
        #expect(seen.allSatisfy { !$0.contains(where: [3, 5].contains) || $0.count == 1 }, "\(seen)")
        #expect(Set(seen.flatMap(\.self)) == [1, 2, 3, 4, 5])
    }

    private actor Places {
        private var turns = LoadTurns()
        private var inside: Set<Int> = []
        private(set) var seen: [Set<Int>] = []

        func run(_ loads: [(Bool, Int)]) async {
            await withDiscardingTaskGroup { group in
                for (alone, number) in loads { group.addTask { await self.load(alone, number) } }
            }
        }

        private func load(_ alone: Bool, _ number: Int) async {
            if !turns.take(alone: alone) { await withCheckedContinuation { turns.wait(alone: alone, $0) } }
            inside.insert(number)
            seen.append(inside)
            for _ in 0..<5 { await Task.yield() }
            inside.remove(number)
            turns.end()
        }
    }

    @Test func memoryIsReadFromWhatTheSystemTells() {
        let text = "MemTotal:       24110040 kB\nMemAvailable:   12345 kB\n"
        #expect(MemoryRoom.kilobytes("MemAvailable", in: text) == Int64(12_641_280))
        #expect(MemoryRoom.kilobytes("MemFree", in: text) == nil)
        #expect(MemoryRoom.groupPath("12:cpu:/x\n0::/user.slice\n") == "/user.slice")
        #expect(MemoryRoom.groupPath("12:cpu:/x\n") == nil)
        #expect(MemoryRoom.room(limit: "1000\n", used: "400\n") == 600)
        #expect(MemoryRoom.room(limit: "300\n", used: "400\n") == 0)
        #expect(MemoryRoom.room(limit: "max\n", used: "400\n") == nil)
    }
}
