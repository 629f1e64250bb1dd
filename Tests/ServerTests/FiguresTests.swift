import Testing

@testable import Server

struct FiguresTests {
    @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-1000, "−1,000")])
    func counts(value: Int, text: String) { #expect(Figures.count(value) == text) }

    @Test(arguments: [
        (0.0, "0 %"), (1.0, "100 %"), (0.941, "94.1 %"), (0.9999, "99.990 %"), (0.00002, "0.002 %"), (0.1525, "15.3 %"),
    ])
    func shares(value: Double, text: String) { #expect(Figures.share(value) == text) }

    @Test(arguments: [
        (0.00042, "0.42 ms"), (0.0381, "38.1 ms"), (0.213, "213 ms"), (4.2, "4.2 s"), (33.0, "33 s"),
        (372.0, "6 min 12 s"), (11100.0, "3 h 5 min"), (1_036_800.0, "12 d"), (-1.0, "unknown"), (.nan, "unknown"),
    ])
    func durations(value: Double, text: String) { #expect(Figures.duration(value) == text) }

    @Test(arguments: [
        (Int64(0), "0 bytes"), (999, "999 bytes"), (1000, "1.0 kB"), (834_112, "834 kB"), (1_900_000, "1.9 MB"),
        (999_600_000, "1.0 GB"), (.max, "9223372 TB"),
    ])
    func bytes(value: Int64, text: String) { #expect(Figures.bytes(value) == text) }

    @Test(arguments: [(1, "1"), (99, "99"), (101, "110"), (536, "540"), (1240, "1,300"), (0, "0")])
    func estimates(value: Int, text: String) { #expect(Figures.about(value) == text) }

    @Test(arguments: [(-0.04, 1, "0.0"), (0.05, 1, "+0.1"), (-0.25, 1, "−0.3"), (.infinity, 1, "unknown")])
    func decimals(value: Double, places: Int, text: String) {
        #expect(Figures.decimal(value, places, signed: true) == text)
    }
}
