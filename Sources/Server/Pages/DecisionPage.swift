import Digests
import RegistryRecords
import RegistryTypes

/// A decision of a policy: every gate explained, and what would change the answer.
struct DecisionPage: Page {
    /// What would make a gate pass.
    struct Change: Hashable, Sendable {
        let text: HTMLText
        let command: HTMLText?
    }

    static let template = "decision"
    let frame: Frame
    let name: HTMLText
    let policy: Link?
    let heading: HTMLText
    let mark: Mark
    let verdict: HTMLText
    let sentence: HTMLText
    let facts: HTMLText
    let override: HTMLText?
    let release: Link
    let version: Link
    let channel: HTMLText
    let gateTable: GateTable?
    let hasChanges: Bool
    let changes: [Change]

    /// A stored decision, or (`isRefusal`) the answer to a promotion that was just refused.
    init(_ decision: Decision, isRefusal: Bool = false, visit: Visit) {
        let mark = Mark(decision)
        let id = decision.id.map { "\($0)" }
        frame = Frame(
            isRefusal ? "Refused by policy: \(decision.release)" : "\(mark.word.html): \(id ?? "decision")",
            in: .policies,
            command: id.map { "serin policy explain --decision \($0)" }
                ?? "serin policy explain \(decision.release) --to \(decision.channel)",
            hasJSON: !isRefusal,
            visit: visit
        )
        name = HTMLText(id ?? "not stored")
        policy = decision.policy.map { Link("Policy \($0)", Href.policy($0.name)) }
        heading =
            isRefusal
            ? "Refused by policy" : "Decision \(id ?? ""): \(decision.release) to \(decision.channel)"
        self.mark = mark
        switch decision.outcome {
        case .allowed where decision.isOverridden:
            verdict = "\(decision.release) may move to \(decision.channel), only because of an override"
        case .allowed: verdict = "\(decision.release) may move to \(decision.channel)"
        case .refused: verdict = "\(decision.release) may not move to \(decision.channel)"
        case .waiting: verdict = "\(decision.release) may not move to \(decision.channel) yet"
        }
        let blockers = decision.blockers
        let met = decision.gates.count { $0.state.isMet }
        sentence = HTMLText(
            blockers.isEmpty
                ? "\(met) of \(Figures.count(decision.gates.count, "gate")) met."
                : "\(Figures.count(blockers.count, "gate stands", plural: "gates stand")) in the way: "
                    + blockers.map { "\($0.id) (\($0.found))" }.joined(separator: "; ") + ". Nothing was moved.",
            limit: 1200
        )
        facts = HTMLText(
            [
                decision.policy.map { "policy \($0), \($0.digest.short)" } ?? "no policy is for this channel and model",
                "decided \(Moment(decision.time).minute.html) UTC",
                id.map { "stored as \($0)" } ?? "not stored",
                "same facts give the same answer",
            ].joined(separator: " · ")
        )
        override = decision.override.map { "by \($0.by): “\($0.reason)”" }
        release = Link("\(decision.release)", Href.release(decision.release))
        version = Link("\(decision.facts.version)", Href.version(decision.facts.version))
        channel = HTMLText(decision.channel.text)
        gateTable = GateTable(decision)
        changes = blockers.map { gate in
            Change(text: "\(gate.id): \(gate.required)", command: gate.remedy.map { HTMLText($0) })
        }
        hasChanges = !changes.isEmpty
    }
}
