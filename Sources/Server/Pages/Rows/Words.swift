import Foundation
import RegistryRecords
import RegistryTypes
import UserDocuments

/// Values of the registry in words, the same on every page.
enum Words {
    /// `@7 + triage@3`.
    static func what(_ content: ReleaseContent) -> String { "@\(content.version) + \(content.prompt)" }

    /// `greedy, at most 64 tokens`.
    static func settings(_ settings: DecodingSettings) -> String {
        var parts = [settings.temperature == 0 ? "greedy" : "temperature \(shortest(settings.temperature))"]
        if let topK = settings.topK { parts.append("top-k \(topK)") }
        if let topP = settings.topP { parts.append("top-p \(shortest(topP))") }
        if let minP = settings.minP { parts.append("min-p \(shortest(minP))") }
        parts.append("at most \(Figures.count(settings.maxTokens, "token"))")
        if !settings.stop.isEmpty { parts.append("stops at \(Figures.count(settings.stop.count, "text"))") }
        return parts.joined(separator: ", ")
    }

    /// How a channel was moved.
    static func how(_ move: ChannelMove) -> String {
        switch move.how {
        case .promoted: "promoted"
        case .overridden: "promoted by override"
        case .rolledBack: "rolled back"
        case .returned: "rolled back automatically"
        }
    }

    /// `exact match 94.7 %, valid JSON 99.8 %`: the scores of an evaluation, what most look for first.
    static func scores(_ scores: [EvaluationResult.Score]) -> String {
        let first = scores.filter { $0.metric == Metric.exactMatch.rawValue }
        let rest = scores.filter { $0.metric != Metric.exactMatch.rawValue }
        return (first + rest)
            .map { "\(title(metric: $0.metric)) \($0.value.map(Figures.share) ?? "unknown")" }
            .joined(separator: ", ")
    }

    /// The name of a metric for readers.
    static func title(metric: String) -> String { Metric(rawValue: metric)?.title ?? metric }

    /// `3 min`, how long ago something was.
    static func age(_ time: Timestamp, at now: Timestamp) -> String {
        let seconds = max(0, now.seconds(since: time))
        return seconds < 60 ? "now" : Figures.duration((seconds / 60).rounded(.down) * 60)
    }

    /// `text` as one word of a command line.
    static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x2f, 0x3a, 0x40, 0x5f: true
                default: false
                }
            }
        return isPlain ? text : "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
    }

    /// The shortest decimal form.
    static func shortest(_ value: Double) -> String { "\(value)".replacingOccurrences(of: "-", with: "−") }

    /// What a gate of a policy asks for.
    static func requirement(_ gate: Gate) -> String {
        switch gate.requirement {
        case .smoke: return "the version was loaded and produced a few tokens"
        case .card(let card):
            var parts = card.complete.map { ["the card is at least \(Figures.plainShare($0)) complete"] } ?? []
            if !card.require.isEmpty {
                parts.append("it says \(card.require.map(\.rawValue).joined(separator: ", "))")
            }
            return parts.isEmpty ? "there is a card" : parts.joined(separator: "; ")
        case .canary(let canary):
            var text = "a canary against the live release says \(canary.verdict.rawValue)"
            if let document = canary.using { text += ", by document \(document)" }
            if let age = canary.maxAgeSeconds { text += ", not older than \(Figures.duration(age))" }
            return text
        case .evaluation(let evaluation):
            var text =
                "\(evaluation.metric.title) on \(evaluation.suite) is at least \(Figures.plainShare(evaluation.atLeast))"
            text += evaluation.bound == .lower95 ? " (95 % lower bound)" : ""
            text += ", over at least \(Figures.count(evaluation.minSamples, "case"))"
            if let age = evaluation.maxAgeSeconds { text += ", not older than \(Figures.duration(age))" }
            return text
        case .errorBudget(let budget):
            return "at least \(Figures.plainShare(budget.atLeast)) of the error budget of \(budget.slo) is left"
        }
    }

    /// What a level means.
    static func level(_ level: Gate.Level) -> String {
        switch level {
        case .mandatory: "mandatory"
        case .overridable: "overridable"
        case .advisory: "advisory"
        }
    }
}
