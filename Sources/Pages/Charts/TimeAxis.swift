import RegistryTypes
import Wording

/// Time from left to right.
struct TimeAxis {
    /// The first moment.
    let start: Timestamp
    /// The last moment.
    let end: Timestamp
    /// Where the first moment is, in pixels.
    let left: Double
    /// Where the last moment is.
    let right: Double

    /// From `start` to `end`, at least a second.
    init(_ start: Timestamp, _ end: Timestamp, left: Double, right: Double) {
        self.start = start
        self.end = max(end, start.adding(seconds: 1))
        self.left = left
        self.right = right
    }

    /// Where `time` is; at the edge when it is past it.
    func x(_ time: Timestamp) -> Double {
        let share = time.seconds(since: start) / end.seconds(since: start)
        return left + min(max(share, 0), 1) * (right - left)
    }

    /// Whether `time` is on the axis.
    func holds(_ time: Timestamp) -> Bool { time >= start && time <= end }

    private static let steps: [Double] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 432_000,
        864_000, 2_592_000,
    ]

    /// At most 7 round moments with their names.
    var ticks: [(x: Double, label: String)] {
        let span = end.seconds(since: start)
        let step = TimeAxis.steps.first { span / $0 <= 6.5 } ?? 2_592_000
        let first = (Double(start.milliseconds) / 1000 / step).rounded(.up) * step
        return stride(from: first, through: Double(end.milliseconds) / 1000, by: step).map { seconds in
            let time = Timestamp(milliseconds: Int64((seconds * 1000).rounded()))
            let label =
                step >= 86_400
                ? TimeText.monthDay(time) : step < 60 ? TimeText.clock(time) : TimeText.clockMinute(time)
            return (x(time), label)
        }
    }
}
