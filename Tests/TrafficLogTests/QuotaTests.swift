import Foundation
import RegistryTypes
import TestSupport
import Testing
import TrafficLog

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
