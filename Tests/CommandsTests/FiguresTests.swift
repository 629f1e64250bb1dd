import RegistryTypes
import Testing

@testable import Commands

struct FiguresTests {
    @Test(
        arguments: [
            (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1_900_000, "1.9 MB"), (9_949_999, "9.9 MB"),
            (9_950_000, "10 MB"),
            (999_499_999, "999 MB"), (999_500_000, "1.0 GB"), (1_073_741_824, "1.1 GB"),
            (5_000_000_000_000_000, "5000 TB"),
        ] as [(Int64, String)]
    )
    func bytes(count: Int64, text: String) { #expect(Figures.bytes(count) == text) }

    @Test(arguments: [
        (0, "0"), (12, "12"), (999, "999"), (1000, "1,000"), (5214, "5,214"), (1_234_567, "1,234,567"),
        (-1000, "−1,000"),
    ])
    func count(value: Int, text: String) { #expect(Figures.count(value) == text) }

    @Test(
        arguments: [
            (-0.329, 3, false, "−0.329"), (0.0004, 3, true, "0.000"), (-0.0004, 3, true, "0.000"),
            (0.003, 3, true, "+0.003"),
            (2.5, 0, false, "3"), (.nan, 2, false, "?"), (.infinity, 2, false, "∞"), (-.infinity, 2, true, "−∞"),
        ] as [(Double, Int, Bool, String)]
    )
    func decimal(value: Double, digits: Int, signed: Bool, text: String) {
        #expect(Figures.decimal(value, digits, signed: signed) == text)
    }

    @Test(
        arguments: [
            (0.0, "0.000 s"), (0.004, "0.004 s"), (0.21, "0.21 s"), (0.9999, "1.0 s"), (9.94, "9.9 s"), (12, "12 s"),
            (60, "1 min"),
            (372, "6 min 12 s"), (3600, "1 h"), (11_100, "3 h 5 min"), (1_036_800, "12 d"), (-1, "?"), (.nan, "?"),
            (1e300, "?"),
        ] as [(Double, String)]
    )
    func duration(seconds: Double, text: String) { #expect(Figures.duration(seconds) == text) }

    @Test(
        arguments: [
            (0.000_033, "0.033 ms"), (0.004_21, "4.21 ms"), (0.0382, "38.2 ms"), (1.52, "1.52 s"), (0, "0.000 ms"),
            (-0.0072, "−7.20 ms"),
        ] as [(Double, String)]
    )
    func milliseconds(seconds: Double, text: String) { #expect(Figures.milliseconds(seconds) == text) }

    @Test(arguments: [(0.0, "0:00"), (58, "0:58"), (61, "1:01"), (3661, "1:01:01"), (.nan, "?")] as [(Double, String)])
    func clock(seconds: Double, text: String) { #expect(Figures.clock(seconds) == text) }

    @Test(arguments: [(1, "now"), (119, "119 s"), (120, "2 min"), (7200, "2 h"), (172_800, "2 d"), (-5, "now")])
    func age(seconds: Int64, text: String) {
        let start = Timestamp(milliseconds: 1_000_000)
        #expect(Figures.age(start, start.adding(seconds: Double(seconds))) == text)
    }

    @Test func barNeverLeavesItsWidth() {
        for share in [-1, 0, 0.3, 0.999, 1, 7, Double.nan, .infinity] {
            #expect(Figures.bar(share, width: 10).count == 10)
        }
        #expect(Figures.bar(0.3, width: 10) == "███░░░░░░░")
    }

    @Test(arguments: [(950, "950"), (1_250_000, "1.25 M"), (124_000_000, "124 M"), (7_240_000_000, "7.24 B")])
    func short(value: Int, text: String) { #expect(Figures.short(value) == text) }
}
