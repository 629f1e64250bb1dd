import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import TestSupport
import Testing
import TrafficLog
import UserDocuments

@testable import Replay

/// Runs that stop as soon as the answer is known.
@Suite struct LookReplayTests {
    private static let document = CanaryDocument(
        name: Demo.name("tickets"),
        compare: CanaryDocument.Comparison(traffic: Demo.name("week47"), requests: 2_000, lookEvery: 60),
        checks: Demo.document.checks
    )

    private static func run(_ path: String) throws -> CanaryReplay {
        let all = try TrafficSet(data: Data(contentsOf: Checkout.demo.appending(path: "traffic/week47.jsonl"))).requests
        return CanaryReplay(
            record: try Demo.canary(requests: 240, seed: 7),
            document: document,
            candidate: try Demo.record(2),
            baseline: try Demo.record(1),
            requests: Array(all.prefix(400)),
            samplesPath: path,
            build: "test"
        )
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
