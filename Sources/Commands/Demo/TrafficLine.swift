import DemoTraffic
import Wording

/// The line about a run that goes on: drawn anew on a terminal, one line per tenth elsewhere, or nothing.
struct TrafficLine: Hashable, Sendable {
    let mode: ProgressChoice
    let style: TextStyle
    let seconds: Double
    private var tenths = 0
    private var isOpen = false

    init(mode: ProgressChoice, style: TextStyle, seconds: Double) {
        self.mode = mode
        self.style = style
        self.seconds = seconds
    }

    /// What to write for `tally`, `elapsed` seconds after the start.
    mutating func update(_ tally: TrafficTally, elapsed: Double) -> String {
        let text = Symbols.drawn(SafeText.line(Self.words(tally, elapsed: elapsed)), style)
        switch mode {
        case .none: return ""
        case .plain:
            let tenth = min(10, Int(elapsed / seconds * 10))
            guard tenth > tenths else { return "" }
            tenths = tenth
            return text + "\n"
        case .bar:
            isOpen = true
            return "\r\u{1b}[K" + DisplayWidth.cut(text, to: (style.columns ?? 80) - 1, ascii: style.ascii)
        }
    }

    /// What to write when the run ended: the drawn line is taken away, so that the figures stand alone.
    mutating func close() -> String {
        defer { isOpen = false }
        return isOpen ? "\r\u{1b}[K" : ""
    }

    /// Elapsed time, requests, the course of the wrong share, and which releases answered how much.
    static func words(_ tally: TrafficTally, elapsed: Double) -> String {
        let now = min(tally.slots.count, Int(elapsed / tally.slotSeconds) + 1)
        let course = tally.slots.prefix(now).map { slot in
            slot.answered == 0
                ? "·" : sparks[min(sparks.count - 1, Int(8 * Double(slot.wrong) / Double(slot.answered)))]
        }.joined()
        var parts = [NumberText.clock(elapsed), "\(NumberText.count(tally.sent)) sent"]
        let answered = tally.answered
        if answered > 0 {
            parts.append("\(NumberText.share(Double(tally.wrong) / Double(answered))) wrong \(course)")
            let split = tally.releases.sorted { ($0.value.firstAnswer, $0.key) < ($1.value.firstAnswer, $1.key) }
            parts += split.map { name, counts in
                "\(short(name)) \(NumberText.share(Double(counts.answered) / Double(answered)))"
            }
        }
        if tally.failed > 0 { parts.append("\(NumberText.count(tally.failed)) failed") }
        if tally.late > 0 { parts.append("\(NumberText.count(tally.late)) late") }
        return parts.joined(separator: "  ")
    }

    private static let sparks = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// `r2` of `ticket-bot@r2`.
    private static func short(_ release: String) -> Substring {
        release.firstIndex(of: "@").map { release[release.index(after: $0)...] } ?? release[...]
    }
}
