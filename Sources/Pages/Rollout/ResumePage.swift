public import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// Asks before a hold is lifted: says why it is there and what lifting it allows.
public struct ResumePage: Page {
    /// The form that lifts it.
    struct Form: Hashable, Sendable {
        let action: HTMLText
        let token: HTMLText
        let reason: HTMLText
    }

    public static let template = "resume"
    public let layout: PageLayout
    let model: Link
    let heading: HTMLText
    let problem: FormProblem?
    let badge: StatusBadge
    let verdict: HTMLText
    let sentence: HTMLText
    let rollout: Link?
    let steps: [HTMLText]
    let form: Form?

    /// `hold` is nil when the channel is not held; `problem` is why the form came back.
    public init(
        _ hold: HoldRow?,
        model: Name,
        channel: Name,
        problem: String? = nil,
        reason: String = "",
        context: PageContext
    ) {
        let target = "\(model)@\(channel)"
        layout = PageLayout(
            (problem == nil ? "" : "Error: ") + "Lift the hold on \(target)",
            in: .rollouts,
            command: .rolloutResume(model, channel: channel),
            hasJSON: false,
            context: context
        )
        self.model = Link(model.text, .model(model))
        heading = "Lift the hold on \(target)?"
        self.problem = problem.map { FormProblem(title: HTMLText($0), link: Link("Reason", at: "#reason")) }
        rollout = hold?.rollout.map { Link("Rollout \($0)", .rollout($0)) }
        if let hold {
            badge = StatusBadge("■", "held", .notice)
            verdict = "Held since \(TimeText.minute(hold.since)) UTC by \(hold.by)"
            sentence = HTMLText(hold.reason, limit: 600)
            steps = [
                "\(target) may be promoted again, within its policy.",
                "Nothing moves by lifting it: what users get stays as it is.",
                "The release that was returned stays rejected: it needs new evidence before it can be promoted.",
                "Who lifted it, and why, is recorded in the log under your name.",
            ]
        } else {
            badge = StatusBadge("✔", "not held", .info)
            verdict = "Nothing to do"
            sentence = "\(target) is not held."
            steps = ["Nothing changes."]
        }
        form =
            hold != nil && context.may(.liftHold)
            ? Form(
                action: HTMLText(PagePath.resume(channel: channel, model: model).path),
                token: HTMLText(context.person?.token ?? ""),
                reason: HTMLText(reason)
            ) : nil
    }
}
