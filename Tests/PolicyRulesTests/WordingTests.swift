import PolicyRules
import Testing

@Suite("Numbers and times in words")
struct WordingTests {
    static let durations: [(seconds: Double, text: String)] = [
        (0.0304, "30 ms"), (0, "0 ms"), (-5, "0 ms"), (1, "1 s"), (119.9, "119 s"), (120, "2 min"), (7199, "119 min"),
        (7200, "2 h"), (172_799, "47 h"), (172_800, "2 d"), (604_800, "7 d"), (1e300, "1000000 d"),
    ]

    @Test(arguments: durations)
    func duration(_ seconds: Double, _ text: String) { #expect(Wording.duration(seconds) == text) }

    static let percents: [(share: Double, text: String)] = [
        (0.8, "80 %"), (0.57, "57 %"), (0.799999, "79.9 %"), (1, "100 %"), (0, "0 %"), (1.0 / 3, "33.3 %"),
    ]

    @Test(arguments: percents)
    func percent(_ share: Double, _ text: String) { #expect(Wording.percent(share) == text) }

    static let counts: [(count: Int, text: String)] = [
        (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "-1,000"),
    ]

    @Test(arguments: counts)
    func count(_ count: Int, _ text: String) { #expect(Wording.count(count) == text) }

    static let numbers: [(value: Double, text: String)] = [
        (0.93, "0.93"), (0.92999, "0.9299"), (0.94666, "0.9466"), (1, "1"), (0, "0"), (0.1 + 0.2, "0.3"),
    ]

    @Test(arguments: numbers)
    func number(_ value: Double, _ text: String) { #expect(Wording.number(value, digits: 4) == text) }
}
