import Foundation

/// Numbers as people read them, the only place that writes them: the same on a page, in a terminal and in a sentence,
/// whatever the locale of the machine. A true minus sign, a space before the unit, no more digits than are known, and a
/// word instead of a number that is not one.
public enum NumberText {
    /// What stands where a number is not known.
    public static let unknown = "unknown"

    /// `value` as `write` writes it; a word, never zero, where it is not known.
    public static func known<Value>(_ value: Value?, _ write: (Value) -> String) -> String {
        value.map(write) ?? unknown
    }

    // MARK: Counts

    /// `12,345`.
    public static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude).utf8)
        var text = value < 0 ? Array("−".utf8) : []
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { text.append(UInt8(ascii: ",")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// `1 check`, `3 checks`.
    public static func count(_ value: Int, _ noun: String, plural: String? = nil) -> String {
        "\(count(value)) \(value == 1 ? noun : plural ?? noun + "s")"
    }

    /// `540` for 536: an estimate, rounded up to two digits.
    public static func estimate(_ value: Int) -> String { count(roundedUp(value)) }

    /// An estimate rounded up to two digits, for what is said and also asked for.
    public static func roundedUp(_ value: Int) -> Int {
        var unit = 1
        while value / unit >= 100, unit < 1_000_000_000_000 { unit *= 10 }
        return (value + unit - 1) / unit * unit
    }

    /// `1.38 M`, `135 M`, `7.00 B`: a count of parameters or tokens with a scale; below 10,000 the count itself.
    public static func scaled(_ value: Int) -> String {
        guard value.magnitude >= 10_000 else { return count(value) }
        let number = Double(value)
        for (size, letter) in [(1e12, "T"), (1e9, "B"), (1e6, "M")] where abs(number) >= size * 0.9995 {
            return "\(threeDigits(number / size)) \(letter)"
        }
        return "\(threeDigits(number / 1e3)) k"
    }

    // MARK: Plain numbers

    /// `−0.329`: `places` digits after the point, halves away from zero, no sign for what rounds to zero.
    ///
    /// - Parameter signed: Whether what is above zero gets a plus sign.
    public static func decimal(_ value: Double, _ places: Int, signed: Bool = false) -> String {
        guard value.isFinite else { return value.isNaN ? unknown : value < 0 ? "−∞" : "∞" }
        let scale = pow(10, Double(places))
        let scaled = (abs(value) * scale).rounded()
        guard scaled < 1e15 else { return (value < 0 ? "−" : signed ? "+" : "") + "\(abs(value))" }
        guard scaled != 0 else { return places == 0 ? "0" : "0." + String(repeating: "0", count: places) }
        var digits = String(Int(scaled))
        if digits.utf8.count <= places {
            digits = String(repeating: "0", count: places + 1 - digits.utf8.count) + digits
        }
        let text = places == 0 ? digits : digits.dropLast(places) + "." + digits.suffix(places)
        return (value < 0 ? "−" : signed ? "+" : "") + text
    }

    /// `1.5`, `2`: at most `places` digits after the point, no zeros at the end.
    public static func plain(_ value: Double, _ places: Int) -> String { withoutZeros(decimal(value, places)) }

    /// A number of a target or a score, rounded down, so that 0.9299 never reads as the 0.93 it misses.
    public static func floored(_ value: Double, _ places: Int) -> String {
        guard value.isFinite else { return decimal(value, places) }
        let scale = pow(10, Double(places))
        // The small term forgives the last bits of a number that is exactly a round one.
        return plain((value * scale + 1e-6).rounded(.down) / scale, places)
    }

    /// `0.000031`, `0.42`, `73`, `5,214`: a measured value with the digits that count, three of them by default.
    public static func significant(_ value: Double, digits: Int = 3) -> String {
        guard value.isFinite, value != 0 else { return decimal(value, 0) }
        let places = Int(min(9, Double(digits) - 1 - log10(abs(value)).rounded(.down)))
        if places <= 0, abs(value) < 1e15 { return count(Int(value.rounded())) }
        return withoutZeros(decimal(value, max(0, places)))
    }

    /// `388 times likelier than by chance`: evidence of a test that may be looked at all the time.
    public static func likelier(_ times: Double) -> String {
        switch times {
        case ..<1.05: "no likelier than by chance"
        case 1_000_000...: "over \(count(1_000_000)) times likelier than by chance"
        default: "\(significant(times)) times likelier than by chance"
        }
    }

    /// `4.9`, `0.02`, `130`: how often in a second.
    public static func rate(_ perSecond: Double) -> String {
        decimal(perSecond, perSecond == 0 || perSecond >= 99.5 ? 0 : perSecond < 0.095 ? 2 : 1)
    }

    /// `14.4`, `130`: how many times faster than allowed an error budget burns.
    public static func burn(_ rate: Double) -> String { decimal(rate, rate < 99.95 ? 1 : 0) }

    /// `0.0312`; what cannot be told from zero is `< 0.0001`.
    public static func probability(_ value: Double) -> String {
        value < 0.0001 ? "< 0.0001" : decimal(value, 4)
    }

    // MARK: Shares

    /// A share in 0...1: `94.1 %`, `90 %` when it is exactly that. Never `0 %` or `100 %` for what only rounds to it.
    public static func share(_ value: Double) -> String {
        guard value.isFinite else { return unknown }
        let percent = value * 100
        if abs(percent - percent.rounded()) < 1e-9 { return decimal(percent, 0) + " %" }
        for places in 1...3 {
            let text = decimal(percent, places)
            if abs(percent) < 1, withoutZeros(text).utf8.count < 3 { continue }
            if abs(percent) > 99, withoutZeros(text) == "100" { continue }
            return text + " %"
        }
        return percent < 50 ? "under 0.001 %" : "over 99.999 %"
    }

    /// `37 %` of work that goes on: whole percents, rounded down, so that `100 %` is said when all is done.
    public static func progress(_ share: Double) -> String {
        "\(Int((share.isFinite ? min(1, max(0, share)) : 0) * 100)) %"
    }

    /// `+32.9 points`: a difference of shares.
    ///
    /// - Parameter places: Digits after the point.
    public static func points(_ difference: Double, _ places: Int = 1, signed: Bool = true) -> String {
        decimal(difference * 100, places, signed: signed) + " points"
    }

    /// `+9.8 %`: a growth, 0.098.
    public static func growth(_ ratio: Double, _ places: Int = 1, signed: Bool = true) -> String {
        decimal(ratio * 100, places, signed: signed) + " %"
    }

    /// `99.974 %`, `99.95 %`: a share of good events or a target, rounded down, so that 99.8999 % never reads as the
    /// target it misses.
    ///
    /// - Parameter places: Digits after the point; 3 above 99 %, where they matter, and 2 below when nothing is said.
    public static func good(_ share: Double, _ places: Int? = nil) -> String {
        share.isFinite ? floored(share * 100, places ?? (share > 0.99 ? 3 : 2)) + " %" : unknown
    }

    /// A share of good events beside its target: four places where the target is above 99.9 %, as ``good(_:_:)`` else.
    public static func good(_ share: Double, target: Double) -> String { good(share, target > 0.999 ? 4 : nil) }

    /// `16.4 %`: what is left of an error budget, rounded down, as sentences say it; `−922 %` when it is overspent.
    public static func budget(_ left: Double) -> String { left < 0 ? "−" + overspent(left) : good(left, 1) }

    /// `16 % left`, `overspent by 922 %`: what is left of an error budget.
    public static func budgetLeft(_ share: Double) -> String {
        share < 0 ? "overspent by \(overspent(share))" : good(share, 1) + " left"
    }

    /// `922 %`: by how much an error budget is overspent, of which a share below 0 is left. Rounded up, so that an
    /// overspent budget never reads as spent by nothing.
    public static func overspent(_ left: Double) -> String {
        left.isNaN ? unknown : plain((-left * 1000).rounded(.up) / 10, 1) + " %"
    }

    // MARK: Sizes and times

    /// `512 B`, `1.9 MB`: decimal units.
    public static func bytes(_ value: Int64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var scaled = Double(value), unit = 0
        while abs(scaled) >= 999.5, unit < units.count - 1 {
            scaled /= 1000
            unit += 1
        }
        return unit == 0 ? "\(count(Int(value))) B" : "\(decimal(scaled, abs(scaled) < 9.95 ? 1 : 0)) \(units[unit])"
    }

    /// A measured time: `0.42 ms`, `12 ms`, `382 ms`, `1.2 s`, `48 s`, `6 min 12 s`, `3 h 5 min`, `12 d`.
    public static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 3.2e9 else { return unknown }
        switch seconds {
        case 0: return "0 s"
        case ..<0.0000995: return significant(seconds * 1e6) + " µs"
        case ..<0.00995: return decimal(seconds * 1000, seconds < 0.000995 ? 3 : 2) + " ms"
        case ..<0.9995: return decimal(seconds * 1000, seconds < 0.0995 ? 1 : 0) + " ms"
        case ..<9.95: return decimal(seconds, seconds < 9.95 ? 1 : 0) + " s"
        case ..<59.5: return decimal(seconds, 0) + " s"
        default: break
        }
        let whole = Int(seconds.rounded())
        switch whole {
        case ..<3600: return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s"
        case ..<172_800:
            let minutes = whole % 3600 / 60
            return minutes == 0 ? "\(whole / 3600) h" : "\(whole / 3600) h \(minutes) min"
        default: return "\(whole / 86_400) d"
        }
    }

    /// A time that somebody set, in the largest unit that holds it in whole numbers: `500 ms`, `1.5 s`, `5 min`, `30 d`.
    public static func setTime(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds > 0 else { return "0 s" }
        if seconds < 1 { return "\(plain(seconds * 1000, 3)) ms" }
        for (unit, length) in [("d", 86_400.0), ("h", 3600), ("min", 60)]
        where seconds >= length && (seconds / length).rounded() * length == seconds {
            return "\(plain(seconds / length, 3)) \(unit)"
        }
        return "\(plain(seconds, 3)) s"
    }

    /// A time that passed, in one unit and rounded down: `45 s`, `12 min`, `5 h`, `9 d`.
    public static func elapsed(_ seconds: Double) -> String {
        guard seconds.isFinite else { return unknown }
        return switch seconds {
        case ..<120: "\(Int(max(0, seconds))) s"
        case ..<7200: "\(Int(seconds / 60)) min"
        case ..<172_800: "\(Int(seconds / 3600)) h"
        default: "\(Int(min(seconds / 86_400, 1_000_000))) d"
        }
    }

    /// How long ago something was: `just now`, `40 min ago`.
    public static func ago(_ seconds: Double) -> String { seconds < 1 ? "just now" : elapsed(seconds) + " ago" }

    /// `0:58`, `1:02:03`: the time left, for a progress line.
    public static func clock(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 3.2e9 else { return unknown }
        let whole = Int(seconds.rounded(.up))
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
        return whole < 3600
            ? "\(whole / 60):\(two(whole % 60))" : "\(whole / 3600):\(two(whole % 3600 / 60)):\(two(whole % 60))"
    }

    // MARK: Parts

    /// Three digits, with zeros where they are known: `7.00`, `13.5`, `135`.
    private static func threeDigits(_ value: Double) -> String {
        decimal(value, abs(value) < 9.995 ? 2 : abs(value) < 99.95 ? 1 : 0)
    }

    private static func withoutZeros(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: ".")) else { return text }
        var text = text
        while text.utf8.last == UInt8(ascii: "0") { text.removeLast() }
        if text.utf8.last == UInt8(ascii: ".") { text.removeLast() }
        return text
    }
}
