import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import SeededRandom
import TestSupport
import Testing
import TrafficLog
import UserDocuments

@testable import Replay

/// What hangs together counts as what it is: turns of one conversation, and requests of one kind.
@Suite struct ConversationClusterTests {
    private static func document(_ slices: CanaryDocument.Slices? = nil) -> CanaryDocument {
        CanaryDocument(
            name: Demo.name("tickets"),
            compare: CanaryDocument.Comparison(traffic: Demo.name("week47"), requests: 400),
            checks: [
                CanaryCheck(name: "right", metric: .exactMatch, margin: 0.05),
                CanaryCheck(name: "words", metric: .tokenF1, margin: 0.05),
                CanaryCheck(name: "length", metric: .answerLength, margin: 0.2),
            ],
            slices: slices
        )
    }

    /// 400 requests, eight turns to a conversation where they are told; a conversation that the candidate breaks is broken in
    /// each of its turns. Every ninth says nothing of what should come.
    private static let english = "Where is my order?", german = "Wo ist meine Bestellung?"

    private static func pairs(inConversations: Bool, unlabelled: Bool = true) -> [MeasuredPair] {
        (0..<400).map { index in
            let dialogue = index % 50
            let isBroken = dialogue < 3
            let isUnlabelled = unlabelled && index % 40 == 7
            return MeasuredPair(
                request: TrafficRequest(
                    id: "\(index)",
                    content: .variables([
                        "ticket": dialogue % 2 == 0 ? "Where is my order?" : "Wo ist meine Bestellung?"
                    ]),
                    expected: isUnlabelled ? nil : "the order is here",
                    tags: ["plan": dialogue % 5 == 0 ? "gold" : "free"],
                    conversation: inConversations ? "c-\(dialogue)" : nil
                ),
                baseline: Sample(text: "the order is here"),
                candidate: Sample(text: isBroken ? "no order is here at all" : "the order is here"),
                candidateFirst: index % 2 == 0
            )
        }
    }

    private static func judgment(_ pairs: [MeasuredPair], _ slices: CanaryDocument.Slices? = nil) -> Judgment {
        judge(CanaryMeasurements(document: document(slices), pairs: pairs, schema: nil).run)
    }

    /// Every kind of metric, also one that only some requests are asked for: the interval of turns of conversations is wider
    /// than that of as many strangers, and each check says of how many.
    @Test func conversationsWidenIntervals() throws {
        let alone = Self.judgment(Self.pairs(inConversations: false))
        let together = Self.judgment(Self.pairs(inConversations: true))
        #expect(alone.checks.count == 3 && alone.checks.allSatisfy { $0.clusters == nil })
        for (apart, check) in zip(alone.checks, together.checks) {
            #expect(check.clusters == 50 && (check.designEffect ?? 0) > 4, "\(check)")
            #expect(abs((check.estimate ?? 0) - (apart.estimate ?? 1)) < 1e-12 && check.samples == apart.samples)
            let (lower, upper) = (try #require(check.lower), try #require(check.upper))
            #expect(lower < apart.lower ?? 0 && upper > apart.upper ?? 1, "\(check.name): \(lower) to \(upper)")
        }
        // As strangers they would have failed the candidate.
        #expect(alone.verdict == .fail && together.verdict != .fail, "\(together.reasons)")
    }

    @Test func oneTurnEachIsNoCluster() {
        let few = Conversations(of: (0..<5).map { TrafficRequest(id: "\($0)", variables: [:]) })
        #expect(few.clusters == nil && few.count == nil)
        let named = ["a", "b", nil, "a", nil].enumerated().map {
            TrafficRequest(id: "\($0.offset)", content: .variables([:]), conversation: $0.element)
        }
        let shared = Conversations(of: named)
        #expect(shared.clusters == [0, 1, 2, 0, 3] && shared.count == 4)
        // Names are bytes: two ways to write a letter are two names.
        let bytes = Conversations(
            of: ["é", "e\u{301}"].map { TrafficRequest(id: $0, content: .variables([:]), conversation: $0) }
        )
        #expect(bytes.clusters == nil)
    }

    /// A bad kind of request is named though the mean is fine, and decides where it is protected; what no request says is said.
    @Test func slicesAreOfTheRequests() throws {
        let slices = CanaryDocument.Slices(by: ["plan", "language", "length", "region"])
        let measured = CanaryMeasurements(
            document: Self.document(slices),
            pairs: Self.pairs(inConversations: false),
            schema: nil
        )
        let judgment = judge(measured.run)
        let found = try #require(judgment.slices)
        #expect(measured.silentSlices == ["region"])
        #expect(
            Set(found.map { "\($0.key) \($0.value)" }) == [
                "plan gold", "plan free", "language en", "language de", "length under 100 bytes",
            ]
        )
        let labelled = Self.pairs(inConversations: false).filter { $0.request.expected != nil }
        let gold = try #require(found.first { $0.value == "gold" && $0.check == "right" })
        #expect(gold.samples == labelled.count { $0.request.tags?["plan"] == "gold" })

        let protected = CanaryDocument.Slices(
            by: ["plan"],
            protect: [.init(slice: "plan", value: "gold", check: "right", margin: 0.1)]
        )
        let gated = Self.judgment(Self.pairs(inConversations: false), protected)
        #expect(gated.checks.map(\.name) == ["right", "words", "length", "right (plan gold)"])
        #expect(gated.checks.last?.margin == 0.1 && gated.checks.last?.samples == gold.samples)
        let requests = Self.pairs(inConversations: false).map(\.request)
        #expect(Self.document(protected).emptySlice(of: requests) == nil)
        let nobody = CanaryDocument.Slices(by: ["plan"], protect: [.init(slice: "plan", value: "iron", check: "right")])
        #expect(
            Self.document(nobody).emptySlice(of: requests)
                == "of 400 requests none is of plan iron, which the document protects"
        )
    }

    /// A set without labels is judged by agreement, also in a protected slice.
    @Test func whatStandsForACheckIsProtectedToo() throws {
        let slices = CanaryDocument.Slices(by: ["plan"], protect: [.init(slice: "plan", value: "gold", check: "right")])
        let pairs = Self.pairs(inConversations: false).map { pair in
            MeasuredPair(
                request: TrafficRequest(id: pair.request.id, content: pair.request.content, tags: pair.request.tags),
                baseline: pair.baseline,
                candidate: pair.candidate
            )
        }
        let judgment = Self.judgment(pairs, slices)
        #expect(judgment.checks.last?.metric == "baseline_agreement")
        #expect(judgment.checks.last?.name == "\(Metric.baselineAgreement.title) (plan gold)", "\(judgment.checks)")
    }

    /// One release that always ran first makes nothing valid; the coin of a run does not.
    @Test func theOrderOfARunIsLookedAt() throws {
        func turned(_ first: (Int) -> Bool?) -> Judgment {
            Self.judgment(
                Self.pairs(inConversations: false).enumerated().map { index, pair in
                    var turned = pair
                    turned.candidateFirst = first(index)
                    return turned
                }
            )
        }
        let always = turned { _ in true }
        #expect(always.verdict == .invalid)
        #expect(always.reasons[0].contains("the candidate ran first in 400 of 400 pairs"), "\(always.reasons)")
        #expect(turned { $0 % 2 == 0 }.verdict == .fail && turned { _ in nil }.verdict == .fail)
    }

    /// Turns of conversations through the demo's models: the report counts conversations, says so, and a run that stops early
    /// and goes on comes to the same.
    @Test func aRunOverConversationsSaysSo() async throws {
        let folder = try ScratchFolder()
        let set = try TrafficSet(data: Data(contentsOf: Checkout.demo.appending(path: "traffic/week47.jsonl"))).requests
        let requests = set.prefix(120).enumerated().map { index, ticket in
            TrafficRequest(
                id: ticket.id,
                content: ticket.content,
                expected: ticket.expected,
                tags: ticket.tags,
                conversation: "c-\(index / 3)"
            )
        }
        func run(_ name: String, lookEvery: Int?, _ candidate: ReplaySide) async throws -> CanaryReport {
            try await CanaryReplay(
                record: Demo.canary(requests: 120, seed: 5),
                document: CanaryDocument(
                    name: Demo.name("tickets"),
                    compare: CanaryDocument.Comparison(
                        traffic: Demo.name("week47"),
                        requests: 120,
                        lookEvery: lookEvery
                    ),
                    checks: Demo.document.checks,
                    slices: CanaryDocument.Slices(by: ["locale"])
                ),
                candidate: Demo.record(2),
                baseline: Demo.record(1),
                requests: requests,
                samplesPath: folder.file(name),
                build: "test"
            ).run(candidate: candidate, baseline: Demo.side("v1")) { _, _ in }
        }
        let whole = try await run("whole.db", lookEvery: nil, Demo.side("v2"))
        #expect(whole.conversations == 40 && whole.judgment.slices?.isEmpty == false)
        #expect(
            whole.judgment.reasons.contains { $0.hasPrefix("the 120 requests are of 40 conversations") },
            "\(whole.judgment.reasons)"
        )
        #expect(whole.judgment.checks.contains { $0.clusters == 40 })
        let looked = try await run("looks.db", lookEvery: 100, Demo.side("v2"))
        #expect(looked.judgment.slices != nil && looked.judgment.looks != nil)
        let again = try await run("looks.db", lookEvery: 100, Demo.side("v2"))
        #expect(again.judgment == looked.judgment && again.conversations == looked.conversations)
    }
}
