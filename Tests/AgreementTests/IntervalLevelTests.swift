import Testing
import WireFormat

/// How sure an interval is, in words.
@Suite struct IntervalLevelTests {
    /// The chance that one of its bounds is wrong, and the level of both.
    @Test(arguments: [
        (0.05, "90 %"), (0.01, "98 %"), (0.005, "99 %"), (0.002, "99.6 %"), (0.000_4, "99.9 %"), (1e-9, "99.9 %"),
        (1e-18, "99.9 %"),
    ])
    func level(alphaPass: Double, text: String) {
        #expect(CheckText.level(alphaPass: alphaPass) == text)
    }
}
