import Foundation
import Testing

/// A page, a terminal and a program say the same: each number is written in one way, and is one that the JSON has.
@Suite struct AgreementTests {
    /// Numbers that no value of the representation is, and what they are.
    static let derived: [String: Set<String>] = [
        // The year of a method's source, and the limit under which a probability is not told from zero.
        "": ["1979", "1995", "0.0001"],
        // The level of the intervals, and the seconds that a canary has left at the pace so far.
        "status-quiet": ["95 %", "57 s"],
        // The requests of a command line that stands there to be copied.
        "canary-inconclusive": ["1300"],
        // The levels at which the tests of a report speak.
        "drift-learning": ["1 %", "5 %"],
        // The valid events of the drawing, summed.
        "slo": ["1,008"],
        // The length of a step of the watch.
        "rollout-watching": ["5 s"],
    ]

    /// Texts that two things have by chance in one sample: a distance of 0.12, and a limit of 0.1.
    static let coincidences: Set<String> = ["0.1"]

    @Test(arguments: Sample.all)
    func eachNumberIsOneOfTheRepresentation(_ sample: Sample) throws {
        let sources = try NumberSources(json: sample.json(), now: Sample.now)
        let shown = [
            ("page", ShownNumbers(html: try sample.page())), ("terminal", ShownNumbers(text: try sample.terminal())),
        ]
        for (place, numbers) in shown {
            #expect(!numbers.texts.isEmpty)
            for text in numbers.telling where !sources.explain(text) {
                if Self.derived["", default: []].union(Self.derived[sample.name] ?? []).contains(text) { continue }
                Issue.record("the \(place) of \(sample.name) says \(text), and no value of its JSON is written so")
            }
        }
    }

    @Test(arguments: Sample.all)
    func aNumberThatBothShowIsWrittenInOneWay(_ sample: Sample) throws {
        let sources = try NumberSources(json: sample.json(), now: Sample.now)
        let page = Set(ShownNumbers(html: try sample.page()).telling)
        let terminal = Set(ShownNumbers(text: try sample.terminal()).telling)
        var disagreements: Set<String> = []
        for (path, value) in sources.values where value != 0 {
            for kind in NumberSources.Kind.allCases where kind != .number || value != value.rounded() {
                let texts = NumberSources.texts(value, as: kind).subtracting(Self.coincidences)
                let onPage = page.intersection(texts), inTerminal = terminal.intersection(texts)
                if !onPage.isEmpty, !inTerminal.isEmpty, onPage.isDisjoint(with: inTerminal) {
                    disagreements.insert(
                        "\(path) = \(value): \(onPage.sorted()) on the page, \(inTerminal.sorted()) in the terminal"
                    )
                }
            }
        }
        for disagreement in disagreements.sorted() { Issue.record("\(disagreement)") }
    }

    /// What counts as a number.
    @Test(arguments: [
        ("worse by +32.9 points (2,000 pairs)", ["+32.9 points", "2,000"]), ("12 ms, 0.42 ms.", ["12 ms", "0.42 ms"]),
        ("ticket-bot@3 of c-204 at 14:03 on 2026-11-21", []), ("p95 is 6 min 12 s", ["6 min", "12 s"]),
        ("#10422 and 94.1 %", ["94.1 %"]), ("v1.2.3 and 3 models", ["3"]),
    ])
    func whatANumberIs(_ text: String, _ numbers: [String]) {
        #expect(ShownNumbers(text: text).texts == numbers)
    }

    @Test func aPageIsReadWithoutItsTags() {
        let html =
            "<head><title>9 h</title></head><p>It is <b>12</b> ms</p><td>3</td><td>s</td><svg><text>7</text></svg>"
        #expect(ShownNumbers(html: html).texts == ["12 ms", "3"])
    }
}
