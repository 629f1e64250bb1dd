import RegistryTypes
import UserDocuments
import WireFormat

/// Asks before a hold is lifted: says why it is there and what lifting it allows.
struct ResumePage: Page {
    /// The form that lifts it.
    struct Form: Hashable, Sendable {
        let action: HTMLText
        let token: HTMLText
        let reason: HTMLText
    }

    static let template = "resume"
    let frame: Frame
    let model: Link
    let heading: HTMLText
    let problem: FormProblem?
    let mark: Mark
    let verdict: HTMLText
    let sentence: HTMLText
    let rollout: Link?
    let steps: [HTMLText]
    let form: Form?

    /// `hold` is nil when the channel is not held; `problem` is why the form came back.
    init(
        _ hold: HoldRow?,
        model: Name,
        channel: Name,
        problem: String? = nil,
        reason: String = "",
        visit: Visit
    ) {
        let target = "\(model)@\(channel)"
        frame = Frame(
            (problem == nil ? "" : "Error: ") + "Lift the hold on \(target)",
            in: .rollouts,
            command: "serin rollout resume \(model) --channel \(channel) --reason TEXT",
            hasJSON: false,
            visit: visit
        )
        self.model = Link(model.text, Href.model(model))
        heading = "Lift the hold on \(target)?"
        self.problem = problem.map { FormProblem(title: HTMLText($0), link: Link("Reason", "#reason")) }
        rollout = hold?.rollout.map { Link("Rollout \($0)", Href.rollout($0)) }
        if let hold {
            mark = Mark("■", "held", .notice)
            verdict = "Held since \(Moment(hold.since).minute.html) UTC by \(hold.by)"
            sentence = HTMLText(hold.reason, limit: 600)
            steps = [
                "\(target) may be promoted again, within its policy.",
                "Nothing moves by lifting it: what users get stays as it is.",
                "The release that was returned stays rejected: it needs new evidence before it can be promoted.",
                "Who lifted it, and why, is recorded in the log under your name.",
            ]
        } else {
            mark = Mark("✔", "not held", .info)
            verdict = "Nothing to do"
            sentence = "\(target) is not held."
            steps = ["Nothing changes."]
        }
        form =
            hold != nil && visit.may(.deploy)
            ? Form(
                action: HTMLText(Href.resume(channel, of: model)),
                token: HTMLText(visit.person?.token ?? ""),
                reason: HTMLText(reason)
            ) : nil
    }
}
