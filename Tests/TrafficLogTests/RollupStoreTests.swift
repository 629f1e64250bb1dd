import Digests
import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import TrafficLog

@Suite struct RollupStoreTests {
    /// Encoded values of these tests are numbers as text; merging adds.
    private static func merge(_ left: Data, _ right: Data) throws -> Data { encoded(number(left) + number(right)) }
    private static func number(_ data: Data) -> Int { Int(String(decoding: data, as: UTF8.self)) ?? -1_000_000 }
    private static func encoded(_ number: Int) -> Data { Data(String(number).utf8) }

    private static func store(
        _ path: String,
        failpoint: @escaping @Sendable (String) -> Void = { _ in }
    ) throws -> RollupStore {
        try RollupStore(path: path + "/rollups.db", mergeLatencies: merge, mergeDrift: merge, failpoint: failpoint)
    }

    private static func series(_ slo: String = "availability", release: Int = 12, arm: TrafficArm = .live) throws
        -> SLISeries
    {
        SLISeries(
            slo: try Name(slo),
            definition: Digest(of: Data("one".utf8)),
            model: try Name("ticket-bot"),
            release: release,
            arm: arm
        )
    }

    private static func events(_ start: Int64, _ valid: Int, _ bad: Int, _ series: SLISeries) -> SLIEvents {
        SLIEvents(series, SLIBucket(start: start, seconds: 10, valid: valid, bad: bad))
    }

    @Test func countsAreAddedAndReadBack() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch.path)
        let live = try Self.series()
        let held = try Self.series(release: 11, arm: .holdback)
        try await store.add(
            RollupBatch(slis: [Self.events(600, 5, 1, live), Self.events(610, 1, 0, live)], marks: ["a": 5])
        )
        try await store.add(
            RollupBatch(slis: [Self.events(600, 2, 2, live), Self.events(600, 1, 0, held)], marks: ["a": 9])
        )
        let found = try await store.slis(since: 0)
        #expect(
            found == [
                live: [
                    SLIBucket(start: 600, seconds: 10, valid: 7, bad: 3),
                    SLIBucket(start: 610, seconds: 10, valid: 1, bad: 0),
                ],
                held: [SLIBucket(start: 600, seconds: 10, valid: 1, bad: 0)],
            ]
        )
        #expect(try await store.slis(since: 610)[live]?.count == 1)
        #expect(try await store.slis(since: 0, slo: try Name("latency")).isEmpty)
        #expect(try await store.marks() == ["a": 9])
        try store.close()
        #expect(try await Self.store(scratch.path).slis(since: 0) == found)
    }

    @Test func fineBucketsMergeIntoWholeMinutes() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch.path)
        let live = try Self.series()
        let starts: [Int64] = stride(from: -120, to: 300, by: 10).map { $0 }
        try await store.add(RollupBatch(slis: starts.map { Self.events($0, 2, 1, live) }))
        // 250 lies inside a minute: that minute stays fine.
        #expect(try await store.mergeSLIs(before: 250) == 36)
        let found = try await store.slis(since: -1000)[live] ?? []
        let fine = starts.map { SLIBucket(start: $0, seconds: 10, valid: 2, bad: 1) }
        #expect(found == SLIBucket.merged(fine, before: 240))
        // A late event goes into a fine bucket of its own and is merged the next time.
        try await store.add(RollupBatch(slis: [Self.events(30, 1, 1, live)]))
        #expect(try await store.mergeSLIs(before: 240) == 1)
        #expect(try await store.slis(since: 0)[live]?.first == SLIBucket(start: 0, seconds: 60, valid: 13, bad: 7))
        #expect(try await store.mergeSLIs(before: 240) == 0)
        // Pruning takes whole buckets, and series without any.
        #expect(try await store.prune(before: 60) == 3)
        #expect(try await store.slis(since: -1000)[live]?.first?.start == 60)
        #expect(try await store.prune(before: 10_000) == 9)
        #expect(try await store.slis(since: -1000).isEmpty)
        try await store.add(RollupBatch(slis: [Self.events(30, 1, 1, live)]))
        #expect(try await store.slis(since: -1000)[live]?.count == 1)
    }

    @Test func minutesOfTrafficAdd() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch.path)
        func minute(_ outcomes: [RequestOutcome: Int], _ latencies: Int?) throws -> TrafficMinute {
            TrafficMinute(
                minute: 60,
                model: try Name("ticket-bot"),
                release: 12,
                arm: .live,
                outcomes: outcomes,
                promptTokens: 100,
                outputTokens: 10,
                latencies: latencies.map(Self.encoded)
            )
        }
        try await store.add(RollupBatch(traffic: [try minute([.answered: 3], nil)]))
        try await store.add(RollupBatch(traffic: [try minute([.answered: 2, .timedOut: 1], 5)]))
        try await store.add(RollupBatch(traffic: [try minute([:], 7), try minute([.rejected: 1], nil)]))
        let found = try await store.traffic(since: 0)
        #expect(found.count == 1)
        #expect(found[0].outcomes == [.answered: 5, .timedOut: 1, .rejected: 1])
        #expect(found[0].outcomes.values.reduce(0, +) == 7)
        #expect(found[0].promptTokens == 400)
        #expect(found[0].latencies == Self.encoded(12))
        #expect(try await store.traffic(since: 61).isEmpty)
        #expect(try await store.traffic(since: 0, model: try Name("other")).isEmpty)
    }

    @Test func summariesMergeIntoHours() async throws {
        let scratch = try ScratchFolder()
        let store = try Self.store(scratch.path)
        let model = try Name("ticket-bot")
        func summary(_ start: Int64, _ value: Int, epoch: String = "e1") -> DriftRollup {
            DriftRollup(model: model, release: 12, epoch: epoch, start: start, summary: Self.encoded(value))
        }
        try await store.add(RollupBatch(drift: (0..<150).map { summary(Int64($0) * 60, 1) }))
        try await store.add(RollupBatch(drift: [summary(0, 10), summary(0, 5, epoch: "e2")]))
        #expect(try await store.mergeDrift(before: 7300) == 121)
        let found = try await store.drift(model: model, epoch: "e1", seconds: 0..<100_000)
        #expect(found.prefix(2).map(\.seconds) == [3600, 3600])
        #expect(found.prefix(3).map { Self.number($0.summary) } == [70, 60, 1])
        #expect(found.count == 32)
        #expect(try await store.drift(model: model, release: 12, seconds: 0..<3600).map(\.epoch) == ["e1", "e2"])
        // A late minute is added to its hour.
        try await store.add(RollupBatch(drift: [summary(60, 100)]))
        #expect(try await store.mergeDrift(before: 7300) == 1)
        #expect(Self.number(try await store.drift(model: model, epoch: "e1", seconds: 0..<1)[0].summary) == 170)
        #expect(try await store.prune(before: 3600) == 2)
        #expect(try await store.drift(model: model, seconds: 0..<100_000).count == 31)
    }

    @Test func whatAMergeRefusesChangesNothing() async throws {
        struct Refused: Error {}
        let scratch = try ScratchFolder()
        let store = try RollupStore(
            path: scratch.path + "/rollups.db",
            mergeLatencies: { _, _ in throw Refused() },
            mergeDrift: { _, _ in throw Refused() }
        )
        let live = try Self.series()
        let drift = DriftRollup(model: try Name("m"), release: 1, epoch: "e", start: 0, summary: Data([1]))
        try await store.add(RollupBatch(slis: [Self.events(0, 1, 0, live)], drift: [drift]))
        await #expect(throws: Refused.self) {
            try await store.add(RollupBatch(slis: [Self.events(0, 1, 0, live)], drift: [drift]))
        }
        #expect(try await store.slis(since: 0)[live] == [SLIBucket(start: 0, seconds: 10, valid: 1, bad: 0)])
    }

    @Test func damagedRollupsSaySo() throws {
        let scratch = try ScratchFolder()
        try Data("not a database".utf8).write(to: URL(filePath: scratch.path + "/rollups.db"))
        #expect(throws: TrafficLogError.self) { try Self.store(scratch.path) }
    }

    /// At every place where a process may die, what a copy of its files holds is the counts before or after the step.
    @Test func aKilledProcessLeavesWholeBatches() async throws {
        let scratch = try ScratchFolder()
        let copies = CopiesOfFiles(of: scratch.path)
        let store = try Self.store(scratch.path) { copies.take($0) }
        let live = try Self.series()
        var total = 0
        var totals: Set<Int> = [0]
        for step in 0..<6 {
            try await store.add(
                RollupBatch(
                    slis: (0..<12).map { Self.events(Int64($0) * 10, step + 1, 1, live) },
                    marks: ["rows": Int64(step + 1)]
                )
            )
            total += 12 * (step + 1)
            totals.insert(total)
            try await store.mergeSLIs(before: Int64(step % 3) * 60)
        }
        let taken = copies.folders
        #expect(Set(taken.map(\.place)) == ["rollup.added", "rollup.merged", "rollup.committed"])
        for copy in taken {
            let reopened = try Self.store(copy.folder.path)
            let count = try await reopened.slis(since: 0).values.joined().reduce(0) { $0 + $1.valid }
            #expect(totals.contains(count), "\(copy.place)")
            // The mark says exactly which batches are in the counts.
            let steps = Int(try await reopened.marks()["rows"] ?? 0)
            #expect(count == 6 * steps * (steps + 1))
        }
    }
}
