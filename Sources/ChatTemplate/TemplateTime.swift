/// The time that a template is told: that of the request, never that of the machine. In UTC, so that the same request
/// is the same text everywhere.
public struct TemplateTime: Sendable, Equatable {
    /// Seconds since the beginning of 1970, UTC.
    public let secondsSince1970: Int

    /// A time.
    public init(secondsSince1970: Int) { self.secondsSince1970 = secondsSince1970 }

    private static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]

    /// Year, month and day from 1 on, day of the year from 1 on, and weekday with Monday as 0.
    private var date: (year: Int, month: Int, day: Int, dayOfYear: Int, weekday: Int) {
        func floored(_ value: Int, _ divisor: Int) -> Int { value >= 0 ? value / divisor : (value + 1) / divisor - 1 }
        let days = floored(secondsSince1970, 86_400)
        // The era of 400 years that begins on 1 March 0000, so that a leap day ends its year.
        let shifted = days + 719_468
        let era = floored(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayFromMarch = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayFromMarch + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334][month - 1] + (month > 2 && isLeap ? 1 : 0)
        let day = dayFromMarch - (153 * monthFromMarch + 2) / 5 + 1
        let weekday = (days % 7 + 10) % 7  // 1 January 1970 was a Thursday.
        return (year, month, day, before + day, weekday)
    }

    /// The time in a format of C's `strftime`.
    func formatted(_ format: String) throws(TemplateFailure) -> String {
        guard (-62_135_596_800...253_402_300_799).contains(secondsSince1970) else {
            throw .value("the time lies outside of the years 1 to 9999: send the one of the request")
        }
        guard format.utf8.count <= 256 else { throw .limit("a format has at most 256 bytes: shorten it") }
        var result = ""
        var isEscaped = false, isUnpadded = false
        for scalar in format.unicodeScalars {
            guard isEscaped else {
                if scalar == "%" { isEscaped = true } else { result.unicodeScalars.append(scalar) }
                continue
            }
            if scalar == "-", !isUnpadded {
                isUnpadded = true
                continue
            }
            guard let field = field(scalar, isPadded: !isUnpadded) else {
                throw TemplateFailure(
                    .unsupported,
                    "strftime_now does not know \(String(scalar).quotedForMessage) after %: leave it out"
                )
            }
            result += field
            (isEscaped, isUnpadded) = (false, false)
        }
        return isEscaped ? result + "%" : result
    }

    private func field(_ letter: Unicode.Scalar, isPadded: Bool) -> String? {
        func digits(_ value: Int, _ width: Int, _ pad: String = "0") -> String {
            let text = String(value)
            return isPadded ? String(repeating: pad, count: max(0, width - text.utf8.count)) + text : text
        }
        let date = date
        let second = ((secondsSince1970 % 86_400) + 86_400) % 86_400
        let hour = second / 3_600, minute = second / 60 % 60
        switch letter {
        case "Y": return String(date.year)
        case "y": return digits(date.year % 100, 2)
        case "m": return digits(date.month, 2)
        case "d": return digits(date.day, 2)
        case "e": return digits(date.day, 2, " ")
        case "j": return digits(date.dayOfYear, 3)
        case "H": return digits(hour, 2)
        case "I": return digits((hour + 11) % 12 + 1, 2)
        case "M": return digits(minute, 2)
        case "S": return digits(second % 60, 2)
        case "f": return digits(0, 6)
        case "p": return hour < 12 ? "AM" : "PM"
        case "A": return Self.weekdays[date.weekday]
        case "a": return String(Self.weekdays[date.weekday].prefix(3))
        case "B": return Self.months[date.month - 1]
        case "b", "h": return String(Self.months[date.month - 1].prefix(3))
        case "u": return String(date.weekday + 1)
        case "w": return String((date.weekday + 1) % 7)
        case "F": return field("Y", isPadded: true).map { "\($0)-\(digits(date.month, 2))-\(digits(date.day, 2))" }
        case "T": return "\(digits(hour, 2)):\(digits(minute, 2)):\(digits(second % 60, 2))"
        case "R": return "\(digits(hour, 2)):\(digits(minute, 2))"
        case "D": return "\(digits(date.month, 2))/\(digits(date.day, 2))/\(digits(date.year % 100, 2))"
        case "Z": return ""
        case "z": return ""
        case "n": return "\n"
        case "t": return "\t"
        case "%": return "%"
        default: return nil
        }
    }
}
