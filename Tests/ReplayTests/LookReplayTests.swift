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

/// Runs that stop as soon as the answer is known.
@Suite struct LookReplayTests {
    private static func document(lookEvery: Int? = 60, extendTo: Int? = nil) -> CanaryDocument {
        CanaryDocument(
            name: Demo.name("tickets"),
            compare: CanaryDocument.Comparison(
                traffic: Demo.name("week47"),
                requests: 2_000,
                lookEvery: lookEvery,
                extendTo: extendTo
            ),
            checks: Demo.document.checks
        )
    }

    private static func run(
        _ path: String,
        _ document: CanaryDocument = document(),
        requests: Int = 240,
        seed: UInt64 = 7,
        extends: CanaryExtension? = nil,
        earlierPath: String? = nil
    ) throws -> CanaryReplay {
        let all = try TrafficSet(data: Data(contentsOf: Checkout.demo.appending(path: "traffic/week47.jsonl"))).requests
        return CanaryReplay(
            record: try Demo.canary(requests: requests, seed: seed, extends: extends),
            document: document,
            candidate: try Demo.record(2),
            baseline: try Demo.record(1),
            requests: Array(all.prefix(400)),
            samplesPath: path,
            earlierPath: earlierPath,
            build: "test"
        )
    }

    /// 60 pairs do not show that the release is broken, and the extension does, as far as the set of 400 goes; stopped at any
    /// place, before, in or after the extension, it comes to the same.
    @Test(arguments: [nil, 30, 60]) func aRunThatDoesNotDecideExtendsItself(_ lookEvery: Int?) async throws {
        let folder = try ScratchFolder()
        let (v1, v2) = (try Demo.side("v1"), try Demo.side("v2"))
        let document = Self.document(lookEvery: lookEvery, extendTo: 1_000)
        let replay = try Self.run(folder.file("whole.db"), document, requests: 60)
        #expect(replay.pairLimit(first: 60) == 400 && replay.pairLimit(first: 2_000) == 2_000)
        let whole = try await replay.run(candidate: v2, baseline: v1) { _, _ in }
        let looks = try #require(whole.judgment.looks)
        #expect(whole.judgment.verdict == .fail, "\(whole.judgment.reasons)")
        #expect(looks.isExtended && looks.maximum == 60 && looks.pairs.contains(60) && whole.requests > 60, "\(looks)")
        #expect(
            whole.judgment.reasons.contains(
                "the document extends a run of 60 requests that do not decide to 400, as far as the set goes: these have "
                    + "80 % of both error rates, the extension 20 %"
            ),
            "\(whole.judgment.reasons)"
        )
        for stop in [20, 59, 61, whole.requests - 1] {
            let reached = AsyncStream<Void>.makeStream()
            let work = Task {
                try await Self.run(folder.file("parts.db"), document, requests: 60).run(candidate: v2, baseline: v1) {
                    done,
                    _ in if done >= stop { reached.continuation.yield() }
                }
            }
            for await _ in reached.stream { break }
            work.cancel()
            _ = try? await work.value
        }
        let parts = try await Self.run(folder.file("parts.db"), document, requests: 60)
            .run(candidate: v2, baseline: v1) { _, _ in }
        #expect(parts.judgment == whole.judgment && parts.requests == whole.requests)
        let again = try await replay.recompute(JudgedSides(candidate: v2, baseline: v1), made: whole.run)
        #expect(again == whole)

        // Other documents on its pairs: one that looks later than it got sees nothing yet, which is an answer.
        let later = try Self.run(folder.file("whole.db"), Self.document(lookEvery: 500), requests: 60)
        let early = try await later.judgeStored(
            JudgedSides(candidate: v2, baseline: v1),
            asked: 2_000,
            made: whole.run
        )
        #expect(early.judgment.verdict == .inconclusive && early.requests == 0)
        let reasons = early.judgment.reasons
        #expect(reasons.first?.hasPrefix("the first look is at") == true, "\(reasons)")
    }

    /// A stage that is added later asks only what is added. Stopped while it copies or answers it goes on, and once it has
    /// copied all, the earlier file may be gone.
    @Test func anAddedStageTakesOverWhatIsThere() async throws {
        let folder = try ScratchFolder()
        let (v1, v2) = (try Demo.side("v1"), try Demo.side("v2"))
        let document = Self.document(lookEvery: 30)
        let early = folder.file("early.db")
        let first = try await Self.run(early, document, requests: 60).run(candidate: v2, baseline: v1) { _, _ in }
        #expect(first.judgment.verdict == .inconclusive && first.canExtend, "\(first.judgment.reasons)")
        func later(_ file: String) throws -> CanaryReplay {
            try Self.run(
                folder.file(file),
                document,
                requests: 60,
                extends: CanaryExtension(of: CanaryID(1), to: 400),
                earlierPath: early
            )
        }
        let least = Mutex(Int.max)
        let whole = try await later("whole.db").run(candidate: v2, baseline: v1) { done, _ in
            least.withLock { $0 = min($0, done) }
        }
        #expect(whole.judgment.verdict == .fail && whole.judgment.looks?.isExtended == true)
        #expect(least.withLock { $0 } == 60, "nothing of the first stage is asked again")
        #expect(whole.run.seconds > first.run.seconds && whole.run.resumed == 0)
        for (stop, isGone) in [(60, false), (65, true), (whole.requests - 1, true)] {
            let reached = AsyncStream<Void>.makeStream()
            let replay = try later("parts.db")
            let work = Task {
                try await replay.run(candidate: v2, baseline: v1) { done, _ in
                    if done >= stop { reached.continuation.yield() }
                }
            }
            for await _ in reached.stream { break }
            work.cancel()
            _ = try? await work.value
            if isGone { try? FileManager.default.removeItem(atPath: early) }
        }
        let parts = try await later("parts.db").run(candidate: v2, baseline: v1) { _, _ in }
        #expect(parts.judgment == whole.judgment && parts.requests == whole.requests)
        // One that has copied nothing says that there is nothing.
        await #expect(throws: TrafficLogError.noSamples(path: early)) {
            try await later("none.db").run(candidate: v2, baseline: v1) { _, _ in }
        }
    }

    /// One seed in a thousand draws an order that looks like no fair coin. The order is the one that was drawn, and the run is
    /// as sound as any.
    @Test func aLopsidedDrawIsNoBrokenComparison() async throws {
        let folder = try ScratchFolder()
        let replay = try Self.run(
            folder.file("run.db"),
            Self.document(lookEvery: nil),
            requests: 120,
            seed: 16_250
        )
        let report = try await replay.run(candidate: Demo.side("v3"), baseline: Demo.side("v1")) { _, _ in }
        #expect(report.run.baselineFirst == 39)
        #expect(report.judgment.verdict != .invalid, "\(report.judgment.reasons)")
    }

    /// Where the first stage decides, nothing is extended and nothing more is asked.
    @Test func whatIsDecidedIsNotExtended() async throws {
        let folder = try ScratchFolder()
        let (v1, v2) = (try Demo.side("v1"), try Demo.side("v2"))
        let replay = try Self.run(folder.file("run.db"), Self.document(extendTo: 400))
        let report = try await replay.run(candidate: v2, baseline: v1) { _, _ in }
        let looks = try #require(report.judgment.looks)
        #expect(report.judgment.verdict == .fail && !looks.isExtended && report.requests <= 240, "\(looks)")
        let store = try SampleStore.open(path: folder.file("run.db"), run: replay.identity)
        #expect(try await store.allPairs().count == report.requests)
    }

    /// The broken release is known to be after 120 of 240 pairs: the rest is not asked, the report says so in a sentence, and
    /// a run that was stopped before, at or after a look comes to the same.
    @Test func theBrokenReleaseStopsItsOwnRun() async throws {
        let folder = try ScratchFolder()
        let (v1, v2) = (try Demo.side("v1"), try Demo.side("v2"))
        let replay = try Self.run(folder.file("whole.db"))
        let whole = try await replay.run(candidate: v2, baseline: v1) { _, _ in }
        let looks = try #require(whole.judgment.looks)
        #expect(whole.judgment.verdict == .fail && whole.requests == 120, "\(whole.judgment.reasons)")
        #expect(looks.pairs == [60, 120] && looks.planned == 4 && looks.pairsSaved == 120)
        #expect(
            whole.judgment.reasons.contains {
                $0.hasPrefix("stopped after 120 of at most 240 requests (look 2 of 4): answers is worse beyond doubt")
            },
            "\(whole.judgment.reasons)"
        )
        let store = try SampleStore.open(path: folder.file("whole.db"), run: replay.identity)
        #expect(try await store.allPairs().count == 120)
        for stop in [20, 60, 70] {
            let reached = AsyncStream<Void>.makeStream()
            let work = Task {
                try await Self.run(folder.file("parts.db")).run(candidate: v2, baseline: v1) { done, _ in
                    if done >= stop { reached.continuation.yield() }
                }
            }
            for await _ in reached.stream { break }
            work.cancel()
            // It may have come to its end before it heard of it.
            _ = try? await work.value
        }
        let parts = try await Self.run(folder.file("parts.db")).run(candidate: v2, baseline: v1) { _, _ in }
        #expect(parts.judgment == whole.judgment && parts.requests == whole.requests)
        #expect(parts.worstPairs == whole.worstPairs && parts.different == whole.different)
    }
}
