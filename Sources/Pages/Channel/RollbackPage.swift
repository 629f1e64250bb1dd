import RegistryRecords
import RegistryTypes
public import WireFormat
import Wording

/// Asks before a channel is taken back: says in full what will happen. No gate stands in the way.
public struct RollbackPage: Page {
    public static let template = "rollback"
    public let layout: PageLayout
    let model: Link
    let heading: HTMLText
    let problem: FormProblem?
    let badge: StatusBadge
    let verdict: HTMLText
    let sentence: HTMLText
    let steps: [HTMLText]
    let form: MoveForm?

    /// `answer` is what a dry run says; `key` is fresh.
    public init(_ answer: MoveAnswer, to target: Int?, key: String, context: PageContext) {
        let channel = "\(answer.model)@\(answer.channel)"
        let moves = answer.outcome == .wouldMove || answer.outcome == .moved
        layout = PageLayout(
            "Roll back \(channel) to r\(answer.to.id.number)",
            in: .models,
            command: .rollback(answer.model, channel: answer.channel, dryRun: true),
            hasJSON: false,
            context: context
        )
        model = Link(answer.model.text, .model(answer.model))
        heading = "Roll back \(channel) to r\(answer.to.id.number)?"
        problem = nil
        badge = StatusBadge("↩", "roll back", .info)
        verdict = moves ? "No gate is asked" : "Nothing to do"
        let from = answer.from.map { "r\($0.id.number)" } ?? "nothing"
        sentence =
            moves
            ? "r\(answer.to.id.number) (\(answer.to.content.words)) is the release to go back to; \(from) is live now."
            : "\(channel) points to r\(answer.to.id.number) already."
        steps =
            moves
            ? [
                "\(channel) moves from \(from) to r\(answer.to.id.number) at once: what users get changes.",
                "\(from) is marked rejected in \(answer.channel): it needs new evidence before it can be promoted there again.",
                "\(from) stays in memory. The move is recorded in the log under your name.",
            ] + (answer.why.map { ["\($0)."] } ?? []) : ["Nothing changes."]
        form =
            moves && context.may(.rollBack)
            ? MoveForm(
                action: HTMLText(PagePath.rollback(channel: answer.channel, model: answer.model).path),
                token: HTMLText(context.person?.token ?? ""),
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

extension Link {
    /// The brake of a channel: the way to the page that asks before it is taken back. Nil for those who may not, and
    /// where there is no release to go back to, so that the page would only refuse.
    init?(rollbackOf model: Name, _ channel: Name, to target: Int?, context: PageContext) {
        guard let target, context.may(.rollBack) else { return nil }
        self.init("Roll back to r\(target)…", .rollback(channel: channel, model: model))
    }

    /// The brake of a channel, as the log says where it points.
    init?(rollbackOf record: ChannelRecord, context: PageContext) {
        self.init(rollbackOf: record.model, record.channel, to: record.rollbackTarget, context: context)
    }

    /// The brake of a channel, as its health says where it points.
    init?(rollbackOf row: HealthRow, context: PageContext) {
        self.init(rollbackOf: row.model, row.channel, to: row.rollbackTo, context: context)
    }
}

/// The form that confirms a move: everything in it comes back with the POST and is checked again.
struct MoveForm: Hashable, Sendable {
    /// Where it is sent.
    let action: HTMLText
    /// The token of the session.
    let token: HTMLText
    /// The release asked for.
    let reference: HTMLText
    /// The release the channel points to now, so that a move in between is a conflict.
    let expected: HTMLText
    /// Makes a form that is sent twice move once.
    let key: HTMLText
    /// Whether it moves against the policy.
    let isOverride: Bool
    /// The label of the reason.
    let label: HTMLText
    /// The reason as typed before an error.
    let reason: HTMLText
    /// What the button says.
    let button: HTMLText
}
