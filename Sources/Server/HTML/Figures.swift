import Foundation
import RegistryTypes

/// Numbers as people read them: the same everywhere, whatever the locale of the machine.
enum Figures {
    /// `12,345`.
    static func count(_ value: Int) -> String {
        let digits = Array(String(value.magnitude))
        var grouped = value < 0 ? "−" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { grouped += "," }
            grouped.append(digit)
        }
        return grouped
    }

    /// `540` for 536: an estimate, rounded up to two digits.
    static func about(_ value: Int) -> String { count(roundedUp(value)) }

    /// An estimate rounded up to two digits.
    static func roundedUp(_ value: Int) -> Int {
        var unit = 1
        while value / unit >= 100, unit < 1_000_000_000_000 { unit *= 10 }
        return (value + unit - 1) / unit * unit
    }

    /// `1 check`, `3 checks`.
    static func count(_ value: Int, _ noun: String, plural: String? = nil) -> String {
        "\(count(value)) \(value == 1 ? noun : plural ?? noun + "s")"
    }

    /// A number with `decimals` places, halves rounded away from zero, a true minus sign, and a plus sign when asked
    /// for.
    static func decimal(_ value: Double, _ decimals: Int, signed: Bool = false) -> String {
        guard value.isFinite else { return "unknown" }
        let scale = pow(10, Double(decimals))
        let rounded = (value.magnitude * scale).rounded() / scale
        let text = String(format: "%.\(decimals)f", rounded)
        return (rounded == 0 ? "" : value < 0 ? "−" : signed ? "+" : "") + text
    }

    /// A share in 0...1 as `94.1 %`; `100 %` and `0 %` only when it is exactly that.
    static func share(_ value: Double) -> String {
        if value == 0 || value == 1 { return value == 0 ? "0 %" : "100 %" }
        let percent = value * 100
        let text = decimal(percent, 1)
        guard text == "100.0" || text == "0.0" else { return text + " %" }
        return decimal(percent, 3) + " %"
    }

    /// A share in words, without decimals where there is nothing to say: `90 %`, `94.1 %`.
    static func plainShare(_ value: Double) -> String {
        let text = share(value)
        return text.hasSuffix(".0 %") ? text.dropLast(4) + " %" : text
    }

    /// `1.9 MB`, decimal units.
    static func bytes(_ value: Int64) -> String {
        let units = ["kB", "MB", "GB", "TB"]
        guard value >= 1000 else { return "\(value) bytes" }
        var scaled = Double(value) / 1000, unit = 0
        while scaled >= 999.5, unit + 1 < units.count {
            scaled /= 1000
            unit += 1
        }
        return decimal(scaled, scaled < 9.95 ? 1 : 0) + " " + units[unit]
    }

    /// Seconds as `0.4 ms`, `38 ms`, `1.2 s`, `6 min 12 s`, `3 h 5 min`, `12 d`.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0 else { return "unknown" }
        switch seconds {
        case ..<0.00995: return decimal(seconds * 1000, 2) + " ms"
        case ..<0.0995: return decimal(seconds * 1000, 1) + " ms"
        case ..<0.9995: return decimal(seconds * 1000, 0) + " ms"
        case ..<9.95: return decimal(seconds, 1) + " s"
        case ..<59.5: return decimal(seconds, 0) + " s"
        default: break
        }
        let whole = Int(seconds.rounded())
        switch whole {
        case ..<3600: return whole % 60 == 0 ? "\(whole / 60) min" : "\(whole / 60) min \(whole % 60) s"
        case ..<86400:
            let minutes = whole / 60 % 60
            return minutes == 0 ? "\(whole / 3600) h" : "\(whole / 3600) h \(minutes) min"
        default: return "\(whole / 86400) d"
        }
    }

    /// A count with a scale, such as `3.4 M`.
    static func scaled(_ value: Int) -> String {
        switch value.magnitude {
        case ..<10_000: return count(value)
        case ..<999_500: return decimal(Double(value) / 1e3, 0) + " k"
        case ..<999_500_000: return decimal(Double(value) / 1e6, value < 99_500_000 ? 2 : 0) + " M"
        default: return decimal(Double(value) / 1e9, 2) + " G"
        }
    }
}
