import RegistryTypes
import WireFormat

/// Words about what happens after a promotion.
extension Words {
    /// `value` in the words of `write`; a dash where nothing is known, never a zero.
    static func known<Value>(_ value: Value?, _ write: (Value) -> String) -> Cell {
        value.map { Cell(write($0)) } ?? .nothing
    }

    /// The share of an error budget that is left.
    static func budget(_ left: Double?) -> Cell {
        guard let left else { return .nothing }
        return Cell(Figures.percent(left, 0), left <= 0 ? .bad : left < 0.25 ? .notice : .plain)
    }

    /// `16 % left`, or `overspent by 922 %`.
    static func left(_ share: Double) -> String {
        share < 0 ? "overspent by \(Figures.percent(-share, 0))" : "\(Figures.percent(share, 0)) left"
    }

    /// The command that lifts the hold on a channel.
    static func resume(_ model: Name, _ channel: Name) -> String {
        "serin rollout resume \(model)\(channel.text == "production" ? "" : " --channel \(channel)") --reason TEXT"
    }

    /// What of the traffic is not on disk; nil when all of it is.
    static func losses(_ capture: CaptureView) -> String? {
        let lost = capture.dropped.filter { $0.value > 0 }.sorted { ($0.value, $0.key) > ($1.value, $1.key) }
        let torn = capture.days.compactMap { day in day.problem.map { "\(day.day): \($0)" } }
        guard !lost.isEmpty || !torn.isEmpty else { return nil }
        let reasons = lost.map { "\(Figures.count($0.value)) \($0.key)" }.joined(separator: ", ")
        let parts = [
            lost.isEmpty ? nil : "not captured: \(reasons)", torn.isEmpty ? nil : torn.joined(separator: "; "),
        ]
        return parts.compactMap(\.self).joined(separator: "; ")
    }

    /// Whether an answer was right, as a cell.
    static func label(isCorrect: Bool?, isLiked: Bool?) -> Cell {
        switch (isCorrect, isLiked) {
        case (true, _): Sign.pass("right")
        case (false, _): Sign.fail("wrong")
        case (nil, true): Sign.pass("thumb up")
        case (nil, false): Sign.fail("thumb down")
        case (nil, nil): .nothing
        }
    }

    /// What became of a request, as a cell; what a client got wrong or gave up is nobody's fault here.
    static func outcome(_ outcome: RequestOutcome) -> Cell {
        switch outcome {
        case .answered: Sign.pass("answered")
        case .rejected: Sign.unknown("rejected")
        case .clientGone: Sign.unknown("client gone")
        case .overloaded: Sign.fail("overloaded")
        case .timedOut: Sign.fail("timed out")
        case .engineFailed: Sign.fail("engine failed")
        }
    }

    /// Whether the answer fits, as a cell.
    static func valid(_ isValid: Bool?) -> Cell {
        isValid.map { $0 ? Sign.pass("yes") : Sign.fail("no") } ?? .nothing
    }
}
