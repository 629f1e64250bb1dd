import DriftAnalysis
import Foundation
import RegistryRecords
import RegistryTypes
import SeededRandom
import Statistics
import Testing

/// 200 seeded pairs of windows of 1,000 requests without a shift: how many are flagged.
@Suite struct FalseAlarmTests {
    private struct Tally {
        var flagged = 0
        var coloured = 0
        var signals: [String: Int] = [:]

        mutating func add(_ report: DriftReport) {
            flagged += report.verdict.isDrift ? 1 : 0
            coloured += report.verdict != .none ? 1 : 0
            for test in report.moved { signals[test.signal, default: 0] += 1 }
        }

        /// At most 2 % and two standard errors of it.
        func isAllowed(of pairs: Int) -> Bool {
            let n = Double(pairs)
            return Double(flagged) / n <= 0.02 + 2 * (0.02 * 0.98 / n).squareRoot()
        }

        func line(_ what: String, _ pairs: Int) -> String {
            "\(what): \(flagged) of \(pairs) pairs flagged (ticket or page), \(coloured) with any colour; \(signals)"
        }
    }

    @Test func syntheticTraffic() throws {
        var tally = Tally()
        for pair in 0..<200 {
            var world = World(seed: UInt64(1000 + pair))
            let before = try world.requests(1000)
            let now = try world.requests(1000)
            // The embeddings' noise is estimated for every tenth pair: it is by far the most work.
            let epoch = pair.isMultiple(of: 10) ? try Summaries.epoch(before) : DriftEpoch()
            tally.add(try Summaries.report(try Summaries.reference(before, epoch), now))
        }
        print(tally.line("synthetic traffic", 200))
        #expect(tally.isAllowed(of: 200))
    }

    @Test func demoTraffic() throws {
        let tickets = try Demo.tickets()
        var numbers = SplitMix64(seed: 5)
        var tally = Tally()
        for _ in 0..<200 {
            let before = try DemoRows.rows(tickets, 1000, &numbers)
            let now = try DemoRows.rows(tickets, 1000, &numbers)
            tally.add(try Summaries.report(try Summaries.reference(before), now))
        }
        print(tally.line("demo traffic", 200))
        #expect(tally.isAllowed(of: 200))
    }

    /// The demo has 40 % German tickets; `--shift locale` makes them more.
    @Test(arguments: [250, 1000])
    func aShiftOfTheDemosLocaleIsFound(_ count: Int) throws {
        let tickets = try Demo.tickets()
        let german = tickets.filter { $0.locale == "de" }
        let english = tickets.filter { $0.locale == "en" }
        var numbers = SplitMix64(seed: 6)
        let before = try DemoRows.rows(tickets, 1000, &numbers)
        let shifted =
            try DemoRows.rows(german, count * 8 / 10, &numbers) + DemoRows.rows(english, count * 2 / 10, &numbers)
        let report = try Summaries.report(try Summaries.reference(before), shifted)
        #expect(report.verdict == .ticket)
        let language = try #require(report.tests.first { $0.signal == "language" })
        #expect(language.state == .moved)
        #expect(language.reference?.hasPrefix("de ") == true)
        #expect(language.current?.hasPrefix("de ") == true)
        print("locale shift, \(count) requests: \(report.sentence)")
        #expect(report.sentence.contains("de ") || report.moved.contains { $0.signal == "language" })
    }
}

/// Requests whose tickets are drawn from the demo's, with answers as a good release gives them.
enum DemoRows {
    /// - Parameter slower: factor of all times: what else the machine does.
    static func rows(
        _ tickets: [Demo.Ticket],
        _ count: Int,
        _ numbers: inout SplitMix64,
        slower: Double = 1
    ) throws -> [DescribedRequest] {
        let model = try Name("ticket-bot")
        let prompt = VersionID(try Name("triage"), 1)
        let key = try Name("app")
        return (0..<count).map { place in
            let ticket = tickets[Int(numbers.below(UInt64(tickets.count)))]
            let time = World.start.adding(seconds: Double(place))
            let isCorrect = numbers.unit() < 0.97
            let record = RequestRecord(
                id: RequestID(time: time, random: (3, UInt64(place))),
                time: time,
                model: model,
                asked: "ticket-bot",
                release: 1,
                version: 1,
                prompt: prompt,
                arm: .live,
                key: key,
                outcome: .answered,
                status: 200,
                finish: "stop",
                promptTokens: 40 + ticket.text.utf8.count / 3,
                outputTokens: ticket.expected.utf8.count / 3,
                firstTokenSeconds: slower * 0.001 * exp(0.3 * numbers.normal()),
                perTokenSeconds: slower * 0.000_05 * exp(0.2 * numbers.normal()),
                totalSeconds: slower * 0.0025 * exp(0.3 * numbers.normal()),
                isOutputValid: numbers.unit() < 0.995,
                meanLogProbability: -0.05 * exp(0.5 * numbers.normal()),
                capture: .redacted
            )
            var row = RequestDescriptors(record: record, input: ticket.text, answers: [ticket.expected])
            row.setLabel(isCorrect: isCorrect, isLiked: nil)
            return DescribedRequest(request: record.id, descriptors: row)
        }
    }
}
