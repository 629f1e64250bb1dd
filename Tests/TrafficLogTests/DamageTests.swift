import Foundation
import RegistryTypes
import TestSupport
import Testing
import TrafficLog

/// Files that a crash, a full disk or a bad one left behind.
@Suite struct DamageTests {
    private static func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(filePath: path)) }

    /// A store with a block of three texts and one of two, closed.
    private static func filled(_ scratch: ScratchFolder) async throws -> (segment: String, firstBlock: Int) {
        let store = try TrafficStore(folder: scratch.path)
        let segment = scratch.path + "/2026-11-21.seg"
        try await store.append(try (0..<3).map { try Records.captured($0) })
        let first = try bytes(segment).count
        try await store.append(try (3..<5).map { try Records.captured($0) })
        await store.close()
        return (segment, first)
    }

    private static func isReadable(_ number: Int, in store: TrafficStore) async throws -> Bool {
        let detail = try await store.detail(Records.id(number))
        guard let body = detail.body else {
            #expect(detail.problem != nil)
            return false
        }
        #expect(body == Records.redacted(Records.body(number)).body)
        return true
    }

    @Test func aSegmentTornAtAnyByteLosesOnlyItsLastBlock() async throws {
        let scratch = try ScratchFolder()
        let (segment, first) = try await Self.filled(scratch)
        let whole = try Self.bytes(segment)
        let rows = try Self.bytes(scratch.path + "/2026-11-21.db")
        for size in first..<whole.count {
            let torn = try ScratchFolder()
            try rows.write(to: URL(filePath: torn.path + "/2026-11-21.db"))
            try whole.prefix(size).write(to: URL(filePath: torn.path + "/2026-11-21.seg"))
            let store = try TrafficStore(folder: torn.path)
            for number in 0..<5 { #expect(try await Self.isReadable(number, in: store) == (number < 3)) }
            // What is written afterwards stands where the torn block was, and is not taken for it.
            try await store.append([try Records.captured(5)])
            for number in 0..<6 { #expect(try await Self.isReadable(number, in: store) == (number < 3 || number == 5)) }
            #expect(try await store.request(Records.id(4)).body == .lost)
            #expect(try await store.facts()[0].withTexts == 4)
        }
    }

    @Test func bytesBehindTheLastRowAreTakenOff() async throws {
        let scratch = try ScratchFolder()
        let (segment, _) = try await Self.filled(scratch)
        let whole = try Self.bytes(segment)
        for tail in [whole.suffix(20), whole.prefix(40), Data(count: 5000)] {
            try (whole + tail).write(to: URL(filePath: segment))
            let store = try TrafficStore(folder: scratch.path)
            try await store.append([CapturedRequest(try Records.record(9))])
            #expect(try Self.bytes(segment) == whole)
            for number in 0..<5 { #expect(try await Self.isReadable(number, in: store)) }
            await store.close()
        }
    }

    @Test func aChangedByteIsFoundAndOtherBlocksAreRead() async throws {
        let scratch = try ScratchFolder()
        let (segment, first) = try await Self.filled(scratch)
        let whole = try Self.bytes(segment)
        for place in 0..<first {
            var damaged = whole
            damaged[place] ^= 0x10
            try damaged.write(to: URL(filePath: segment))
            let store = try TrafficStore(folder: scratch.path)
            for number in [0, 2, 3, 4] { #expect(try await Self.isReadable(number, in: store) == (number >= 3)) }
        }
    }

    @Test(arguments: ["", "not a database", String(repeating: "SQLite format 3\u{0}", count: 600)])
    func aDamagedDayIsNamedAndOthersAreServed(_ rows: String) async throws {
        let scratch = try ScratchFolder()
        let store = try TrafficStore(folder: scratch.path)
        for day in -1...1 { try await store.append([try Records.captured(1, day: day)]) }
        await store.close()
        let path = scratch.path + "/2026-11-21.db"
        try Data(rows.utf8).write(to: URL(filePath: path))

        let reopened = try TrafficStore(folder: scratch.path)
        let facts = try await reopened.facts()
        #expect(facts.map(\.day.description) == ["2026-11-22", "2026-11-21", "2026-11-20"])
        #expect(facts.map(\.requests) == [1, 0, 1])
        let page = try await reopened.list()
        #expect(page.requests.map(\.record.id) == [Records.id(1, day: 1), Records.id(1, day: -1)])
        if rows.isEmpty {
            // An empty file is a new database.
            #expect(page.problems.isEmpty)
        } else {
            #expect(facts[1].problem != nil)
            #expect(page.problems.keys.map(\.description) == ["2026-11-21"])
            await #expect(throws: TrafficLogError.self) { try await reopened.request(Records.id(1)) }
        }
        #expect(try await reopened.detail(Records.id(1, day: 1)).body != nil)
        let frozen = try await reopened.freeze(FreezeQuery(TrafficFilter()))
        #expect(frozen.facts.taken == 2)
        #expect(frozen.facts.problems.isEmpty == rows.isEmpty)
        try reopened.removeDays(before: Records.today.adding(days: 1), today: Records.today.adding(days: 1))
        #expect(try reopened.days() == [Records.today.adding(days: 1)])
    }

    @Test func aRowWhoseBlockHoldsAnotherRequestSaysSo() async throws {
        let scratch = try ScratchFolder()
        let (segment, _) = try await Self.filled(scratch)
        let other = try ScratchFolder()
        let store = try TrafficStore(folder: other.path)
        // Blocks of the same form with other requests in them.
        try await store.append(try (10..<13).map { try Records.captured($0) })
        try await store.append(try (13..<15).map { try Records.captured($0) })
        await store.close()
        try FileManager.default.removeItem(atPath: segment)
        try FileManager.default.copyItem(atPath: other.path + "/2026-11-21.seg", toPath: segment)
        let reopened = try TrafficStore(folder: scratch.path)
        #expect(try await Self.isReadable(0, in: reopened) == false)
    }

    /// At every place where a process may die, a copy of its files holds whole batches, and goes on from there.
    @Test func aKilledProcessLeavesWholeBatches() async throws {
        let scratch = try ScratchFolder()
        let copies = CopiesOfFiles(of: scratch.path)
        let store = try TrafficStore(folder: scratch.path) { copies.take($0) }
        for batch in 0..<4 { try await store.append(try (0..<70).map { try Records.captured(batch * 70 + $0) }) }
        let taken = copies.folders
        #expect(taken.map(\.place) == (0..<4).flatMap { _ in ["capture.blockWritten", "capture.rowsWritten"] })
        for (index, copy) in taken.enumerated() {
            let reopened = try TrafficStore(folder: copy.folder.path)
            let before = index / 2 * 70
            #expect(try await reopened.count(TrafficFilter()) == before)
            // The same batch comes again, with others: nothing is doubled or mistaken.
            try await reopened.append(try (0..<(before + 70)).map { try Records.captured($0) })
            for number in [0, before, before + 69] {
                #expect(try await Self.isReadable(number, in: reopened))
            }
            #expect(try await reopened.facts()[0].withTexts == before + 70)
        }
    }

    /// As the message of a damaged file asks for: moved away, while the server runs.
    @Test func aDayThatIsMovedAwayBeginsAnew() async throws {
        let scratch = try ScratchFolder()
        let store = try TrafficStore(folder: scratch.path)
        try await store.append([try Records.captured(1)])
        for ending in ["db", "db-wal", "db-shm", "seg"] {
            let path = "\(scratch.path)/2026-11-21.\(ending)"
            try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
        }
        #expect(try await store.list().requests.isEmpty)
        try await store.append([try Records.captured(2)])
        #expect(try await store.list().requests.map(\.record.id) == [Records.id(2)])
        #expect(try await Self.isReadable(2, in: store))
    }
}
