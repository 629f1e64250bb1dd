import Digests
public import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat
import Wording

/// A decision of a policy: every gate explained, and what would change the answer.
public struct DecisionPage: Page {
    /// What would make a gate pass.
    struct Change: Hashable, Sendable {
        let text: HTMLText
        let command: HTMLText?
    }

    public static let template = "decision"
    public let layout: PageLayout
    let name: HTMLText
    let policy: Link?
    let heading: HTMLText
    let badge: StatusBadge
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
    public init(_ decision: Decision, isRefusal: Bool = false, context: PageContext) {
        let badge = decision.badge
        let id = decision.id.map { "\($0)" }
        layout = PageLayout(
            isRefusal ? "Refused by policy: \(decision.release)" : "\(badge.word.plain): \(id ?? "decision")",
            in: .policies,
            command: decision.id.map { .policyExplainDecision($0) }
                ?? .policyExplain(.release(decision.release), to: decision.channel),
            hasJSON: !isRefusal,
            context: context
        )
        name = HTMLText(id ?? "not stored")
        policy = decision.policy.map { Link("Policy \($0)", .policy($0.name)) }
        heading =
            isRefusal
            ? "Refused by policy" : "Decision \(id ?? ""): \(decision.release) to \(decision.channel)"
        self.badge = badge
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
                ? "\(met) of \(NumberText.count(decision.gates.count, "gate")) met."
                : "\(NumberText.count(blockers.count, "gate stands", plural: "gates stand")) in the way: "
                    + blockers.map { "\($0.id) (\($0.found))" }.joined(separator: "; ") + ". Nothing was moved.",
            limit: 1200
        )
        facts = HTMLText(
            [
                decision.policy.map { "policy \($0), \($0.digest.short)" } ?? "no policy is for this channel and model",
                "decided \(TimeText.minute(decision.time)) UTC",
                id.map { "stored as \($0)" } ?? "not stored",
                "same facts give the same answer",
            ].joined(separator: " · ")
        )
        override = decision.override.map { "by \($0.by): “\($0.reason)”" }
        release = Link("\(decision.release)", .release(decision.release))
        version = Link("\(decision.facts.version)", .version(decision.facts.version))
        channel = HTMLText(decision.channel.text)
        gateTable = GateTable(decision)
        changes = blockers.map { gate in
            Change(text: "\(gate.id): \(gate.required)", command: gate.remedy.map { HTMLText($0) })
        }
        hasChanges = !changes.isEmpty
    }
}

/// The gates of a decision for the template `gates`.
struct GateTable: Hashable, Sendable {
    /// A gate.
    struct Row: Hashable, Sendable {
        let id: HTMLText
        let level: HTMLText
        let badge: StatusBadge
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
        caption = "\(met) of \(NumberText.count(decision.gates.count, "gate")) met"
        rows = decision.gates.map { gate in
            Row(
                id: HTMLText(gate.id.text),
                level: HTMLText(gate.level.rawValue),
                badge: gate.badge,
                required: HTMLText(gate.required),
                found: HTMLText(gate.found),
                evidence: gate.evidence.prefix(5).compactMap(GateTable.link),
                remedy: gate.remedy.map { HTMLText($0) }
            )
        }
    }

    /// The page of a piece of evidence; nil for what has none.
    private static func link(_ evidence: String) -> Link? {
        if let canary = try? CanaryID(text: evidence) { return Link(evidence, .canary(canary)) }
        if let evaluation = try? EvaluationID(text: evidence) { return Link(evidence, .evaluation(evaluation)) }
        return nil
    }
}

/// A decision in a list.
struct DecisionRow: Hashable, Sendable {
    let link: Link
    let release: Link
    let channel: HTMLText
    let badge: StatusBadge
    let at: PageTime

    init(_ decision: DecisionSummary) {
        link = Link("\(decision.id)", .decision(decision.id))
        release = Link("\(decision.release)", .release(decision.release))
        channel = HTMLText(decision.channel.text)
        badge = decision.badge
        at = PageTime(decision.at)
    }
}

extension GateResult {
    /// How it stands in a decision.
    var badge: StatusBadge {
        switch state {
        case .pass: StatusBadge("✔", "pass", .ok)
        case .fail: StatusBadge("✖", "not met", blocks ? .bad : .notice)
        case .unknown: StatusBadge("?", "no evidence", blocks ? .bad : .notice)
        case .notApplicable: StatusBadge("–", "not asked", .off)
        case .overridden: StatusBadge("▲", "overridden", .notice)
        case .waiting: StatusBadge("◷", "waiting", .info)
        }
    }
}

extension Decision {
    /// What it says.
    var badge: StatusBadge {
        switch outcome {
        case .allowed where isOverridden: StatusBadge("▲", "allowed by override", .notice)
        case .allowed: StatusBadge("✔", "allowed", .ok)
        case .refused: StatusBadge("✖", "refused", .bad)
        case .waiting: StatusBadge("◷", "waiting", .notice)
        }
    }
}

extension DecisionSummary {
    /// What it says.
    var badge: StatusBadge {
        switch (allowed, overridden) {
        case (true, true): StatusBadge("▲", "allowed by override", .notice)
        case (true, false): StatusBadge("✔", "allowed", .ok)
        case (false, _): StatusBadge("✖", "refused", .bad)
        }
    }
}
