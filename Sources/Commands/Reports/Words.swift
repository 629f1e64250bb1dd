import RegistryRecords
import RegistryTypes
import UserDocuments

/// Words that several reports share.
enum Words {
    /// `@7 + triage@3`: what a release ships, without the model's name.
    static func what(_ content: ReleaseContent) -> String { "@\(content.version) + \(content.prompt)" }

    /// `r12`.
    static func release(_ number: Int) -> String { "r\(number)" }

    /// `1 request`, `3 requests`.
    static func count(_ count: Int, _ noun: String) -> String {
        "\(Figures.count(count)) \(noun)\(count == 1 ? "" : "s")"
    }

    /// How a smoke run came out, as a cell.
    static func smoke(_ smoke: SmokeResult?) -> Cell {
        guard let smoke else { return .nothing }
        return smoke.passed ? Sign.pass("pass") : Sign.fail("fail")
    }

    /// How much of a card is filled, as a cell.
    static func card(_ card: CardSummary?) -> Cell {
        card.map { Cell(Figures.percent($0.completeness, 0)) } ?? .nothing
    }

    /// How far a canary is or what it found, as a cell.
    static func canary(_ canary: CanaryRecord) -> Cell {
        if let verdict = canary.verdict { return Sign(verdict)(verdict.rawValue) }
        return switch canary.state {
        case .running: Sign.running("running")
        case .judged: Sign.unknown("judged")
        case .stopped: Sign.fail("stopped")
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
            "at most \(settings.maxTokens) tokens",
        ]
        if let topK = settings.topK { parts.append("top k \(topK)") }
        if let topP = settings.topP { parts.append("top p \(topP)") }
        if let minP = settings.minP { parts.append("min p \(minP)") }
        if !settings.stop.isEmpty { parts.append("stop at \(settings.stop.map(quoted).joined(separator: " or "))") }
        return parts.joined(separator: ", ")
    }
}
