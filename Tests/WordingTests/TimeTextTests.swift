import RegistryTypes
import Testing

@testable import Wording

@Suite struct TimeTextTests {
    private static let time = Timestamp(milliseconds: 1_795_260_044_120)

    @Test func momentsAreInUTC() {
        let time = Self.time
        #expect(TimeText.rfc3339(time) == "2026-11-21T11:20:44.120Z")
        #expect(TimeText.second(time) == "2026-11-21T11:20:44Z")
        #expect(TimeText.minute(time) == "2026-11-21 11:20")
        #expect(TimeText.day(time) == "2026-11-21")
        #expect(TimeText.monthDay(time) == "11-21")
        #expect(TimeText.clock(time) == "11:20:44")
        #expect(TimeText.clockMinute(time) == "11:20")
    }

    @Test(arguments: [
        (1200.0, "2026-11-21 11:20 to 11:40 UTC"), (0, "2026-11-21 11:20 to 11:20 UTC"),
        (86_400, "2026-11-21 11:20 to 2026-11-22 11:20 UTC"),
    ])
    func spansNameTheSecondDayOnlyWhereItDiffers(_ seconds: Double, _ text: String) {
        #expect(TimeText.span(Self.time, Self.time.adding(seconds: seconds)) == text)
    }
}
