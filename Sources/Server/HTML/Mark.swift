import RegistryRecords
import RegistryTypes
import WireFormat

/// A state as icon, word and colour, so that no one of them carries the meaning alone.
struct Mark: Hashable, Sendable {
    /// How a state is coloured: the class in the style sheet.
    enum Tone: String, Sendable {
        case ok, bad, notice, info, off
    }

    /// One sign; hidden from screen readers.
    let icon: HTMLText
    /// The state in words.
    let word: HTMLText
    /// The class in the style sheet.
    let tone: HTMLText

    /// A state. U+FE0E asks for the sign as text, not as a coloured picture.
    init(_ icon: String, _ word: String, _ tone: Tone) {
        self.icon = HTMLText(icon + "\u{fe0e}")
        self.word = HTMLText(word)
        self.tone = HTMLText(tone.rawValue)
    }

    /// A verdict.
    init(_ verdict: Verdict) {
        switch verdict {
        case .pass: self.init("✔", "pass", .ok)
        case .marginal: self.init("▲", "marginal", .notice)
        case .inconclusive: self.init("◌", "inconclusive", .notice)
        case .fail: self.init("✖", "fail", .bad)
        }
    }

    /// A canary: its verdict, or how far it is.
    init(_ canary: CanaryRecord) {
        switch (canary.state, canary.verdict) {
        case (_, .some(let verdict)): self.init(verdict)
        case (.running, nil): self.init("◷", "running", .info)
        case (.stopped, nil), (.judged, nil): self.init("■", "stopped", .off)
        }
    }

    /// A gate.
    init(_ gate: GateResult) {
        switch gate.state {
        case .pass: self.init("✔", "pass", .ok)
        case .fail: self.init("✖", "not met", gate.blocks ? .bad : .notice)
        case .unknown: self.init("?", "no evidence", gate.blocks ? .bad : .notice)
        case .notApplicable: self.init("–", "not asked", .off)
        case .overridden: self.init("▲", "overridden", .notice)
        case .waiting: self.init("◷", "waiting", .info)
        }
    }

    /// A decision.
    init(_ decision: Decision) {
        switch decision.outcome {
        case .allowed where decision.isOverridden: self.init("▲", "allowed by override", .notice)
        case .allowed: self.init("✔", "allowed", .ok)
        case .refused: self.init("✖", "refused", .bad)
        case .waiting: self.init("◷", "waiting", .notice)
        }
    }

    /// A decision in a list.
    init(_ decision: DecisionSummary) {
        switch (decision.allowed, decision.overridden) {
        case (true, true): self.init("▲", "allowed by override", .notice)
        case (true, false): self.init("✔", "allowed", .ok)
        case (false, _): self.init("✖", "refused", .bad)
        }
    }

    /// How a channel got to where it points.
    init(_ move: ChannelMove) {
        switch (move.how, move.settled) {
        case (.promoted, true): self.init("✔", "settled", .ok)
        case (.promoted, false): self.init("◷", "watched", .info)
        case (.overridden, _): self.init("▲", "by override", .notice)
        case (.rolledBack, _): self.init("↩", "rolled back", .info)
        case (.returned, _): self.init("↩", "rolled back automatically", .notice)
        }
    }

    /// Whether a release may be used.
    init(rejected: Bool) {
        if rejected { self.init("✖", "rejected", .bad) } else { self.init("✔", "usable", .ok) }
    }
}
