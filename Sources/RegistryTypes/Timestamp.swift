public import Foundation

/// A moment on the wall clock, in whole milliseconds since 1970-01-01 UTC; written as RFC 3339 in JSON.
public struct Timestamp: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let milliseconds: Int64

    /// The moment `milliseconds` after 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }

    /// The moment `date`, rounded to milliseconds.
    public init(_ date: Date) {
        milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded())
    }

    /// The moment written as RFC 3339, such as `2026-11-21T11:20:44.120Z`, or nil when the text is not one.
    ///
    /// Read digit by digit: the formatters of Foundation go through `Double` and lose a millisecond now and then,
    /// and what is hashed must come back as it was. Digits after the third of a second are dropped.
    public init?(_ text: String) {
        var fields = Fields(text)
        guard let year = fields.number(4), fields.take("-"), let month = fields.number(2), fields.take("-"),
            let day = fields.number(2), fields.take("T"), let hour = fields.number(2), fields.take(":"),
            let minute = fields.number(2), fields.take(":"), let second = fields.number(2)
        else { return nil }
        var fraction: Int64 = 0
        if fields.take(".") {
            guard let digits = fields.fraction() else { return nil }
            fraction = digits
        }
        guard fields.take("Z"), fields.isEmpty, (1...12).contains(month), hour < 24, minute < 60, second < 60 else {
            return nil
        }
        let days = Timestamp.days(year: year, month: month, day: day)
        guard day > 0, Timestamp.civil(days: days) == (year, month, day) else { return nil }
        milliseconds = (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + fraction
    }

    /// The moment written as RFC 3339 with `Z` or any other offset, such as `2026-11-21T12:20:44+01:00`; seconds may be
    /// left out, and a day alone is its first moment in UTC. For what people write; what is stored is read as above.
    public init?(written text: String) {
        let bytes = text.utf8
        if bytes.count == 10 {
            self.init(text + "T00:00:00Z")
            return
        }
        let isUTC = bytes.last == 0x5a
        guard isUTC || bytes.count > 6 else { return nil }
        let zone = Array(bytes.suffix(isUTC ? 1 : 6))
        var clock = String(decoding: bytes.dropLast(zone.count), as: UTF8.self)
        if clock.utf8.count == 16 { clock += ":00" }
        guard let moment = Timestamp(clock + "Z") else { return nil }
        if isUTC {
            self = moment
            return
        }
        func number(_ first: Int) -> Double? {
            let digits = zone[first...(first + 1)]
            return digits.allSatisfy { (0x30...0x39).contains($0) }
                ? Double(String(decoding: digits, as: UTF8.self)) : nil
        }
        guard zone[0] == 0x2b || zone[0] == 0x2d, zone[3] == 0x3a, let hours = number(1), let minutes = number(4),
            hours < 24, minutes < 60
        else { return nil }
        self = moment.adding(seconds: (zone[0] == 0x2b ? -1 : 1) * (hours * 3600 + minutes * 60))
    }

    /// The moment as a Foundation date.
    public var date: Date { Date(timeIntervalSince1970: Double(milliseconds) / 1000) }

    /// RFC 3339 in UTC with milliseconds, such as `2026-11-21T11:20:44.120Z`.
    public var description: String {
        func padded(_ number: Int64, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        let (days, time) = milliseconds.flooredQuotientAndRemainder(dividingBy: 86_400_000)
        let (year, month, day) = Timestamp.civil(days: days)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(time / 3_600_000, 2))"
            + ":\(padded(time / 60_000 % 60, 2)):\(padded(time / 1000 % 60, 2)).\(padded(time % 1000, 3))Z"
    }

    /// The moment `seconds` later (earlier when negative).
    public func adding(seconds: Double) -> Timestamp {
        Timestamp(milliseconds: milliseconds + Int64((seconds * 1000).rounded()))
    }

    /// Seconds from `earlier` to this moment; negative when `earlier` is later.
    public func seconds(since earlier: Timestamp) -> Double {
        Double(milliseconds - earlier.milliseconds) / 1000
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp {
    /// Days from 1970-01-01 to a date of the Gregorian calendar, by the count of days in eras of 400 years that
    /// start on 1 March (Hinnant, 2013).
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let (era, yearOfEra) = (month > 2 ? year : year - 1).flooredQuotientAndRemainder(dividingBy: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date that is `days` after 1970-01-01; the inverse of the function above.
    private static func civil(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = (days + 719_468).flooredQuotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// Takes a text apart from the front, byte by byte.
    private struct Fields {
        private var rest: Substring.UTF8View

        init(_ text: String) { rest = Substring(text).utf8 }

        var isEmpty: Bool { rest.isEmpty }

        /// Takes `mark`; false when something else is next.
        mutating func take(_ mark: Unicode.Scalar) -> Bool {
            guard let byte = rest.first, UInt32(byte) == mark.value else { return false }
            rest.removeFirst()
            return true
        }

        /// Takes a number of exactly `count` digits.
        mutating func number(_ count: Int) -> Int64? {
            let digits = rest.prefix(count)
            guard digits.count == count, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            rest = rest.dropFirst(count)
            return digits.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }

        /// Takes 1 to 9 digits after the point, as milliseconds.
        mutating func fraction() -> Int64? {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            guard (1...9).contains(digits.count) else { return nil }
            rest = rest.dropFirst(digits.count)
            let thousandths = (Array(digits) + [0x30, 0x30]).prefix(3)
            return thousandths.reduce(0) { $0 * 10 + Int64($1 - 0x30) }
        }
    }
}

extension Int64 {
    /// The quotient rounded down and the remainder, which is never negative, for a positive divisor.
    fileprivate func flooredQuotientAndRemainder(dividingBy divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

extension Timestamp: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time: \(text)")
        }
        self = value
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
