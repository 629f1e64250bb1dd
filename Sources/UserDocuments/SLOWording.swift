/// Numbers and times as service levels say them.
package enum SLOWording {
    /// A time in the largest unit that holds it in whole numbers, or in at most three digits: `500 ms`, `1.5 s`,
    /// `5 min`, `6 h`, `30 d`.
    package static func time(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds > 0 else { return "0 s" }
        if seconds < 1 { return "\(number(seconds * 1000, digits: 3)) ms" }
        for (unit, length) in [("d", 86_400.0), ("h", 3600), ("min", 60)]
        where seconds >= length && (seconds / length).rounded() * length == seconds {
            return "\(number(seconds / length, digits: 3)) \(unit)"
        }
        return "\(number(seconds, digits: 3)) s"
    }

    /// A time as people say it, in one unit and rounded down: `45 s`, `12 min`, `5 h`, `9 d`.
    package static func about(_ seconds: Double) -> String {
        switch seconds {
        case ..<120: "\(Int(max(0, seconds))) s"
        case ..<7200: "\(Int(seconds / 60)) min"
        case ..<172_800: "\(Int(seconds / 3600)) h"
        default: "\(Int(min(seconds / 86_400, 1_000_000))) d"
        }
    }

    /// A share such as `99.95 %`, rounded down, so that 99.8999 % never reads as the target.
    package static func percent(_ share: Double, digits: Int = 2) -> String {
        "\(floored(share * 100, digits: digits)) %"
    }

    /// A number with at most `digits` decimals, without zeros at the end.
    package static func number(_ value: Double, digits: Int) -> String {
        let scale = scale(digits)
        return plain((min(max(value, -1e12), 1e12) * scale).rounded() / scale)
    }

    /// A count with thousands apart: `2,000`.
    package static func count(_ count: Int) -> String {
        let digits = Array(String(count.magnitude).utf8)
        var text: [UInt8] = count < 0 ? [UInt8(ascii: "-")] : []
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(UInt8(ascii: ",")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func floored(_ value: Double, digits: Int) -> String {
        let scale = scale(digits)
        // The small term forgives the last bits of a share that is exactly a round percentage.
        return plain((min(max(value, -1e12), 1e12) * scale + 1e-6).rounded(.down) / scale)
    }

    private static func scale(_ digits: Int) -> Double { (0..<digits).reduce(1) { scale, _ in scale * 10 } }

    private static func plain(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? String(value) }
}
