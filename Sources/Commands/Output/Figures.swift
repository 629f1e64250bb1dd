import Foundation
import RegistryTypes

/// Numbers as people read them: a real minus sign, a space before the unit, no more digits than are known.
enum Figures {
    /// `1.9 MB`; decimal units.
    static func bytes(_ count: Int64) -> String {
        let units = ["B", "kB", "MB", "GB", "TB"]
        var value = Double(count), unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        return unit == 0 ? "\(count) B" : "\(decimal(value, value < 9.95 ? 1 : 0)) \(units[unit])"
    }

    /// `5,214`.
    static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var text = value < 0 ? "−" : ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }

    /// `1.25 M`, for parameter counts.
    static func short(_ value: Int) -> String {
        let number = Double(value)
        for (size, letter) in [(1e9, "B"), (1e6, "M"), (1e3, "k")] where number >= size {
            return "\(decimal(number / size, number / size < 10 ? 2 : number / size < 100 ? 1 : 0)) \(letter)"
        }
        return String(value)
    }

    /// `−0.329`: `digits` after the point, a real minus, no sign for what rounds to zero.
    static func decimal(_ value: Double, _ digits: Int, signed: Bool = false) -> String {
        guard value.isFinite else { return value.isNaN ? "?" : value < 0 ? "−∞" : "∞" }
        let scale = pow(10, Double(digits))
        let rounded = (abs(value) * scale).rounded() / scale
        let text = String(format: "%.\(digits)f", rounded)
        guard rounded != 0 else { return text }
        return (value < 0 ? "−" : signed ? "+" : "") + text
    }

    /// `74.2 %` of a share in 0...1.
    static func percent(_ share: Double, _ digits: Int = 1, signed: Bool = false) -> String {
        decimal(share * 100, digits, signed: signed) + " %"
    }

    /// `0.21 s`, `12 s`, `6 min 12 s`, `3 h 5 min`, `12 d`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 3.2e9 else { return "?" }
        if seconds < 0.9995 { return seconds < 0.01 ? "\(decimal(seconds, 3)) s" : "\(decimal(seconds, 2)) s" }
        if seconds < 9.95 { return "\(decimal(seconds, 1)) s" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s" }
        if whole < 2 * 86400 {
            let minutes = whole % 3600 / 60
            return minutes == 0 ? "\(whole / 3600) h" : "\(whole / 3600) h \(minutes) min"
        }
        return "\(whole / 86400) d"
    }

    /// `0.033 ms`, `4.21 ms`, `38.2 ms`, `1.52 s`: three digits that count.
    static func milliseconds(_ seconds: Double) -> String {
        let value = seconds * 1000
        if abs(value) >= 1000 { return "\(decimal(seconds, 2)) s" }
        return "\(decimal(value, abs(value) < 1 ? 3 : abs(value) < 10 ? 2 : 1)) ms"
    }

    /// `0:58`, for the time left.
    static func clock(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 3.2e9 else { return "?" }
        let whole = Int(seconds.rounded(.up))
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
        return whole < 3600
            ? "\(whole / 60):\(two(whole % 60))" : "\(whole / 3600):\(two(whole % 3600 / 60)):\(two(whole % 60))"
    }

    /// How long ago `moment` was: `now`, `40 min`, `12 d`; one unit only.
    static func age(_ moment: Timestamp, _ now: Timestamp) -> String {
        let seconds = Int(now.seconds(since: moment))
        if seconds < 2 { return "now" }
        if seconds < 120 { return "\(seconds) s" }
        if seconds < 7200 { return "\(seconds / 60) min" }
        return seconds < 2 * 86400 ? "\(seconds / 3600) h" : "\(seconds / 86400) d"
    }

    /// `2026-11-21T11:20:44Z`: whole seconds.
    static func time(_ moment: Timestamp) -> String {
        let text = moment.description
        guard let point = text.firstIndex(of: ".") else { return text }
        return text[..<point] + "Z"
    }

    /// A bar of `width` cells for a share in 0...1.
    static func bar(_ share: Double, width: Int) -> String {
        let full = Int((min(1, max(0, share.isFinite ? share : 0)) * Double(width)).rounded(.down))
        return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
    }
}

extension Figures {
    /// `0.02 %`, `1.4 %`, `33 %`: a share in 0...1 with the digits that count.
    static func share(_ value: Double) -> String {
        let size = abs(value)
        return percent(value, size == 0 || size >= 0.0995 ? 0 : size < 0.00995 ? 2 : 1)
    }

    /// `4.9`, `0.02`, `130`: how often in a second.
    static func rate(_ value: Double) -> String {
        decimal(value, value == 0 || value >= 99.5 ? 0 : value < 0.095 ? 2 : 1)
    }

    /// `0.000031`, `0.42`, `73`, `5,214`: a measured value with three digits that count.
    static func significant(_ value: Double) -> String {
        guard value.isFinite, value != 0 else { return decimal(value, 0) }
        if abs(value) >= 999.5, abs(value) < 1e15 { return count(Int(value.rounded())) }
        var text = decimal(value, Int(max(0, min(9, 2 - log10(abs(value)).rounded(.down)))))
        if text.utf8.contains(0x2e) {
            while text.utf8.last == 0x30 { text.removeLast() }
            if text.utf8.last == 0x2e { text.removeLast() }
        }
        return text
    }

    /// `99.974 %`: a share of good events, rounded down so that it never reads as the target it misses.
    static func good(_ share: Double) -> String {
        guard share.isFinite else { return "?" }
        let scaled = (share * 1e5 + 1e-6).rounded(.down) / 1e5
        return decimal(scaled * 100, scaled == 1 || scaled == 0 ? 0 : scaled > 0.99 ? 3 : 2) + " %"
    }
}
