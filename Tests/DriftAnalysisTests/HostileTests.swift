import Foundation
import RegistryRecords
import RegistryTypes
import StrictJSON
import Testing

@testable import DriftAnalysis

/// Windows that no statistics text book has: constant, empty, infinite, lost.
@Suite struct HostileTests {
    private func report(_ before: [Float], _ now: [Float], _ signal: DriftSignal = .promptTokens) throws -> DriftReport
    {
        func summary(_ values: [Float]) -> DriftSummary {
            Summaries.summary(of: signal, values)
        }
        let from = World.start.adding(seconds: 86_400)
        let reference = try DriftReference.chosen(summary(before), from: World.start, to: from)
        let report = try DriftComparison(
            reference: reference,
            intervals: [DriftInterval(at: from, summary: summary(now))],
            from: from,
            to: from.adding(seconds: 3600)
        ).report(.init(id: DriftID(1), model: try Name("ticket-bot")))
        // Whatever comes, it must be JSON.
        _ = try CanonicalJSON.encode(report)
        return report
    }

    private func many(_ value: Float, _ count: Int = 300) -> [Float] { [Float](repeating: value, count: count) }

    @Test func constantAndEqualIsStable() throws {
        let report = try report(many(3), many(3))
        #expect(report.verdict == .none)
        #expect(report.tests.first { $0.signal == "promptTokens" }?.pValue == 1)
    }

    @Test(arguments: [Float(2), 4, -7, 1e9])
    func constantAndDifferentMoved(_ value: Float) throws {
        let report = try report(many(3), many(value))
        #expect(report.verdict == .ticket)
        #expect(report.moved.map(\.signal) == ["promptTokens"])
        #expect(abs(report.moved[0].effect ?? 0) == 1)
    }

    @Test func allMissingOnBothSidesIsUnknown() throws {
        let report = try report(many(.nan), many(.nan))
        #expect(report.verdict == .unknown)
        #expect(report.tests.first { $0.signal == "promptTokens" }?.state == .unknown)
        #expect(report.tests.first { $0.signal == "missing.promptTokens" }?.pValue == 1)
    }

    @Test func aFieldThatIsLostMutesItsFamily() throws {
        let report = try report(many(3), many(.nan))
        #expect(report.verdict == .ticket)
        #expect(report.faults.map(\.family) == [.input])
        #expect(report.sentence.contains("missing in 100 %"))
        // Half missing, and the rest different: only the fault is told.
        let half = try self.report(many(3), many(.nan, 150) + many(9, 150))
        #expect(half.moved.map(\.family) == [.capture] || half.moved.isEmpty)
        #expect(half.tests.first { $0.signal == "promptTokens" }?.state == .muted)
    }

    @Test func infinitiesCountAsMissing() throws {
        let report = try report(many(3) + [.infinity], many(3) + [-.infinity, .nan])
        let test = try #require(report.tests.first { $0.signal == "promptTokens" })
        #expect(test.referenceMissing == 1)
        #expect(test.currentMissing == 2)
        #expect(report.verdict == .none)
    }

    @Test func numbersOfEverySizeAreHeld() throws {
        let extreme: [Float] = [
            .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNonzeroMagnitude, 0, -0, 1e-38,
        ]
        let values = (0..<50).flatMap { _ in extreme }
        let report = try report(values, values, .meanLogProbability)
        #expect(report.verdict == .none)
        #expect(report.tests.first { $0.signal == "meanLogProbability" }?.referenceCount == 300)
        #expect(try self.report(values, many(0), .meanNLL).verdict != .page)
    }

    @Test func oneRowIsTooLittle() throws {
        #expect(throws: DriftError.self) { try report(many(3), [3]) }
        #expect(throws: DriftError.self) { try report([], many(3)) }
    }

    @Test func valuesNeverSeenAreCountedExactly() throws {
        func summary(_ places: [UInt16]) -> DriftSummary {
            Summaries.summary(of: .language, places.map { ["en", "de", "fr"][Int($0)] })
        }
        let from = World.start.adding(seconds: 86_400)
        let before = (0..<400).map { UInt16($0 % 2) }
        let now = (0..<400).map { UInt16($0 < 3 ? 2 : $0 % 2) }
        let reference = try DriftReference.chosen(summary(before), from: World.start, to: from)
        let report = try DriftComparison(
            reference: reference,
            intervals: [DriftInterval(at: from, summary: summary(now))],
            from: from,
            to: from.adding(seconds: 3600)
        ).report(.init(id: DriftID(1), model: try Name("ticket-bot")))
        let unseen = try #require(report.unseen.first)
        #expect(unseen.values == ["fr"])
        #expect(unseen.requests == 3)
        #expect(unseen.lower < unseen.share && unseen.share < unseen.upper)
        #expect(unseen.unremarkable == 3.0 / 400)
        #expect(report.verdict == .none, "what was never seen is told, and no alarm by itself")
    }

    @Test func aThousandValuesOfACategoryAreTrimmed() throws {
        let summary = Summaries.summary(of: .prompt, (0..<5000).map { "value-\($0)" })
        #expect(try DriftSummary(encoded: summary.encoded()) == summary)
        #expect(summary.encoded().count < 60_000)
    }

    @Test func droppedRecordsAreAFault() throws {
        var world = World(seed: 31)
        let before = try world.requests(400)
        var summary = Summaries.summary(try world.requests(400))
        summary.addDropped(100)
        let from = World.start.adding(seconds: 172_800)
        let report = try DriftComparison(
            reference: try Summaries.reference(before),
            intervals: [DriftInterval(at: from, summary: summary)],
            from: from,
            to: from.adding(seconds: 60)
        ).report(.init(id: DriftID(1), model: try Name("ticket-bot")))
        #expect(report.dropped == 100)
        #expect(report.faults.contains { $0.reason.contains("100 records were dropped") })
    }
}
