import RegistryTypes
import Testing
import WireFormat

@testable import Pages

/// Drawings: what is not known is not drawn, and nothing leaves its frame.
struct ChartTests {
    private static let start = Timestamp(milliseconds: 1_795_260_000_000)

    @Test(arguments: [
        (0, "0"), (1.25, "1.3"), (-2, "-2"), (719.96, "720"), (Double.nan, "0"), (Double.infinity, "0"), (1e300, "0"),
    ])
    func coordinatesAreShortAndFinite(value: Double, text: String) {
        #expect(Drawing.coordinate(value) == text)
    }

    @Test func gapsBreakALine() {
        let line = Drawing.line([(0, 1), (1, 2), nil, (3, 4), nil, (5, 6), (6, 7)])
        #expect(line == "M0 1L1 2M3 4h1M5 6L6 7")
    }

    @Test func stepsJoinOnlyWhereTheyTouch() {
        let steps = Drawing.steps([(0, 10, 5), (10, 20, 8), nil, (30, 40, 1)])
        #expect(steps == "M0 5H10V8H20M30 1H40")
    }

    @Test(arguments: [1.0, 45, 60, 600, 3600, 5000, 86_400, 200_000, 2_592_000, 40_000_000])
    func ticksAreFewInOrderAndInside(seconds: Double) {
        let axis = TimeAxis(ChartTests.start, ChartTests.start.adding(seconds: seconds), left: 46, right: 712)
        let places = axis.ticks.map(\.x)
        #expect(places.count <= 16 && places == places.sorted())
        #expect(places.allSatisfy { (46...712).contains($0) })
        #expect(seconds < 60 || !places.isEmpty)
    }

    @Test(arguments: [(0.0, 1.0), (0.0007, 0.001), (1, 1), (1.01, 2), (2.4, 5), (7, 10), (1040, 2000)])
    func axesEndAtRoundValues(value: Double, end: Double) {
        #expect(abs(ValueAxis.rounded(value) - end) < 1e-12)
    }

    @Test func aTrendLineNeedsTwoValues() {
        #expect(TrendLine([nil, 1, nil], what: "x", words: { "\($0)" }) == nil)
        #expect(TrendLine([], what: "x", words: { "\($0)" }) == nil)
        let line = TrendLine([nil, 1, nil, 3], what: "time", words: { "\(Int($0)) ms" })
        #expect(line?.finding.html == "time: 1 ms to 3 ms, last 3 ms")
    }

    @Test func unknownHasNoBar() {
        #expect(Meter(budgetLeft: nil) == nil)
        #expect(Meter(budgetLeft: .nan) == nil)
        #expect(Meter(value: nil, limit: 3, words: "") == nil)
        #expect(Meter(budgetLeft: -0.31)?.length.html == "0")
        #expect(Meter(budgetLeft: -0.31)?.words.html == "−31 %")
        #expect(Meter(value: 1e9, limit: 3, words: "")?.length.html == "80")
    }

    /// An SLO without events has no panels, and stretches without events are in no panel.
    @Test func emptyStretchesAreNeitherGoodNorBad() throws {
        let samples = Samples()
        #expect(SLOPanels(samples.sloView(samples.slo("latency", .unknown, known: false))).charts.isEmpty)
        let charts = SLOPanels(samples.sloView(samples.slo("quality", .burning))).charts
        #expect(charts.count == 5)
        let level = try #require(charts.first)
        // Steps start anew after the gap in the middle.
        let steps = try #require(level.strokes.last?.path.html)
        #expect(steps.split(separator: "M").count == 2)
        #expect(level.finding.html.contains("in 5 of 36 stretches"))
    }

    @Test(arguments: [
        ("", [String]()), ("plain", ["plain"]), ("<EMAIL_1>", ["*<EMAIL_1>"]),
        ("to <EMAIL_12>, or <API_KEY_3>.", ["to ", "*<EMAIL_12>", ", or ", "*<API_KEY_3>", "."]),
        ("<EMAIL_>", ["<EMAIL_>"]), ("<email_1>", ["<email_1>"]), ("<_1>", ["<_1>"]), ("<EMAIL_1", ["<EMAIL_1"]),
        ("<<IP_1>>", ["<", "*<IP_1>", ">"]), ("<E1>", ["<E1>"]), ("<IBAN_1234567>", ["<IBAN_1234567>"]),
    ])
    func placeholdersAreRunsOfTheirOwn(text: String, runs: [String]) {
        let found = MarkedText(text, limit: 1000).runs.map { ($0.isPlaceholder ? "*" : "") + $0.text.html }
        #expect(found == runs.map { $0.reduce("") { $0 + ($1 == "<" ? "&lt;" : $1 == ">" ? "&gt;" : String($1)) } })
    }

    @Test func aMarkedTextStaysWithinItsLimit() {
        let text = String(repeating: "<EMAIL_1> & ", count: 5000)
        let bytes = MarkedText(text, limit: 2000).runs.reduce(0) { $0 + $1.text.html.utf8.count }
        #expect(bytes < 2100)
    }

    @Test func aRequestThatNeverStartedHasNoWaterfall() {
        let samples = Samples()
        #expect(Waterfall(samples.request(11, .engineFailed)) == nil)
        #expect(Waterfall(samples.request(12))?.stages.map(\.share.html) == ["12.4 %", "25.7 %", "61.8 %"])
    }
}
