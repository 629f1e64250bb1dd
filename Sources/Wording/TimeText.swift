public import RegistryTypes

/// Moments as people read them, the only place that writes them: always in UTC, the largest part first.
public enum TimeText {
    /// `2026-11-21T11:20:44.120Z`: RFC 3339, exact.
    public static func rfc3339(_ time: Timestamp) -> String { time.description }

    /// `2026-11-21T11:20:44Z`: RFC 3339 in whole seconds, rounded down.
    public static func second(_ time: Timestamp) -> String { "\(day(time))T\(clock(time))Z" }

    /// `2026-11-21 11:20`.
    public static func minute(_ time: Timestamp) -> String { "\(day(time)) \(clockMinute(time))" }

    /// `2026-11-21`.
    public static func day(_ time: Timestamp) -> String { String(time.description.prefix(10)) }

    /// `11:20:44`.
    public static func clock(_ time: Timestamp) -> String { String(time.description.dropFirst(11).prefix(8)) }

    /// `11:20`.
    public static func clockMinute(_ time: Timestamp) -> String { String(clock(time).prefix(5)) }

    /// `11-21`: month and day, for the axis of a chart.
    public static func monthDay(_ time: Timestamp) -> String { String(day(time).dropFirst(5)) }

    /// `2026-11-21 11:20 to 11:40 UTC`, with the second date only where it differs.
    public static func span(_ from: Timestamp, _ to: Timestamp) -> String {
        "\(minute(from)) to \(day(from) == day(to) ? clockMinute(to) : minute(to)) UTC"
    }
}
