import Foundation
import RegistryTypes
import TestSupport
import Testing

@testable import TrafficLog

/// What a key may leave on the disk, what is left of a refused request, and a day whose file cannot be read any more.
@Suite struct QuotaTests {
    private static func queue(_ folder: String, bytesOfKey: Int) throws -> CaptureQueue {
        let limits = CaptureLimits(delayMilliseconds: 1, bytesOfKey: bytesOfKey)
        return CaptureQueue(store: try TrafficStore(folder: folder), key: Records.key, limits: limits)
    }

    private static func body(_ bytes: Int) -> RequestBody {
        RequestBody(variables: ["ticket": String(repeating: "a ", count: bytes / 2)])
    }

    @Test func aKeyHasItsShareOfADayAndANewOneTomorrow() async throws {
        let scratch = try ScratchFolder()
        let queue = try Self.queue(scratch.path, bytesOfKey: 10_000)
        for number in 0..<4 { #expect(queue.offer(try Records.record(number), Self.body(3000))) }
        await queue.flush()
        #expect(queue.fullKeys == [try Name("shop")])
        #expect(queue.offer(try Records.record(9, day: 1), Self.body(3000)))
        await queue.flush()
        #expect(queue.fullKeys.isEmpty)
        #expect(queue.counters.stored == 5, "each is counted, with or without its texts")
        let states = try await queue.store.list().requests.sorted { $0.record.time < $1.record.time }.map(\.body)
        #expect(states == [.variables, .variables, .variables, .tooLarge, .variables])
    }

    /// A clock that was ahead and came back, and one that steps over midnight and back: each day has its own count.
    @Test func aClockThatStepsTakesNobodysTextsAway() throws {
        var quota = CaptureQuota(limitBytes: 1000)
        #expect(try !quota.take(1001, of: Records.record(1, day: 40)))
        #expect(quota.full == [try Name("shop")])
        #expect(try quota.take(900, of: Records.record(2)), "the day to come is another one")
        #expect(quota.full.isEmpty)
        #expect(try quota.take(1000, of: Records.record(3, day: 1)))
        #expect(try !quota.take(200, of: Records.record(4)), "back on the day before, 900 are taken")
        for day in 2..<40 { #expect(try quota.take(1000, of: Records.record(5, day: day))) }
    }

    /// Keys beyond those that are counted keep no texts that day, and take no memory.
    @Test func keysThatNobodyCountsKeepNoTexts() throws {
        var quota = CaptureQuota(limitBytes: 1000)
        for number in 0..<CaptureQuota.maxKeys {
            #expect(try quota.take(10, of: Records.record(1, key: "k\(number)")))
        }
        for number in 0..<CaptureQuota.maxKeys + 10 {
            #expect(try !quota.take(10, of: Records.record(1, key: "other\(number)")))
        }
        #expect(quota.full.count == CaptureQuota.maxKeys)
        #expect(try quota.take(10, of: Records.record(1, key: "k7")))
    }

    @Test(arguments: RequestOutcome.allCases)
    func whatWasRefusedKeepsNoMegabytes(_ outcome: RequestOutcome) async throws {
        let scratch = try ScratchFolder()
        let queue = try Self.queue(scratch.path, bytesOfKey: 1 << 30)
        #expect(queue.offer(try Records.record(1, outcome: outcome), Self.body(900_000)))
        #expect(queue.offer(try Records.record(2, outcome: outcome), Self.body(9000)))
        await queue.flush()
        let states = try await queue.store.list().requests.sorted { $0.record.time < $1.record.time }.map(\.body)
        let isRefused = [.rejected, .overloaded, .ownLoad].contains(outcome)
        #expect(states == [isRefused ? .tooLarge : .variables, .variables])
        let problem = try await queue.store.detail(Records.record(1, outcome: outcome).id).problem
        #expect(problem?.contains("refused, and its texts have more than 16384 bytes") ?? false == isRefused)
    }

    /// What one key says of a request, and how many texts it says it with, has an end: neither a page nor the disk is for it alone.
    @Test func whatAKeySaysHasAnEnd() async throws {
        let scratch = try ScratchFolder()
        let queue = try Self.queue(scratch.path, bytesOfKey: 10_000)
        #expect(queue.offer(try Records.record(1), nil))
        func label(_ by: String, isCorrect: Bool, _ comment: String? = nil) async throws {
            let label = RequestLabel(
                request: Records.id(1),
                isCorrect: isCorrect,
                comment: comment,
                by: try Name(by),
                at: Records.noon
            )
            _ = try await queue.label(label, isOfRole: false)
        }
        for number in 0..<DayFile.maxLabelsOfKey { try await label("shop", isCorrect: number % 2 == 0) }
        await #expect(
            throws: TrafficLogError.tooManyLabels(Records.id(1), of: try Name("shop"), limit: DayFile.maxLabelsOfKey)
        ) { try await label("shop", isCorrect: true) }
        try await label("other", isCorrect: true, String(repeating: "a", count: 9000))
        await #expect(throws: TrafficLogError.tooManyTexts(of: try Name("other"))) {
            try await label("other", isCorrect: true, String(repeating: "a", count: 1001))
        }
        try await label("other", isCorrect: false)
        #expect(try await queue.store.detail(Records.id(1)).labels.count == DayFile.maxLabelsOfKey + 2)
    }

    @Test func aDayThatCannotBeReadIsSetAsideAndGoesWithItsDay() async throws {
        let scratch = try ScratchFolder()
        let store = try TrafficStore(folder: scratch.path)
        try await store.append([try Records.captured(1)])
        await store.close()
        for ending in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: scratch.file("2026-11-21.db" + ending))
        }
        try Data(repeating: 0xA5, count: 9000).write(to: URL(filePath: scratch.file("2026-11-21.db")))
        let again = try TrafficStore(folder: scratch.path)
        #expect(try await again.append([try Records.captured(2)]).stored == 1)
        #expect(again.setAside == ["traffic/2026-11-21.db.damaged-1"])
        #expect(FileManager.default.fileExists(atPath: scratch.file("2026-11-21.db.damaged-1")))
        #expect(try await again.list().requests.count == 1)
        try again.removeDays(before: Records.today.adding(days: 1), today: Records.today.adding(days: 3))
        let left = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
        #expect(left.isEmpty, "texts of a day go with it: \(left)")
    }
}
