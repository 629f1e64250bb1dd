import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import Synchronization
import TestSupport
import Testing
import TrafficLog
import UserDocuments

@testable import Replay

/// Whole runs on the demo's models.
@Suite struct CanaryReplayTests {
    private static let requests = 60

    private static func traffic() throws -> [TrafficRequest] {
        let all = try TrafficSet(data: Data(contentsOf: Checkout.demo.appending(path: "traffic/week47.jsonl"))).requests
        return Array(all.prefix(100))
    }

    private static func run(_ path: String, seed: UInt64 = 7, document: CanaryDocument = Demo.document) throws
        -> CanaryReplay
    {
        CanaryReplay(
            record: try Demo.canary(requests: requests, seed: seed),
            document: document,
            candidate: try Demo.record(2),
            baseline: try Demo.record(1),
            requests: try traffic(),
            samplesPath: path,
            build: "test"
        )
    }

    /// The fields that no clock and no restart may change.
    private func expectSame(_ left: CanaryReport, _ right: CanaryReport) {
        #expect(left.judgment == right.judgment)
        #expect(left.worstPairs == right.worstPairs)
        #expect(left.different == right.different)
        #expect(left.requests == right.requests)
        #expect(left.run.baselineFirst == right.run.baselineFirst)
    }

    /// Stopped twice and taken up again: the same report as in one go.
    @Test func aRunThatWasStoppedComesToTheSameReport() async throws {
        let folder = try ScratchFolder()
        let (v1, v2) = (try Demo.side("v1"), try Demo.side("v2"))
        let whole = try await Self.run(folder.file("whole.db")).run(candidate: v2, baseline: v1) { _, _ in }
        #expect(whole.requests == Self.requests)
        #expect(whole.run.resumed == 0)
        for stop in [10, 40] {
            let reached = AsyncStream<Void>.makeStream()
            let work = Task {
                try await Self.run(folder.file("parts.db")).run(candidate: v2, baseline: v1) { done, _ in
                    if done >= stop { reached.continuation.yield() }
                }
            }
            for await _ in reached.stream { break }
            work.cancel()
            await #expect(throws: CancellationError.self) { try await work.value }
        }
        let counts = Mutex<[Int]>([])
        let parts = try await Self.run(folder.file("parts.db")).run(candidate: v2, baseline: v1) { done, _ in
            counts.withLock { $0.append(done) }
        }
        #expect(parts.run.resumed == 2)
        #expect(counts.withLock { $0.first ?? 0 } >= 40)
        #expect(counts.withLock { $0.max() } == Self.requests)
        expectSame(parts, whole)
        // All is there: nothing is run again, and the judge says the same.
        expectSame(try await Self.run(folder.file("parts.db")).run(candidate: v2, baseline: v1) { _, _ in }, whole)
    }

    /// Many pairs in flight give the samples that one request at a time gives, to the last bit; only there are times.
    @Test(arguments: [0, 1.0]) func manyPairsInFlightGiveTheSameSamples(_ temperature: Double) async throws {
        let folder = try ScratchFolder()
        let (v1, v2) = (
            try Demo.side("v1", temperature: temperature), try Demo.side("v2", temperature: temperature)
        )
        var reports: [CanaryReport] = []
        var samples: [[SamplePair]] = []
        for (name, document) in [("batched.db", Demo.document), ("timed.db", try Demo.timed(isWatchOnly: false))] {
            let replay = try Self.run(folder.file(name), document: document)
            reports.append(try await replay.run(candidate: v2, baseline: v1) { _, _ in })
            let store = try SampleStore.open(path: folder.file(name), run: replay.identity)
            samples.append(try await store.allPairs())
        }
        #expect(samples[0].count == Self.requests)
        #expect(samples[0].allSatisfy { $0.baseline.totalSeconds == nil && $0.candidate.ttftSeconds == nil })
        #expect(samples[1].allSatisfy { $0.baseline.totalSeconds != nil && $0.candidate.ttftSeconds != nil })
        #expect(samples[0] == samples[1].map(\.withoutTimes))
        #expect(reports[0].worstPairs == reports[1].worstPairs)
        for check in reports[0].judgment.checks {
            let other = try #require(reports[1].judgment.checks.first { $0.name == check.name })
            #expect(other.estimate == check.estimate)
            #expect(other.samples == check.samples && other.missing == check.missing)
        }
        #expect((reports[0].run.warmUp, reports[1].run.warmUp) == (0, 2))
    }

    /// Times that are only shown come from the first pairs, and the report says so.
    @Test func timesThatAreOnlyShownComeFromASample() throws {
        let shown = TimingPlan(try Demo.timed(isWatchOnly: true))
        #expect((0..<2_000).count { shown.measures($0) } == 100)
        #expect(shown.measures(99) && !shown.measures(100))
        #expect(shown.note(pairs: 100) == nil)
        #expect(
            shown.note(pairs: 2_000)
                == "times are only shown: they were measured on 100 of the 2,000 pairs, one request at a time"
        )
        let deciding = TimingPlan(try Demo.timed(isWatchOnly: false))
        #expect(deciding == .all && deciding.measures(1_999) && deciding.note(pairs: 2_000) == nil)
        #expect(TimingPlan(Demo.document) == .none && !TimingPlan.none.measures(0))
        let pairs = (0..<300).map { index in
            MeasuredPair(
                request: TrafficRequest(id: "\(index)", variables: [:], expected: "yes"),
                baseline: Sample(text: "yes", totalSeconds: 0.1),
                candidate: Sample(text: "yes", totalSeconds: 0.1),
                isTimed: shown.measures(index)
            )
        }
        let measured = CanaryMeasurements(document: try Demo.timed(isWatchOnly: true), pairs: pairs, schema: nil)
        #expect(measured.samples["total_time"]?.baseline.count == 100)
        #expect(measured.samples["exact_match"]?.baseline.count == 300)
    }

    /// A release against itself differs nowhere, also when tokens are drawn: both sides draw from the same seed.
    @Test(arguments: [0, 1.0]) func aReleaseEqualsItself(_ temperature: Double) async throws {
        let folder = try ScratchFolder()
        let release = try Demo.side("v3", temperature: temperature)
        let report = try await Self.run(folder.file("same.db")).run(candidate: release, baseline: release) { _, _ in }
        #expect(report.different == 0)
        #expect(report.worstPairs.isEmpty)
        #expect(report.judgment.verdict != .fail)
    }

    /// Samples of a run with another seed are not mixed in.
    @Test func refusesTheSamplesOfAnotherRun() async throws {
        let folder = try ScratchFolder()
        let release = try Demo.side("v3")
        _ = try await Self.run(folder.file("a.db")).run(candidate: release, baseline: release) { _, _ in }
        await #expect(throws: TrafficLogError.self) {
            try await Self.run(folder.file("a.db"), seed: 8).run(candidate: release, baseline: release) { _, _ in }
        }
    }

    /// Requests that the prompt does not take are answers that did not come, on both sides.
    @Test func whatCannotBeAskedIsASample() async throws {
        let folder = try ScratchFolder()
        let release = try Demo.side("v3")
        let run = CanaryReplay(
            record: try Demo.canary(requests: 3, seed: 1),
            document: Demo.document,
            candidate: try Demo.record(2),
            baseline: try Demo.record(1),
            requests: (0..<3).map { TrafficRequest(id: "\($0)", variables: ["wrong": "name \($0)"], expected: "x") },
            samplesPath: folder.file("b.db"),
            build: "test"
        )
        let report = try await run.run(candidate: release, baseline: release) { _, _ in }
        #expect(report.requests == 3)
        #expect(report.judgment.verdict != .pass)
    }

    /// An evaluation counts over what can be said, and shows what was wrong.
    @Test func evaluates() async throws {
        let suite = try TrafficSet(data: Data(contentsOf: Checkout.demo.appending(path: "suites/golden.jsonl")))
            .requests
            .prefix(
                40
            )
        let unlabelled = suite.prefix(5).map { TrafficRequest(id: "u" + $0.id, variables: $0.variables) }
        let unanswerable = [TrafficRequest(id: "none", variables: [:], expected: "x")]
        let result = try await EvaluationReplay(requests: suite + unlabelled + unanswerable)
            .run(Demo.side("v1")) { _, _ in }
        #expect(
            result.scores.map(\.metric) == [
                "availability", "exact_match", #"field_match(field="intent")"#, #"field_match(field="order")"#,
                #"field_match(field="priority")"#,
            ]
        )
        let scores = Dictionary(uniqueKeysWithValues: result.scores.map { ($0.metric, $0) })
        // The copies without an expectation ask nothing new.
        #expect(scores["availability"]?.samples == 41)
        #expect(scores["availability"]?.good == 40)
        #expect(scores["exact_match"]?.samples == 41)
        #expect(scores["exact_match"]?.good ?? 0 >= 36)
        // An answer is right where all of its fields are; what is expected of the other case is no JSON.
        let fields = result.scores.filter(\.isOfPart)
        #expect(fields.allSatisfy { $0.samples == 40 && $0.good >= scores["exact_match"]?.good ?? 99 })
        #expect(result.failures.contains { $0.request == "none" && $0.answer == nil })
    }
}

extension SamplePair {
    /// The same pair without what a clock measured.
    fileprivate var withoutTimes: SamplePair {
        func timeless(_ sample: Sample) -> Sample {
            var sample = sample
            (sample.ttftSeconds, sample.tpotSeconds, sample.totalSeconds) = (nil, nil, nil)
            return sample
        }
        return SamplePair(
            position: position,
            request: request,
            first: first,
            baseline: timeless(baseline),
            candidate: timeless(candidate)
        )
    }
}
