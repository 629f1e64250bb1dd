import Digests
import RegistryRecords
import RegistryTypes
import UserDocuments
import WireFormat

/// A policy in words, what it decided, and its revisions.
struct PolicyPage: Page {
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
        let at: Moment
        let by: HTMLText
        let digest: HTMLText
    }

    static let template = "policy"
    let frame: Frame
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

    init(_ view: PolicyView, visit: Visit) {
        let document = view.document
        frame = Frame(
            "Policy \(document.name)",
            in: .policies,
            command: "serin policy show \(document.name)",
            visit: visit
        )
        name = HTMLText(document.name.text)
        channel = HTMLText(document.scope.channel.text)
        let models = document.scope.models.map(\.text).joined(separator: ", ")
        summary =
            "for channel \(document.scope.channel) of \(models == "*" ? "all models" : models) · revision \(view.record.revision) by \(view.record.appliedBy)"
        hasGates = !document.gates.isEmpty
        gatesCaption = HTMLText(
            Figures.count(document.gates.count, "gate") + "; all are asked, also after the first no"
        )
        gates = document.gates.map { gate in
            Row(
                id: HTMLText(gate.id.text),
                type: HTMLText(gate.requirement.kind.rawValue),
                level: HTMLText(Words.level(gate.level)),
                words: HTMLText(Words.requirement(gate))
            )
        }
        facts = PolicyPage.facts(document)
        hasDecisions = !view.decisions.isEmpty
        decisions = view.decisions.map { DecisionRow($0) }
        revisions = view.revisions.prefix(50).map { record in
            Revision(
                number: HTMLText(String(record.revision)),
                at: Moment(record.appliedAt),
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
            : "watched for \(Figures.duration(rollout.probationSeconds)), \(Figures.share(rollout.holdback)) of the traffic stays"
        return [Fact("Evidence missing", missing), Fact("After the move", watch)]
    }
}
