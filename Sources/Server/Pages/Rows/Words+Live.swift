import RegistryTypes
import WireFormat

/// What happens after a promotion, in words.
extension Words {
    /// A figure, or that there is none: never zero for "no data".
    static func known(_ value: Double?, _ words: (Double) -> String) -> String { value.map(words) ?? "unknown" }

    /// Why a release answered.
    static func arm(_ arm: TrafficArm) -> String {
        switch arm {
        case .live: "live"
        case .holdback: "held back"
        case .pinned: "named by the caller"
        }
    }

    /// `1.9 requests/s`.
    static func rate(_ perSecond: Double) -> String {
        "\(Figures.decimal(perSecond, perSecond < 9.95 ? 1 : 0)) requests/s"
    }

    /// A burn rate: how many times faster than the budget allows.
    static func burn(_ rate: Double) -> String { Figures.decimal(rate, rate < 99.95 ? 1 : 0) }

    /// `1 h`, `5 min`: the length of a window.
    static func window(_ seconds: Double) -> String { Figures.duration(seconds) }

    /// When a budget is gone at the present pace.
    static func exhaustion(_ seconds: Double?, left: Double?) -> String {
        guard let left else { return "unknown" }
        if left <= 0 { return "gone" }
        return seconds.map { "in \(Figures.duration($0))" } ?? "never"
    }

    /// `2026-11-21 11:20 to 11:40 UTC`, with the second date only where it differs.
    static func span(_ from: Timestamp, _ to: Timestamp) -> String {
        let start = Moment(from).minute.html, end = Moment(to).minute.html
        return "\(start) to \(start.prefix(10) == end.prefix(10) ? String(end.dropFirst(11)) : end) UTC"
    }
}
