import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// What the model file of a version says of itself, as `serin inspect` shows it.
struct FileFacts: Hashable, Sendable {
    /// The tensors of one type.
    struct TensorRow: Hashable, Sendable {
        let type: HTMLText
        let count: HTMLText
        let elements: HTMLText
        let bytes: HTMLText
        let share: HTMLText
    }

    let badge: StatusBadge
    let hasReasons: Bool
    let reasons: [HTMLText]
    let warnings: [HTMLText]
    let tensors: [TensorRow]

    init(_ facts: InspectedModel) {
        badge = facts.runs ? StatusBadge("✔", "runs here", .ok) : StatusBadge("✖", "does not run here", .bad)
        var words = facts.reasons.prefix(12).map { HTMLText($0, limit: 400) }
        let rest = facts.reasons.count - words.count
        if rest > 0 { words.append(HTMLText("and \(NumberText.count(rest)) more")) }
        reasons = words
        hasReasons = !words.isEmpty
        warnings = facts.warnings.prefix(10).map { HTMLText($0, limit: 500) }
        tensors = facts.tensors.prefix(40).map { share in
            TensorRow(
                type: HTMLText(share.type),
                count: HTMLText(NumberText.count(share.count)),
                elements: HTMLText(NumberText.scaled(share.elementCount)),
                bytes: HTMLText(NumberText.bytes(Int64(share.byteCount))),
                share: HTMLText(NumberText.known(share.share, NumberText.share))
            )
        }
    }

    /// The facts as terms, each with a capital at its beginning as on every page.
    static func facts(_ facts: InspectedModel) -> [Fact] {
        InspectedText.rows(facts).map { row in
            Fact(row.label.prefix(1).uppercased() + row.label.dropFirst(), row.words)
        }
    }
}

/// Asks for a comparison of a version with another one.
struct CompareForm: Hashable, Sendable {
    let action: HTMLText
    let baseline: HTMLText
    let candidate: HTMLText
    let command: HTMLText

    /// nil where the reader may not ask, or there is nothing to read with.
    init?(_ view: VersionView, context: PageContext) {
        guard context.may(.readTexts), view.version.manifest.weights != nil, view.inspection?.runs == true else {
            return nil
        }
        let id = view.version.id
        // An adapter is compared with what it changes.
        let other =
            (view.version.manifest.base?.version ?? view.previous?.id).map { NextStep.Subject.version($0) }
            ?? .version(id)
        action = HTMLText(PagePath.readings.path)
        baseline = HTMLText(other.text)
        candidate = HTMLText(id.description)
        command = HTMLText(.compare(other, .version(id)))
    }
}
