import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// Words that several reports share.
enum ReportWords {
    /// `@7 + triage@3`: what a release ships, without the model's name.
    static func what(_ content: ReleaseContent) -> String { "@\(content.version) + \(content.prompt)" }

    /// `r12`.
    static func release(_ number: Int) -> String { "r\(number)" }

    /// How a smoke run came out, as a cell.
    static func smoke(_ smoke: SmokeResult?) -> Cell {
        guard let smoke else { return .nothing }
        return smoke.passed ? StatusCell.pass("pass") : StatusCell.fail("fail")
    }

    /// How much of a card is filled, as a cell.
    static func card(_ card: CardSummary?) -> Cell {
        card.map { Cell(NumberText.share($0.completeness)) } ?? .nothing
    }

    /// How far a canary is or what it found, as a cell.
    static func canary(_ canary: CanaryRecord) -> Cell {
        if let verdict = canary.verdict { return StatusCell(verdict)(verdict.rawValue) }
        return switch canary.state {
        case .running: StatusCell.running("running")
        case .judged: StatusCell.unknown("judged")
        case .stopped: StatusCell.fail("stopped")
        }
    }

    /// Where an expected answer comes from, to stand after it.
    static func source(_ source: ExpectationSource?) -> String {
        switch source {
        case .answer: "   (a release's own answer that a person called right)"
        case .correction: "   (a person's correction)"
        case nil: ""
        }
    }

    /// `"\n"`: a text between quotes, with its line ends visible.
    static func quoted(_ text: String) -> String {
        "\"\(text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").replacing("\"", with: "\\\""))\""
    }

    /// Decoding settings in one line.
    static func decoding(_ settings: DecodingSettings) -> String {
        var parts = [
            settings.temperature == 0 ? "greedy" : "temperature \(settings.temperature)",
            "at most \(NumberText.count(settings.maxTokens, "token"))",
        ]
        if let topK = settings.topK { parts.append("top k \(topK)") }
        if let topP = settings.topP { parts.append("top p \(topP)") }
        if let minP = settings.minP { parts.append("min p \(minP)") }
        parts += settings.penalties.map { "\($0) \($1)" }
        if !settings.stop.isEmpty { parts.append("stop at \(settings.stop.map(quoted).joined(separator: " or "))") }
        return parts.joined(separator: ", ")
    }

    // MARK: What happens after a promotion

    /// `value` in the words of `write`; a dash where nothing is known, never a zero.
    static func known<Value>(_ value: Value?, _ write: (Value) -> String) -> Cell {
        value.map { Cell(write($0)) } ?? .nothing
    }

    /// The share of an error budget that is left.
    static func budget(_ left: Double?) -> Cell {
        guard let left else { return .nothing }
        return Cell(NumberText.budget(left), left <= 0 ? .bad : left < 0.25 ? .notice : .plain)
    }

    /// What of the traffic is not on disk; nil when all of it is.
    static func losses(_ capture: CaptureView) -> String? {
        let lost = capture.dropped.filter { $0.value > 0 }.sorted { ($0.value, $0.key) > ($1.value, $1.key) }
        let torn = capture.days.compactMap { day in day.problem.map { "\(day.day): \($0)" } }
        guard !lost.isEmpty || !torn.isEmpty else { return nil }
        let reasons = lost.map { "\(NumberText.count($0.value)) \($0.key)" }.joined(separator: ", ")
        let parts = [
            lost.isEmpty ? nil : "not captured: \(reasons)", torn.isEmpty ? nil : torn.joined(separator: "; "),
        ]
        return parts.compactMap(\.self).joined(separator: "; ")
    }

    /// Whether an answer was right, as a cell.
    static func label(isCorrect: Bool?, isLiked: Bool?) -> Cell {
        switch (isCorrect, isLiked) {
        case (true, _): StatusCell.pass("right")
        case (false, _): StatusCell.fail("wrong")
        case (nil, true): StatusCell.pass("thumb up")
        case (nil, false): StatusCell.fail("thumb down")
        case (nil, nil): .nothing
        }
    }

    /// What became of a request, as a cell; what a client got wrong or gave up is nobody's fault here.
    static func outcome(_ outcome: RequestOutcome) -> Cell {
        switch outcome {
        case .answered: StatusCell.pass("answered")
        case .rejected: StatusCell.unknown("rejected")
        case .clientGone: StatusCell.unknown("client gone")
        case .ownLoad: StatusCell.unknown("too many of its key")
        case .overloaded: StatusCell.fail("overloaded")
        case .timedOut: StatusCell.fail("timed out")
        case .clientDeadline: StatusCell.unknown("client's deadline")
        case .engineFailed: StatusCell.fail("engine failed")
        }
    }

    /// Whether the answer fits, as a cell.
    static func valid(_ isValid: Bool?) -> Cell {
        isValid.map { $0 ? StatusCell.pass("yes") : StatusCell.fail("no") } ?? .nothing
    }
}

extension ReportWords {
    /// `a, b or c`.
    static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }
}
