import Digests
import RegistryRecords
import RegistryTypes
import WireFormat

/// A release: exactly what ran, when, and who decided.
struct ReleasePage: Page {
    static let template = "release"
    let frame: Frame
    let model: Link
    let number: HTMLText
    let name: HTMLText
    let summary: HTMLText
    let mark: Mark
    let rejected: HTMLText?
    let promote: Link?
    let version: Link
    let prompt: Link
    let pinned: [Fact]
    let hasMoves: Bool
    let moveTable: MoveTable
    let hasDecisions: Bool
    let decisions: [DecisionRow]
    let explainCommand: HTMLText
    let hasChecks: Bool
    let canaries: [CanaryRow]
    let evaluations: [EvaluationRow]
    let canaryCommand: HTMLText

    init(_ view: ReleaseView, visit: Visit) {
        let release = view.release
        frame = Frame(
            "\(release.id)",
            in: .models,
            command: "serin release show \(release.id)",
            visit: visit
        )
        model = Link(release.id.model.text, Href.model(release.id.model))
        number = HTMLText(String(release.id.number))
        name = "\(release.id)"
        summary = "made \(Moment(release.createdAt).minute.html) UTC by \(release.createdBy) · \(release.digest.short)"
        mark = Mark(rejected: release.rejected != nil)
        rejected = release.rejected.map { HTMLText($0) }
        promote = ModelPage.promotion(of: release.id, visit: visit)
        version = Link("\(release.version)", Href.version(release.version))
        prompt = Link("\(release.content.prompt)", Href.prompt(release.content.prompt.name))
        pinned = [
            Fact("Settings", Words.settings(release.content.decoding)),
            Fact("Weights and files", release.content.manifest.description),
            Fact("Prompt", release.content.promptDigest.description),
            Fact("All together", release.digest.description),
        ]
        hasMoves = !view.moves.isEmpty
        moveTable = MoveTable(view.moves, caption: "Moves to it and away from it")
        hasDecisions = !view.decisions.isEmpty
        decisions = view.decisions.prefix(20).map { DecisionRow($0) }
        explainCommand = "serin policy explain \(release.id) --to production"
        canaries = view.canaries.prefix(20).map { CanaryRow($0) }
        evaluations = view.evaluations.prefix(20).map { EvaluationRow($0) }
        hasChecks = !canaries.isEmpty || !evaluations.isEmpty
        canaryCommand = "serin canary run \(release.id)"
    }
}
