import DriftAnalysis
import Foundation
import RegistryRecords
import RegistryTypes
import StrictJSON
import Testing

/// What the report says of known shifts.
@Suite struct ReportTests {
    private func report(
        _ change: (inout World) -> Void = { _ in },
        count: Int = 1000,
        prompt: Int = 3,
        explain: Bool = false
    ) throws -> DriftReport {
        var world = World(seed: 21)
        let before = try world.requests(1000)
        var now = World(seed: 22)
        change(&now)
        let rows = try now.requests(count, prompt: prompt)
        let reference = try Summaries.reference(before, try Summaries.epoch(before))
        return try Summaries.report(reference, rows, explain: explain ? before : [])
    }

    @Test func theSameTrafficIsNoDrift() throws {
        let report = try report()
        #expect(report.verdict == .none || report.verdict == .changed)
        #expect(report.moved.isEmpty)
        #expect(report.faults.isEmpty)
        #expect(report.degradations.first { $0.signal == "correct" }?.state == .withinMargin)
        #expect(report.action.command == "serin drift list ticket-bot")
        #expect(report.explanation == nil)
    }

    @Test func aShiftOfLanguageIsNamed() throws {
        let report = try report { $0.german = 0.8 }
        #expect(report.verdict == .ticket, "input alone never pages")
        let language = try #require(report.moved.first { $0.signal == "language" })
        #expect(language.reference?.hasPrefix("de ") == true)
        #expect(language.change?.hasPrefix("+4") == true)
        #expect(report.sentence.contains("prompts changed"))
        #expect(report.sentence.contains("answers are still as good"))
        #expect(report.places.first?.dimension == "language")
        #expect(report.course?.points.isEmpty == false)
        #expect(report.bars.contains { $0.signal == "language" })
        #expect(report.action.command.hasPrefix("serin traffic freeze"))
    }

    @Test func longerPromptsAreFound() throws {
        let report = try report { $0.length = 1.6 }
        #expect(report.moved.contains { $0.signal == "promptTokens" })
        #expect(report.verdict == .ticket)
    }

    @Test func surpriseIsAPerplexity() throws {
        let report = try report { $0.surprise = 4.4 }
        let nll = try #require(report.moved.first { $0.signal == "meanNLL" })
        #expect(nll.effectUnit == .logRatio)
        #expect(abs((nll.effect ?? 0) - 0.4) < 0.08)
        #expect(nll.reference?.hasPrefix("perplexity 5") == true)
    }

    @Test func worseAnswersPage() throws {
        let report = try report { $0.correct = 0.7 }
        #expect(report.verdict == .page)
        #expect(report.degradations.first?.state == .beyondMargin)
        #expect(report.sentence.contains("correct answers 9"))
        #expect(report.action.command.hasPrefix("serin rollback ticket-bot --reason"))
    }

    @Test func newPromptsAreFoundAndShown() throws {
        let report = try report({ $0.novel = 0.3 }, explain: true)
        let meaning = try #require(report.moved.first { $0.signal == "embedding" })
        #expect((meaning.effect ?? 0) > 3)
        let explanation = try #require(report.explanation)
        #expect(explanation.requests == 100)
        #expect(explanation.separation > 0.55)
        #expect(explanation.examples.count == 5)
    }

    @Test func aNewPromptVersionIsAFault() throws {
        let report = try report(prompt: 4)
        #expect(report.verdict == .ticket)
        #expect(report.faults.contains { $0.reason.contains("triage@4") })
        #expect(report.unseen.first?.values == ["triage@4"])
        #expect((report.unseen.first?.lower ?? 0) > 0.99)
        #expect(report.action.command.hasPrefix("serin drift baseline set"))
    }

    @Test func theSameSummariesGiveTheSameBytes() throws {
        let first = try CanonicalJSON.encode(try report({ $0.german = 0.8 }, explain: true))
        let second = try CanonicalJSON.encode(try report({ $0.german = 0.8 }, explain: true))
        #expect(first == second)
        #expect(first.count < 50_000)
        #expect(try CanonicalJSON.decode(DriftReport.self, from: first).verdict == .ticket)
    }

    @Test func noAnswersAtAllAreErrorsAndNoFault() throws {
        let report = try report { $0.failing = 1 }
        #expect(report.faults.isEmpty)
        #expect(report.moved.first { $0.signal == "errors" }?.current == "100 %")
        #expect(report.degradations.first { $0.signal == "errors" }?.state == .beyondMargin)
    }

    /// Minutes do not begin when a window does: the one it begins in belongs to it.
    @Test func intervalsThatShareTimeWithTheWindowAreTaken() throws {
        var world = World(seed: 26)
        let reference = try Summaries.reference(try world.requests(300))
        let rows = try world.requests(900)
        let from = World.start.adding(seconds: 172_830)
        let intervals = (0..<3).map { minute in
            DriftInterval(
                at: World.start.adding(seconds: 172_740 + 60 * Double(minute)),
                summary: Summaries.summary(Array(rows[(300 * minute)..<(300 * minute + 300)]))
            )
        }
        let to = from.adding(seconds: 30)
        let report = try DriftComparison(reference: reference, intervals: intervals, from: from, to: to)
            .report(.init(id: DriftID(1), model: try Name("ticket-bot")))
        #expect(report.window.requests == 300, "the minute before ends before, the minute after begins at its end")
    }

    @Test func tooFewRequestsAreRefused() throws {
        #expect(throws: DriftError.tooLittleData(what: "window", requests: 199, needed: 200)) { try report(count: 199) }
        var world = World(seed: 23)
        let rows = try world.requests(150)
        #expect(throws: DriftError.tooLittleData(what: "baseline window", requests: 150, needed: 200)) {
            try Summaries.reference(rows)
        }
    }

    @Test func aReferenceIsLearnedForDays() throws {
        var world = World(seed: 24)
        let rows = try world.requests(400)
        let learned = DriftReference.learned(
            Summaries.summary(rows),
            from: World.start,
            to: World.start.adding(seconds: 2.5 * 86_400)
        )
        #expect(learned.learning == .init(requests: 400, wantedRequests: 5000, days: 2, wantedDays: 7))
        world.german = 1
        let report = try Summaries.report(learned, try world.requests(400))
        #expect(report.verdict == .learning)
        #expect(report.sentence.contains("400 of 5000"))
        #expect(try DriftReference(encoded: learned.encoded()) == learned)
    }

    @Test func aReferenceIsNamedByItsBytes() throws {
        var world = World(seed: 25)
        let rows = try world.requests(300)
        let reference = try Summaries.reference(rows, try Summaries.epoch(rows))
        let again = try DriftReference(encoded: reference.encoded())
        #expect(again == reference)
        #expect(again.digest == reference.digest)
        #expect(again.null != nil)
        var damaged = reference.encoded()
        damaged[damaged.count / 2] ^= 1
        #expect(throws: DriftError.self) { try DriftReference(encoded: damaged) }
    }
}
