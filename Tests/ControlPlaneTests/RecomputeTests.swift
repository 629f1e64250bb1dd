import Catalog
import Foundation
import GRDB
import RegistryRecords
import RegistryTypes
import StrictJSON
import TestSupport
import Testing
import WireFormat
import Wording

@testable import ControlPlane

/// Stored runs judged again: as they were, under another document, under another policy. Nothing is answered and nothing is
/// changed by it.
@Suite struct RecomputeTests {
    /// A demo with a failed canary of `quick` and, of the same candidate, a run that looks.
    private static func judged() async throws -> (demo: DemoPlane, id: CanaryID) {
        let demo = try await DemoPlane()
        _ = try await demo.apply(PromotionTests.documents)
        _ = try await demo.publish("v2")
        let view = try await demo.running { try await demo.canary("ticket-bot@2", "quick") }
        #expect(view.record.verdict == .fail)
        return (demo, view.record.id)
    }

    private static func samples(_ demo: DemoPlane, _ id: CanaryID) -> String {
        demo.folder.appending(path: "data/canaries/\(id).db").path
    }

    /// The same bytes, here and by a server that starts on a copy of the folder, and the log stays as it is.
    @Test func everyByteComesOutAgain() async throws {
        let (first, id) = try await Self.judged()
        let head = try await first.head()
        let stored = try #require(try await first.plane.experiments.canaries.show(id).record.evidence)
        let here = try await first.plane.experiments.canaries.recompute(id, by: DemoPlane.admin)
        #expect(here.isSame && here.recomputedEvidence == stored && here.evidence == stored, "\(here.differences)")
        #expect(here.verdict == .fail && here.recomputed == .fail && here.pairs == 150 && here.reason == nil)
        #expect(here.sentence == "fail again from 150 pairs, every byte of the report as stored")
        #expect(try await first.head() == head)
        try await first.plane.close()
        let second = try await DemoPlane(ScratchFolder(copying: first.folder))
        #expect(try await second.plane.experiments.canaries.recompute(id, by: DemoPlane.admin) == here)
        // A run that looked stops where it stopped.
        _ = try await second.apply(Self.looks)
        let looked = try await second.running { try await second.canary("ticket-bot@2", "looks") }
        #expect(looked.report?.judgment.looks?.pairsSaved ?? 0 > 0)
        let again = try await second.plane.experiments.canaries.recompute(looked.record.id, by: DemoPlane.admin)
        #expect(again.isSame && again.evidence == again.recomputedEvidence, "\(again.differences)")
    }

    private static let looks = """
        apiVersion: serin/v1
        kind: Canary
        name: looks
        compare: { traffic: week47, requests: 240, lookEvery: 60 }
        checks:
          - { name: answers, metric: exact_match, mayDrop: 8 points }
        """

    /// One answer that was changed on disk is found, and named by what it changed.
    @Test func aChangedAnswerIsNamed() async throws {
        let (demo, id) = try await Self.judged()
        let queue = try DatabaseQueue(path: Self.samples(demo, id))
        try await queue.write { database in
            try database.execute(
                sql: "UPDATE sample SET text = 'nothing of the kind' WHERE arm = 'baseline' AND position = 3"
            )
        }
        try queue.close()
        let answer = try await demo.plane.experiments.canaries.recompute(id, by: DemoPlane.admin)
        #expect(!answer.isSame && answer.evidence != answer.recomputedEvidence)
        #expect(answer.verdict == .fail && answer.differenceCount == answer.differences.count)
        let members = answer.differences.map(\.member)
        #expect(members.contains { $0.hasPrefix("judgment.checks[0].") }, "\(members)")
        #expect(answer.sentence.hasPrefix("the verdict is fail again, and "), "\(answer.sentence)")
    }

    /// What a report of an older build does not have is no difference; what it has and is otherwise, or gone, is.
    @Test(arguments: [
        (#"{"a":1,"b":[1,{"c":2}]}"#, #"{"a":1,"b":[1,{"c":2}]}"#, [String](), [String]()),
        (#"{"a":1}"#, #"{"a":1,"looks":{"every":2}}"#, [], ["looks"]),
        (#"{"b":[{"c":2}]}"#, #"{"b":[{"c":2,"slices":[]}]}"#, [], ["b[0].slices"]),
        (#"{"a":0.1}"#, #"{"a":0.10000000000000002}"#, ["a"], []),
        (#"{"a":1,"z":null}"#, #"{"z":null}"#, ["a"], []), (#"{"b":[1,2]}"#, #"{"b":[1]}"#, ["b"], []),
        (#"{"a":{"b":{"c":"x"}}}"#, #"{"a":{"b":{"c":"y","d":1}}}"#, ["a.b.c"], ["a.b.d"]),
        (#"{"a":null}"#, #"{"a":0}"#, ["a"], []), (#"{"a":[]}"#, #"{"a":{}}"#, ["a"], []),
    ])
    func reportsAreComparedByMember(_ stored: String, _ now: String, _ differences: [String], _ added: [String]) throws
    {
        let compared = ComparedMembers(try JSONText.parse(stored), try JSONText.parse(now))
        #expect(compared.differences.map(\.member) == differences && compared.added == added)
    }

    /// What cannot be judged again says why, and makes no file.
    @Test func whatIsGoneIsSaid() async throws {
        let (demo, id) = try await Self.judged()
        let canaries = demo.plane.experiments.canaries
        await expectError(.notFound) { try await canaries.recompute(CanaryID(99), by: DemoPlane.admin) }
        let path = Self.samples(demo, id)
        let queue = try DatabaseQueue(path: path)
        try await queue.write { try $0.execute(sql: "DELETE FROM sample WHERE position = 5") }
        let short = await expectError(.badData) { try await canaries.recompute(id, by: DemoPlane.admin) }
        #expect(short?.why?.contains("of 150 pairs are there") == true, "\(String(describing: short))")
        try await queue.write { try $0.execute(sql: "UPDATE run SET seed = seed + 1") }
        let other = await expectError(.badData) { try await canaries.recompute(id, by: DemoPlane.admin) }
        #expect(other?.why?.contains("of another run (seed is") == true, "\(String(describing: other))")
        try queue.close()
        for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
        let gone = await expectError(.badData) { try await canaries.recompute(id, by: DemoPlane.admin) }
        #expect(gone?.title == "the pairs of \(id) cannot be judged again")
        #expect(gone?.next?.text.contains("serin canary run") == true)
        await expectError(.badData) { try await canaries.samples(id, nil, after: nil, limit: 5, by: DemoPlane.admin) }
        #expect(!FileManager.default.fileExists(atPath: path))
        let running = try await canaries.start(
            CanaryRequest(release: DemoPlane.choice("ticket-bot@2"), document: DemoPlane.known("quick")),
            by: DemoPlane.admin
        )
        let early = await expectError(.conflict) {
            try await canaries.recompute(running.record.id, by: DemoPlane.admin)
        }
        #expect(early?.why == "it still runs")
    }

    /// The pairs in parts are all pairs, each once and in order; a filter lists what it says.
    @Test func pairsComeInParts() async throws {
        let (demo, id) = try await Self.judged()
        let canaries = demo.plane.experiments.canaries
        var all: [CanarySample] = []
        while true {
            let part = try await canaries.samples(id, nil, after: all.last?.place, limit: 40, by: DemoPlane.admin)
            all += part
            if part.count < 40 { break }
        }
        #expect(all.map(\.place) == Array(1...150))
        let report = try #require(try await canaries.show(id).report)
        #expect(all.count(where: \.isDifferent) == report.different)
        for filter in CanarySample.Filter.allCases {
            let found = try await canaries.samples(id, filter, after: nil, limit: 500, by: DemoPlane.admin)
            #expect(found == all.filter { $0.fits(filter) }, "\(filter)")
        }
        let flips = try #require(report.judgment.checks.first?.flips)
        #expect(all.count { $0.fits(.worse) } == flips.gotWorse && all.count { $0.fits(.better) } == flips.gotBetter)
        #expect(flips.gotWorse > 0)
        #expect(try await canaries.samples(id, nil, after: 150, limit: 5, by: DemoPlane.admin).isEmpty)
        #expect(try await canaries.samples(id, nil, after: 999_999_999_999, limit: 5, by: DemoPlane.admin).isEmpty)
    }
}

/// Old runs under a policy or a document that nobody applied.
@Suite struct PolicyTrialTests {
    private static func attempt(_ demo: DemoPlane, _ id: CanaryID, _ text: String) async throws -> PolicyTrial {
        try await demo.plane.experiments.trials.attempt(
            PolicyTrialRequest(file: SourceFile(name: "tried.yaml", text: text)),
            on: id,
            by: DemoPlane.admin
        )
    }

    private static func part(_ kind: String, _ index: Int = 0) -> String {
        PromotionTests.documents.components(separatedBy: "---\n").filter { $0.contains("kind: \(kind)") }[index]
    }

    private static func row(_ trial: PolicyTrial, _ subject: PolicyTrial.Row.Subject, _ name: String? = nil)
        -> PolicyTrial.Row?
    {
        trial.rows.first { $0.subject == subject && (name == nil || $0.name == name) }
    }

    @Test func oldRunsUnderOtherDocuments() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(PromotionTests.documents)
        _ = try await demo.publish("v2")
        let id = try await demo.running { try await demo.canary("ticket-bot@2", "quick") }.record.id
        // What is in force would change nothing, with a decision that used the run and without one.
        let before = try await Self.attempt(demo, id, PromotionTests.documents.components(separatedBy: "---\n")[0])
        #expect(before.differences == 0, "\(before.rows)")
        #expect(before.notes[0].hasPrefix("no decision about production used \(id)"), "\(before.notes)")
        #expect(Self.row(before, .decision)?.after == "refused")
        let refused = try await demo.promote("ticket-bot@2")
        let decision = try #require(refused.decision?.id)
        let head = try await demo.head()
        let same = try await Self.attempt(demo, id, Self.part("Policy"))
        #expect(same.differences == 0 && same.judgment == nil, "\(same.rows)")
        #expect(same.notes[0].hasPrefix("the facts are those of \(decision)"), "\(same.notes)")

        // A margin of nearly everything lets it pass, and the gate with it.
        let wide = try await Self.attempt(
            demo,
            id,
            Self.part("Canary").replacing("8 points", with: "90 points").replacing("150", with: "120")
        )
        #expect(Self.row(wide, .verdict).map { [$0.before, $0.after] } == ["fail", "pass"])
        #expect(Self.row(wide, .gate, "canary").map { [$0.before, $0.after] } == ["fail", "pass"])
        #expect(Self.row(wide, .decision).map { [$0.before, $0.after] } == ["refused", "allowed"])
        #expect(wide.judgment?.checks.first?.samples == 120)

        // A policy that asks for less, and one that asks for an evaluation too.
        let light = Self.part("Policy").components(separatedBy: "\n").filter { !$0.contains("type: canary") }
            .joined(separator: "\n")
        let lighter = try await Self.attempt(demo, id, light)
        #expect(Self.row(lighter, .gate, "canary")?.after == nil)
        #expect(Self.row(lighter, .decision)?.after == "allowed" && lighter.decision.isAllowed)
        // Both at once: the stricter document under the lighter policy.
        let both = try await Self.attempt(demo, id, light + "\n---\n" + Self.part("Canary"))
        #expect(both.tried == ["Policy production", "Canary quick"] && Self.row(both, .verdict)?.after == "fail")
        // More than was asked, of another set: judged on what is there, and it is no evidence for that document.
        let more = try await Self.attempt(
            demo,
            id,
            Self.part("Canary").replacing("150", with: "600").replacing("week47", with: "golden")
        )
        #expect(more.notes.contains("quick asks for 600 requests: judged on the 150 pairs of \(id)"), "\(more.notes)")
        #expect(Self.row(more, .gate, "canary")?.after == "unknown", "\(more.rows)")
        // What was never measured shows nothing.
        let unmeasured = try await Self.attempt(
            demo,
            id,
            Self.part("Canary").replacing("exact_match, mayDrop: 8 points", with: "ttft, mayGrow: 10 %")
        )
        #expect(Self.row(unmeasured, .verdict)?.after == "inconclusive")
        #expect(try await demo.head() == head)
        #expect(try await demo.live() == 1)
    }

    @Test func whatCannotBeTriedIsSaid() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(PromotionTests.documents)
        _ = try await demo.publish("v2")
        let id = try await demo.running { try await demo.canary("ticket-bot@2", "quick") }.record.id
        let canary = Self.part("Canary"), policy = Self.part("Policy")
        let refused: [(String, String)] = [
            ("", "file has no document"), ("{", "tried.yaml"), (canary + "\n---\n" + canary, "keep one of them"),
            (canary + "\n---\n" + Self.part("Canary", 1), "Canary close is the second of its kind"),
            (policy + "\n---\n" + policy.replacing("name: production", with: "name: other"), "second of its kind"),
            (canary.replacing("requests: 150", with: "requets: 150"), "requets"),
            (
                "apiVersion: serin/v1\nkind: Prompt\nname: p\nformat: raw\nmessages: [{ role: user, text: \"{{x}}\" }]\n"
                    + "variables: { x: { required: true } }",
                "cannot be tried on a canary"
            ),
        ]
        for (text, words) in refused {
            let error = await expectError(.badData) { try await Self.attempt(demo, id, text) }
            #expect(error?.description.contains(words) == true, "\(text): \(String(describing: error))")
        }
        let other = await expectError(.badRequest) {
            try await Self.attempt(demo, id, policy.replacing("[\"*\"]", with: "[other]"))
        }
        #expect(other?.title == "policy \"production\" is not for ticket-bot")
        await expectError(.notFound) { try await Self.attempt(demo, CanaryID(77), canary) }
    }
}
