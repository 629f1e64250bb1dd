import Foundation
package import RegistryTypes

package import RegistryTypes

/// Numbers and times as decisions say them.
package enum Wording {
    /// `3 min ago`; `just now` for less than a second or for a time that is not past yet.
    package static func ago(_ time: Timestamp, now: Timestamp) -> String {
        let seconds = now.seconds(since: time)
        return seconds < 1 ? "just now" : duration(seconds) + " ago"
    }

    /// A time in its largest unit, rounded down: `45 s`, `3 min`, `5 h`, `7 d`.
    package static func duration(_ seconds: Double) -> String {
        switch seconds {
        case ..<1: "\(Int(max(0, seconds) * 1000)) ms"
        case ..<120: "\(Int(seconds)) s"
        case ..<7200: "\(Int(seconds / 60)) min"
        case ..<172_800: "\(Int(seconds / 3600)) h"
        default: "\(Int(min(seconds / 86_400, 1_000_000))) d"
        }
    }

    /// `80 %`, with decimals only where they are needed to see the number.
    package static func percent(_ share: Double) -> String { "\(number(share * 100, digits: 1)) %" }

    /// A number with at most `digits` decimals, rounded down so that 0.9299 never reads as 0.93.
    package static func number(_ value: Double, digits: Int) -> String {
        let scale = pow(10, Double(digits))
        let rounded = (value * scale + 1e-9).rounded(.down) / scale
        guard let whole = Int(exactly: rounded) else { return String(rounded) }
        return String(whole)
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
}
