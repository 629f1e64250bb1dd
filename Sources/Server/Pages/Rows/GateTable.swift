import RegistryRecords
import RegistryTypes

/// The gates of a decision for the template `gates`.
struct GateTable: Hashable, Sendable {
    /// A gate.
    struct Row: Hashable, Sendable {
        let id: HTMLText
        let level: HTMLText
        let mark: Mark
        let required: HTMLText
        let found: HTMLText
        let evidence: [Link]
        let remedy: HTMLText?
    }

    /// How many are met.
    let caption: HTMLText
    /// The gates in the order of the policy.
    let rows: [Row]

    /// The gates of `decision`; nil when it has none.
    init?(_ decision: Decision) {
        guard !decision.gates.isEmpty else { return nil }
        let met = decision.gates.count { $0.state.isMet }
        caption = "\(met) of \(Figures.count(decision.gates.count, "gate")) met"
        rows = decision.gates.map { gate in
            Row(
                id: HTMLText(gate.id.text),
                level: HTMLText(Words.level(gate.level)),
                mark: Mark(gate),
                required: HTMLText(gate.required),
                found: HTMLText(gate.found),
                evidence: gate.evidence.prefix(5).compactMap(GateTable.link),
                remedy: gate.remedy.map { HTMLText($0) }
            )
        }
    }

    /// The page of a piece of evidence; nil for what has none.
    private static func link(_ evidence: String) -> Link? {
        if let canary = try? CanaryID(text: evidence) { return Link(evidence, Href.canary(canary)) }
        if let evaluation = try? EvaluationID(text: evidence) { return Link(evidence, Href.evaluation(evaluation)) }
        return nil
    }
}
