import Testing

@testable import Wording

@Suite struct NumberTextTests {
    @Test(arguments: [
        (0, "0"), (7, "7"), (999, "999"), (1000, "1,000"), (-12_345, "−12,345"),
        (Int.min, "−9,223,372,036,854,775,808"),
    ])
    func counts(_ value: Int, _ text: String) { #expect(NumberText.count(value) == text) }

    @Test(arguments: [(1, "1 check"), (0, "0 checks"), (2000, "2,000 checks")])
    func nouns(_ value: Int, _ text: String) { #expect(NumberText.count(value, "check") == text) }

    @Test(arguments: [
        (7_000_000_000, "7.00 B"), (134_515_008, "135 M"), (1_377_984, "1.38 M"), (9_999, "9,999"), (10_000, "10.0 k"),
        (999_600, "1.00 M"), (268_098_176, "268 M"), (70_600_000_000, "70.6 B"),
    ])
    func scales(_ value: Int, _ text: String) { #expect(NumberText.scaled(value) == text) }

    @Test(arguments: [
        (0.0, "0 %"), (1.0, "100 %"), (0.9, "90 %"), (0.941, "94.1 %"), (0.99999, "99.999 %"),
        (0.9999999, "over 99.999 %"),
        (0.0004, "0.04 %"), (0.00001, "0.001 %"), (0.000001, "under 0.001 %"), (0.3333, "33.3 %"), (-0.05, "−5 %"),
        (.nan, "unknown"),
    ])
    func shares(_ value: Double, _ text: String) { #expect(NumberText.share(value) == text) }

    @Test(arguments: [
        (0.0, "0 s"), (0.0000042, "4.2 µs"), (0.00042, "0.420 ms"), (0.0042, "4.20 ms"), (0.012, "12.0 ms"),
        (0.382, "382 ms"),
        (0.9996, "1.0 s"), (1.234, "1.2 s"), (12.4, "12 s"), (59.6, "1 min"), (372, "6 min 12 s"),
        (11_100, "3 h 5 min"),
        (1_036_800, "12 d"), (-1, "unknown"), (.infinity, "unknown"),
    ])
    func durations(_ seconds: Double, _ text: String) { #expect(NumberText.duration(seconds) == text) }

    @Test(arguments: [
        (0.5, "500 ms"), (1.5, "1.5 s"), (300, "5 min"), (21_600, "6 h"), (2_592_000, "30 d"), (0, "0 s"),
    ])
    func setTimes(_ seconds: Double, _ text: String) { #expect(NumberText.setTime(seconds) == text) }

    @Test(arguments: [(45.9, "45 s"), (750, "12 min"), (18_000, "5 h"), (777_600, "9 d"), (-3, "0 s")])
    func elapsedTimes(_ seconds: Double, _ text: String) { #expect(NumberText.elapsed(seconds) == text) }

    @Test(arguments: [
        (512, "512 B"), (999, "999 B"), (1000, "1.0 kB"), (1_900_000, "1.9 MB"), (98_000_000, "98 MB"), (0, "0 B"),
    ])
    func sizes(_ value: Int64, _ text: String) { #expect(NumberText.bytes(value) == text) }

    @Test(arguments: [
        (-0.329, 3, "−0.329"), (0.0004, 3, "0.000"), (-0.0004, 3, "0.000"), (2.5, 0, "3"), (1e300, 1, "1e+300"),
        (.nan, 1, "unknown"), (-.infinity, 1, "−∞"),
    ])
    func decimals(_ value: Double, _ places: Int, _ text: String) { #expect(NumberText.decimal(value, places) == text) }

    @Test func goodSharesAreRoundedDown() {
        #expect(NumberText.good(0.998999, 2) == "99.89 %")
        #expect(NumberText.good(0.9995, 2) == "99.95 %")
        #expect(NumberText.good(1) == "100 %")
        #expect(NumberText.good(0.999745) == "99.974 %")
        #expect(NumberText.good(0.46154) == "46.15 %")
        #expect(NumberText.good(0.98487, target: 0.98) == "98.48 %")
        #expect(NumberText.good(0.999985, target: 0.9999) == "99.9985 %")
        #expect(NumberText.budget(0.2436) == "24.3 %")
        #expect(NumberText.budget(-9) == "−900 %")
        #expect(NumberText.budget(1) == "100 %")
        #expect(NumberText.floored(0.9299, 2) == "0.92")
    }

    @Test(arguments: [
        (2.125, 4, "2.125"), (0.5, 4, "0.5"), (5214.2, 4, "5,214"), (120.44, 3, "120"), (120.44, 4, "120.4"),
        (999.7, 3, "1,000"), (12_345, 3, "12,345"), (0, 3, "0"), (-0.0123, 2, "−0.012"), (.nan, 3, "unknown"),
    ])
    func significantDigits(_ value: Double, _ digits: Int, _ text: String) {
        #expect(NumberText.significant(value, digits: digits) == text)
    }

    @Test(arguments: [
        (0.74, "74 % left"), (0, "0 % left"), (0.1299, "12.9 % left"), (-0.000_01, "overspent by 0.1 %"),
        (-9.22, "overspent by 922 %"), (.nan, "unknown left"),
    ])
    func budgets(_ left: Double, _ text: String) { #expect(NumberText.budgetLeft(left) == text) }

    @Test func signsAreShownWhereTheyMatter() {
        #expect(NumberText.points(0.329) == "+32.9 points")
        #expect(NumberText.points(-0.01) == "−1.0 points")
        #expect(NumberText.growth(0.098) == "+9.8 %")
        #expect(NumberText.significant(0.000031) == "0.000031")
        #expect(NumberText.significant(5214.2) == "5,214")
        #expect(NumberText.clock(3723) == "1:02:03")
    }

    @Test(arguments: [
        (0.0, "0 %"), (0.379, "37 %"), (0.9999, "99 %"), (1, "100 %"), (7, "100 %"), (-1, "0 %"), (.nan, "0 %"),
    ])
    func progress(_ share: Double, _ text: String) { #expect(NumberText.progress(share) == text) }

    @Test(arguments: [
        (0.0, "0:00"), (58, "0:58"), (60.2, "1:01"), (3661, "1:01:01"), (.nan, "unknown"), (-1, "unknown"),
    ])
    func clocks(_ seconds: Double, _ text: String) { #expect(NumberText.clock(seconds) == text) }

    @Test(arguments: [
        (0.99899, "99.899 %"), (0.9989999, "99.899 %"), (1, "100 %"), (0.9412, "94.12 %"), (.nan, "unknown"),
    ])
    func goodShares(_ value: Double, _ text: String) { #expect(NumberText.good(value) == text) }

    @Test(arguments: [(0, "0"), (0.016, "0.02"), (4.94, "4.9"), (130.2, "130")])
    func rates(_ value: Double, _ text: String) { #expect(NumberText.rate(value) == text) }

    @Test(arguments: [
        (0.000031, "0.000031"), (0.4213, "0.421"), (73.44, "73.4"), (5214.2, "5,214"), (0, "0"), (-0.0123, "−0.0123"),
        (.nan, "unknown"), (.infinity, "∞"),
    ])
    func measuredValues(_ value: Double, _ text: String) { #expect(NumberText.significant(value) == text) }

    @Test(arguments: [(1, "1"), (99, "99"), (101, "110"), (536, "540"), (1240, "1,300"), (0, "0")])
    func estimates(_ value: Int, _ text: String) { #expect(NumberText.estimate(value) == text) }

    @Test(arguments: [(0.0, "< 0.0001"), (0.00009, "< 0.0001"), (0.0312, "0.0312"), (1, "1.0000")])
    func probabilities(_ value: Double, _ text: String) { #expect(NumberText.probability(value) == text) }

    @Test func whatIsNotKnownIsNeverZero() {
        #expect(NumberText.known(nil, NumberText.share) == "unknown")
        #expect(NumberText.known(0.0, NumberText.share) == "0 %")
    }
}
