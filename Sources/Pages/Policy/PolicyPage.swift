import Digests
public import RegistryRecords
import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// All policies.
public struct PoliciesPage: Page {
    /// A document.
    struct Row: Hashable, Sendable {
        let link: Link
        let kind: HTMLText
        let revision: HTMLText
        let digest: HTMLText
        let by: HTMLText
        let at: PageTime
    }

    public static let template = "policies"
    public let layout: PageLayout
    let summary: HTMLText
    let hasRows: Bool
    let rows: [Row]

    /// Shows `documents` to the reader whom `context` names.
    public init(_ documents: [DocumentRecord], context: PageContext) {
        layout = PageLayout("Policies", in: .policies, command: .policyList, context: context)
        summary = "What must hold before a channel moves. A decision names the revision it used."
        hasRows = !documents.isEmpty
        rows = documents.map { document in
            Row(
                link: Link(document.name.text, .policy(document.name)),
                kind: HTMLText(document.kind.rawValue),
                revision: HTMLText(String(document.revision)),
                digest: HTMLText(document.digest.short),
                by: HTMLText(document.shipped ? "\(document.appliedBy) (shipped)" : document.appliedBy),
                at: PageTime(document.appliedAt)
            )
        }
    }
}

/// A policy in words, what it decided, and its revisions.
public struct PolicyPage: Page {
    /// A gate.
    struct Row: Hashable, Sendable {
        let id: HTMLText
        let type: HTMLText
        let level: HTMLText
        let words: HTMLText
    }

    /// A revision.
    struct Revision: Hashable, Sendable {
        let number: HTMLText
        let at: PageTime
        let by: HTMLText
        let digest: HTMLText
    }

    public static let template = "policy"
    public let layout: PageLayout
    let name: HTMLText
    let channel: HTMLText
    let summary: HTMLText
    let hasGates: Bool
    let gatesCaption: HTMLText
    let gates: [Row]
    let facts: [Fact]
    let hasDecisions: Bool
    let decisions: [DecisionRow]
    let revisions: [Revision]
    let source: HTMLText

    /// Shows `view` to the reader whom `context` names.
    public init(_ view: PolicyView, context: PageContext) {
        let document = view.document
        layout = PageLayout(
            "Policy \(document.name)",
            in: .policies,
            command: .policyShow(document.name),
            context: context
        )
        name = HTMLText(document.name.text)
        channel = HTMLText(document.scope.channel.text)
        let models = document.scope.models.map(\.text).joined(separator: ", ")
        summary =
            "for channel \(document.scope.channel) of \(models == "*" ? "all models" : models) · revision \(view.record.revision) by \(view.record.appliedBy)"
        hasGates = !document.gates.isEmpty
        gatesCaption = HTMLText(
            NumberText.count(document.gates.count, "gate") + "; all are asked, also after the first no"
        )
        gates = document.gates.map { gate in
            Row(
                id: HTMLText(gate.id.text),
                type: HTMLText(gate.requirement.kind.rawValue),
                level: HTMLText(gate.level.rawValue),
                words: HTMLText(gate.words)
            )
        }
        facts = PolicyPage.facts(document)
        hasDecisions = !view.decisions.isEmpty
        decisions = view.decisions.map { DecisionRow($0) }
        revisions = view.revisions.prefix(50).map { record in
            Revision(
                number: HTMLText(String(record.revision)),
                at: PageTime(record.appliedAt),
                by: HTMLText(record.appliedBy),
                digest: HTMLText(record.digest.short)
            )
        }
        source = HTMLText(view.record.source, limit: 8000)
    }

    private static func facts(_ document: PolicyDocument) -> [Fact] {
        let missing =
            switch document.onMissing {
            case .block: "the channel does not move"
            case .defer: "the decision waits for it"
            case .allow: "shown as unknown, does not stand in the way (except for mandatory gates)"
            }
        let rollout = document.rollout
        let watch =
            rollout.probationSeconds == 0
            ? "settles at once"
            : "watched for \(NumberText.setTime(rollout.probationSeconds)), \(NumberText.share(rollout.holdback)) of the traffic stays"
        var facts = [Fact("Evidence missing", missing), Fact("After the move", watch)]
        switch document.releaseWithoutEngine {
        case .allow:
            facts.append(Fact("What cannot be run here", "may go in by the other gates; it is served elsewhere"))
        case .refuse, nil: break
        }
        return facts
    }
}

extension Gate {
    /// What it asks for.
    var words: String {
        switch requirement {
        case .smoke: return "the version was loaded and produced a few tokens"
        case .card(let card):
            var parts = card.complete.map { ["the card is at least \(NumberText.share($0)) complete"] } ?? []
            if !card.require.isEmpty {
                parts.append("it says \(card.require.map(\.rawValue).joined(separator: ", "))")
            }
            return parts.isEmpty ? "there is a card" : parts.joined(separator: "; ")
        case .canary(let canary):
            var text = "a canary against the live release says \(canary.verdict.rawValue)"
            if let document = canary.using { text += ", by document \(document)" }
            if let age = canary.maxAgeSeconds { text += ", not older than \(NumberText.setTime(age))" }
            return text
        case .evaluation(let evaluation):
            var text =
                "\(Metric.title(of: evaluation.measure.identity)) on \(evaluation.suite) is at least \(NumberText.share(evaluation.atLeast))"
            text += evaluation.bound == .lower95 ? " (95 % lower bound)" : ""
            text += ", over at least \(NumberText.count(evaluation.minSamples, "case"))"
            if let age = evaluation.maxAgeSeconds { text += ", not older than \(NumberText.setTime(age))" }
            return text
        case .errorBudget(let budget):
            return "at least \(NumberText.share(budget.atLeast)) of the error budget of \(budget.slo) is left"
        }
    }
}
