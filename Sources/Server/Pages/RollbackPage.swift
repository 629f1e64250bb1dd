import RegistryRecords
import RegistryTypes
import WireFormat

/// Asks before a channel is taken back: says in full what will happen. No gate stands in the way.
struct RollbackPage: Page {
    static let template = "rollback"
    let frame: Frame
    let model: Link
    let heading: HTMLText
    let problem: FormProblem?
    let mark: Mark
    let verdict: HTMLText
    let sentence: HTMLText
    let steps: [HTMLText]
    let form: MoveForm?

    /// `answer` is what a dry run says; `key` is fresh.
    init(_ answer: MoveAnswer, to target: Int?, key: String, visit: Visit) {
        let channel = "\(answer.model)@\(answer.channel)"
        let moves = answer.outcome == .wouldMove || answer.outcome == .moved
        frame = Frame(
            "Roll back \(channel) to r\(answer.to.id.number)",
            in: .models,
            command: "serin rollback \(answer.model) --channel \(answer.channel) --dry-run",
            hasJSON: false,
            visit: visit
        )
        model = Link(answer.model.text, Href.model(answer.model))
        heading = "Roll back \(channel) to r\(answer.to.id.number)?"
        problem = nil
        mark = Mark("↩", "roll back", .info)
        verdict = moves ? "No gate is asked" : "Nothing to do"
        let from = answer.from.map { "r\($0.id.number)" } ?? "nothing"
        sentence =
            moves
            ? "r\(answer.to.id.number) (\(Words.what(answer.to.content))) is the release to go back to; \(from) is live now."
            : "\(channel) points to r\(answer.to.id.number) already."
        steps =
            moves
            ? [
                "\(channel) moves from \(from) to r\(answer.to.id.number) at once: what users get changes.",
                "\(from) is marked rejected: it needs new evidence before it can be promoted again.",
                "\(from) stays in memory. The move is recorded in the log under your name.",
            ] : ["Nothing changes."]
        form =
            moves && visit.may(.deploy)
            ? MoveForm(
                action: HTMLText(Href.rollback(answer.channel, of: answer.model)),
                token: HTMLText(visit.person?.token ?? ""),
                reference: HTMLText(target.map(String.init) ?? ""),
                expected: HTMLText(answer.from.map { String($0.id.number) } ?? ""),
                key: HTMLText(key),
                isOverride: false,
                label: "Reason (recorded)",
                reason: "",
                button: "Roll back to r\(answer.to.id.number)"
            ) : nil
    }
}
