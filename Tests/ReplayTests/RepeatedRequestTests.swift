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

/// One request repeated is one observation, in a canary and in an evaluation.
@Suite struct RepeatedRequestTests {
    private static func traffic(_ count: Int) throws -> [TrafficRequest] {
        let all = try TrafficSet(data: Data(contentsOf: Checkout.demo.appending(path: "traffic/week47.jsonl"))).requests
        return Array(all.prefix(count))
    }

    private static func copy(_ request: TrafficRequest, _ id: Int) -> TrafficRequest {
        TrafficRequest(
            id: "copy\(id)",
            variables: request.variables,
            expected: request.expected,
            tags: ["copy": "\(id)"]
        )
    }

    private static func run(_ requests: [TrafficRequest], _ count: Int, _ path: String) throws -> CanaryReplay {
        CanaryReplay(
            record: try Demo.canary(requests: count, seed: 7),
            document: Demo.document,
            candidate: try Demo.record(2),
            baseline: try Demo.record(1),
            requests: requests,
            samplesPath: path,
            build: "test"
        )
    }

    /// A set of copies of what a broken version gets right passes nothing; copies beside other requests change nothing.
    @Test func copiesAreNoEvidence() async throws {
        let folder = try ScratchFolder()
        let (v1, v2) = (try Demo.side("v1"), try Demo.side("v2"))
        let requests = try Self.traffic(40)
        let alone = (0..<400).map { Self.copy(requests[3], $0) }
        let report = try await Self.run(alone, 400, folder.file("a.db")).run(candidate: v2, baseline: v1) { _, _ in }
        #expect(report.requests == 1)
        #expect(report.judgment.verdict == .inconclusive)
        #expect(
            report.judgment.reasons.contains {
                $0.hasPrefix("the set holds 400 requests, 1 different: ")
            }
        )
        let without = try await Self.run(requests, 40, folder.file("b.db")).run(candidate: v2, baseline: v1) { _, _ in }
        let mixed = requests + (0..<60).map { Self.copy(requests[$0 % 3], $0) }
        let with = try await Self.run(mixed, 100, folder.file("c.db")).run(candidate: v2, baseline: v1) { _, _ in }
        #expect(with.requests == 40)
        for (left, right) in zip(with.judgment.checks, without.judgment.checks) where left.metric != "baseline_logprob"
        {
            #expect(left.samples == right.samples && left.flips == right.flips && left.verdict == right.verdict)
        }
    }

    /// The order of a set without copies is what it was; with copies all that is different is drawn first.
    @Test func theScheduleDrawsWhatIsDifferentFirst() throws {
        let requests = try Self.traffic(30)
        for seed in 0..<20 as Range<UInt64> {
            #expect(
                CanarySchedule(requests, requests: 30, seed: seed)
                    == CanarySchedule(setSize: 30, requests: 30, seed: seed)
            )
            let copied = requests + (0..<70).map { Self.copy(requests[$0 % 30], $0) }
            let long = CanarySchedule(copied, requests: 100, seed: seed)
            #expect(Set(long.steps.map(\.request)).count == 100)
            #expect(DistinctRequests(long.steps.prefix(30).map { copied[$0.request] }).count == 30)
            #expect(CanarySchedule(copied, requests: 12, seed: seed).steps == Array(long.steps.prefix(12)))
        }
    }

    /// A run over copies that an older build began goes on in the order in which it began, and counts each request once.
    @Test func aRunOfAnOlderBuildGoesOn() async throws {
        let folder = try ScratchFolder()
        let requests = try Self.traffic(10)
        let copied = requests + (0..<30).map { Self.copy(requests[$0 % 10], $0) }
        let run = try Self.run(copied, 40, folder.file("old.db"))
        let store = try SampleStore.open(path: folder.file("old.db"), run: run.identity)
        let before = CanarySchedule(setSize: 40, requests: 40, seed: 7)
        #expect(before != CanarySchedule(copied, requests: 40, seed: 7))
        for step in before.steps.prefix(15) {
            let sample = Sample(text: "x", finish: "stop", outputTokens: 1)
            let pair = SamplePair(
                position: step.position,
                request: copied[step.request].id,
                first: step.baselineFirst ? .baseline : .candidate,
                baseline: sample,
                candidate: sample
            )
            try await store.insert(pair)
        }
        try store.close()
        let side = try Demo.side("v1")
        let report = try await run.run(candidate: side, baseline: side) { _, _ in }
        #expect(report.requests == 10)
        #expect(report.run.resumed == 1)
    }

    /// Three hundred copies of one case are one case, whatever they are called or expect.
    @Test func anEvaluationCountsCasesOnce() async throws {
        let requests = try Self.traffic(5)
        let copies = (0..<295).map { index in
            TrafficRequest(
                id: "copy\(index)",
                variables: requests[0].variables,
                expected: (requests[0].expected ?? "") + (index % 2 == 0 ? " " : "")
            )
        }
        let result = try await EvaluationReplay(requests: requests + copies).run(Demo.side("v1")) { _, _ in }
        // Two for the whole answer, and one for each of its three fields.
        #expect(result.scores.map(\.samples) == [5, 5, 5, 5, 5])
        #expect(result.notes?.contains { $0.hasPrefix("the set holds 300 requests, 5 different") } == true)
        #expect(result.notes?.contains { $0.hasPrefix("rows of the set expect different answers") } == true)
    }
}
