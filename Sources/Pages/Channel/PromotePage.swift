import RegistryRecords
public import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// Asks before a channel moves to another release: says in full what will happen, and what the policy says now.
public struct PromotePage: Page {
    public static let template = "promote"
    public let layout: PageLayout
    let model: Link
    let heading: HTMLText
    let problem: FormProblem?
    let badge: StatusBadge
    let verdict: HTMLText
    let sentence: HTMLText
    let steps: [HTMLText]
    let hold: HoldLine?
    let hasGates: Bool
    let gateTable: GateTable?
    let form: MoveForm?

    /// `answer` is what a dry run says. `key` is fresh; `problem` is why the form came back; `hold` is on the channel.
    public init(
        _ answer: MoveAnswer,
        reference: Reference,
        key: String,
        problem: String? = nil,
        reason: String = "",
        hold: HoldRow? = nil,
        context: PageContext
    ) {
        let channel = "\(answer.model)@\(answer.channel)"
        let decision = answer.decision
        let isRefused = answer.outcome == .refused
        let overridable = isRefused && (decision?.blockers.allSatisfy { $0.level == .overridable } ?? false)
        let canOverride = overridable && context.may(.overridePolicy)
        layout = PageLayout(
            (problem == nil ? "" : "Error: ") + "Promote \(answer.to.id) to \(answer.channel)",
            in: .models,
            command: .promote(.reference(reference), to: answer.channel, dryRun: true),
            hasJSON: false,
            context: context
        )
        model = Link(answer.model.text, .model(answer.model))
        heading = "Promote \(answer.to.id) to \(answer.channel)?"
        self.problem = problem.map { FormProblem(title: HTMLText($0), link: Link("Reason", at: "#reason")) }
        let what = answer.to.content.words
        switch answer.outcome {
        case .unchanged:
            badge = StatusBadge("✔", "unchanged", .info)
            verdict = "Nothing to do"
            sentence = "\(channel) points to r\(answer.to.id.number) (\(what)) already."
            steps = ["Nothing changes."]
        case .refused:
            badge = StatusBadge("✖", "refused", .bad)
            verdict = "The policy does not allow it now"
            sentence = HTMLText(
                (decision?.blockers ?? []).map { "\($0.id): \($0.found)" }.joined(separator: "; ") + ".",
                limit: 1200
            )
            steps = PromotePage.refusedSteps(answer, overridable: overridable, canOverride: canOverride)
        case .moved, .wouldMove:
            badge = StatusBadge("✔", "allowed", .ok)
            verdict = "The policy allows it"
            let isOf = "r\(answer.to.id.number) is \(what), \(answer.to.content.decoding.words)."
            sentence = HTMLText([isOf, decision?.withoutEngine].compactMap(\.self).joined(separator: " "), limit: 1200)
            steps = PromotePage.steps(answer)
        }
        self.hold = hold.map { HoldLine($0, context: context) }
        gateTable = decision.flatMap { GateTable($0) }
        hasGates = gateTable != nil
        let shows = context.may(.promote) && (answer.outcome == .wouldMove || canOverride)
        form =
            shows
            ? MoveForm(
                action: HTMLText(PagePath.promote(nil, channel: answer.channel, model: answer.model).path),
                token: HTMLText(context.person?.token ?? ""),
                reference: HTMLText(reference.description),
                expected: HTMLText(answer.from.map { String($0.id.number) } ?? ""),
                key: HTMLText(key),
                isOverride: canOverride,
                label: canOverride ? "Reason for going against the policy (required, recorded)" : "Reason (recorded)",
                reason: HTMLText(reason),
                button: canOverride ? "Override the policy and promote" : "Promote r\(answer.to.id.number)"
            ) : nil
    }

    private static func steps(_ answer: MoveAnswer) -> [HTMLText] {
        let from = answer.from.map { "r\($0.id.number) (\($0.content.words))" }
        let runs = answer.decision?.facts.cannotRun == nil
        var steps: [HTMLText] = [
            runs
                ? "r\(answer.to.id.number) is loaded into memory."
                : "Nothing is loaded: no engine here runs r\(answer.to.id.number), and the gateway answers 503 for it.",
            from.map {
                "\(answer.model)@\(answer.channel) moves from \($0) to r\(answer.to.id.number) at once: what users get changes."
            }
                ?? "\(answer.model)@\(answer.channel) is made and points to r\(answer.to.id.number).",
        ]
        if let from { steps.append("\(from) stays in memory, so that a rollback is immediate.") }
        steps.append("The decision and the move are recorded in the log under your name.")
        return steps
    }

    private static func refusedSteps(_ answer: MoveAnswer, overridable: Bool, canOverride: Bool) -> [HTMLText] {
        guard canOverride else {
            return [
                overridable
                    ? "Nothing, unless an admin overrides the policy with a reason."
                    : answer.decision?.needsEngine == true
                        ? "Nothing: no engine here runs it, and this policy allows no release without one."
                        : "Nothing: at least one gate is mandatory, nobody gets past it."
            ]
        }
        return steps(answer) + [
            answer.from == nil
                ? "The move is recorded as an override."
                : "The move is recorded as an override. The release settles only where its policy watches it, and when it has answered; until then a rollback goes past it."
        ]
    }
}
