import Digests
import RegistryRecords
import RegistryTypes
import UserDocuments

/// All policies.
struct PoliciesPage: Page {
    /// A document.
    struct Row: Hashable, Sendable {
        let link: Link
        let kind: HTMLText
        let revision: HTMLText
        let digest: HTMLText
        let by: HTMLText
        let at: Moment
    }

    static let template = "policies"
    let frame: Frame
    let summary: HTMLText
    let hasRows: Bool
    let rows: [Row]

    init(_ documents: [DocumentRecord], visit: Visit) {
        frame = Frame("Policies", in: .policies, command: "serin policy list", visit: visit)
        summary = "What must hold before a channel moves. A decision names the revision it used."
        hasRows = !documents.isEmpty
        rows = documents.map { document in
            Row(
                link: Link(document.name.text, Href.policy(document.name)),
                kind: HTMLText(document.kind.rawValue),
                revision: HTMLText(String(document.revision)),
                digest: HTMLText(document.digest.short),
                by: HTMLText(document.shipped ? "\(document.appliedBy) (shipped)" : document.appliedBy),
                at: Moment(document.appliedAt)
            )
        }
    }
}
