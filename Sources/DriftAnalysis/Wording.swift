import Foundation

/// Numbers as a person reads them.
enum Wording {
    /// Three digits that matter.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        let size = abs(value)
        if size >= 100 || size.rounded() == size { return grouped(value.rounded()) }
        let places = size >= 10 ? 1 : size >= 0.1 ? 2 : size >= 0.001 ? 4 : 6
        let text = fixed(value, places)
        guard text.contains(".") else { return text }
        let kept = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
        return String(kept.reversed())
    }

    /// A share in percent: `33 %`, `3.1 %`.
    static func percent(_ share: Double, signed: Bool = false) -> String {
        let value = share * 100
        let places = abs(value) >= 10 ? 0 : abs(value) >= 1 ? 1 : value == 0 ? 0 : 2
        return (signed ? sign(value) : "") + fixed(signed ? abs(value) : value, places) + " %"
    }

    /// A difference of shares: `+47 points`.
    static func points(_ difference: Double) -> String {
        let value = difference * 100
        return sign(value) + fixed(abs(value), abs(value) >= 10 ? 0 : 1) + " points"
    }

    /// A signal's number in its own unit.
    static func value(_ value: Double, _ signal: DriftSignal) -> String {
        switch signal.unit {
        case "%": percent(value)
        case "": number(value)
        default: "\(number(value)) \(signal.unit)"
        }
    }

    /// How a signal's number moved: points for shares, percent for what has a zero, else the difference.
    static func change(_ before: Double, _ now: Double, _ signal: DriftSignal) -> String {
        if signal.unit == "%" { return points(now - before) }
        if before > 0, now > 0 { return percent(now / before - 1, signed: true) }
        let difference = now - before
        return sign(difference) + value(abs(difference), signal)
    }

    private static func sign(_ value: Double) -> String { value > 0 ? "+" : value < 0 ? "−" : "±" }

    private static func fixed(_ value: Double, _ places: Int) -> String {
        let scale = pow(10, Double(places))
        let rounded = (abs(value) * scale).rounded()
        guard rounded < 1e15 else { return "\(value)" }
        let whole = Int(rounded)
        let unit = Int(scale)
        let minus = value < 0 && whole > 0 ? "−" : ""
        guard places > 0 else { return minus + String(whole) }
        let digits = String(whole % unit)
        return minus + "\(whole / unit)." + String(repeating: "0", count: places - digits.utf8.count) + digits
    }

    /// A whole number with a space between thousands from 10,000 on.
    private static func grouped(_ value: Double) -> String {
        guard abs(value) < 1e15 else { return "\(value)" }
        let text = String(Int(abs(value)))
        let minus = value < 0 ? "−" : ""
        guard text.utf8.count > 4 else { return minus + text }
        var parts: [Substring] = []
        var rest = Substring(text)
        while rest.count > 3 {
            parts.insert(rest.suffix(3), at: 0)
            rest = rest.dropLast(3)
        }
        return minus + ([rest] + parts).joined(separator: ",")
    }
}
