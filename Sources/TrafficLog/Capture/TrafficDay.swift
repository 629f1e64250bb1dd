public import RegistryTypes

/// A day in UTC: captured requests are kept in files by day.
public struct TrafficDay: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01.
    public let number: Int64

    private static let milliseconds: Int64 = 86_400_000

    /// The day of `time`.
    public init(_ time: Timestamp) {
        let (days, rest) = time.milliseconds.quotientAndRemainder(dividingBy: Self.milliseconds)
        number = rest < 0 ? days - 1 : days
    }

    /// The day written as `2026-11-21`; nil when the text is none.
    public init?(_ text: String) {
        guard text.utf8.count == 10, let time = Timestamp(text + "T00:00:00Z") else { return nil }
        self.init(time)
    }

    private init(number: Int64) { self.number = number }

    /// Its first moment.
    public var start: Timestamp { Timestamp(milliseconds: number * Self.milliseconds) }

    /// The day so many days later; earlier when negative.
    public func adding(days: Int) -> TrafficDay { TrafficDay(number: number + Int64(days)) }

    public var description: String { String(start.description.prefix(10)) }

    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}
