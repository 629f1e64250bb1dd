public import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// All rollouts, newest first.
public struct RolloutsPage: Page {
    public static let template = "rollouts"
    public let layout: PageLayout
    let heading: HTMLText
    let hasHolds: Bool
    let holds: [HoldLine]
    let hasRows: Bool
    let rollouts: [RolloutLine]
    let older: Link?

    /// Shows `list` to the reader whom `context` names.
    public init(_ list: ListAnswer<RolloutRow>, model: Name?, holds: [HoldRow], context: PageContext) {
        layout = PageLayout(
            model.map { "Rollouts of \($0)" } ?? "Rollouts",
            in: .rollouts,
            command: .rolloutList(model),
            context: context
        )
        heading = HTMLText(model.map { "Rollouts of \($0)" } ?? "Rollouts")
        self.holds = holds.prefix(10).map { HoldLine($0, context: context) }
        hasHolds = !holds.isEmpty
        rollouts = list.items.prefix(50).map { RolloutLine($0) }
        hasRows = !rollouts.isEmpty
        older = list.next.map { Link("Older", at: PagePath.rollouts(of: model).with([("before", $0)])) }
    }
}

/// A rollout in a list.
struct RolloutLine: Hashable, Sendable {
    let link: Link
    let channel: Link
    let release: Link
    let previous: Link?
    let badge: StatusBadge
    /// How it went, beyond the badge.
    let words: HTMLText?
    let started: PageTime
    let by: HTMLText
    let override: HTMLText?

    init(_ rollout: RolloutRow) {
        link = Link("\(rollout.id)", .rollout(rollout.id))
        channel = Link("\(rollout.model)@\(rollout.channel)", .model(rollout.model))
        release = Link("r\(rollout.release)", .release(ReleaseID(rollout.model, rollout.release)))
        previous = rollout.previous.map { Link("r\($0)", .release(ReleaseID(rollout.model, $0))) }
        badge = rollout.badge
        words = badge.beyond(rollout.words)
        started = PageTime(rollout.startedAt)
        by = HTMLText(rollout.startedBy, limit: 80)
        override = rollout.isOverride ? "by override" : nil
    }
}

/// A hold, with the way to lift it for those who may.
struct HoldLine: Hashable, Sendable {
    let title: HTMLText
    let reason: HTMLText
    let since: HTMLText
    let rollout: Link?
    let resume: Link?
    let command: HTMLText

    init(_ hold: HoldRow, context: PageContext) {
        title = "\(hold.model)@\(hold.channel) is held: no promotion until a person lifts it"
        reason = HTMLText(hold.reason, limit: 600)
        since = "Since \(TimeText.minute(hold.since)) UTC, by \(hold.by). Rolling back still works."
        rollout = hold.rollout.map { Link("Rollout \($0)", .rollout($0)) }
        resume =
            context.may(.liftHold) ? Link("Lift the hold…", .resume(channel: hold.channel, model: hold.model)) : nil
        command = HTMLText(.rolloutResume(hold.model, channel: hold.channel))
    }
}

extension RolloutRow {
    /// Where it is.
    var badge: StatusBadge {
        switch state {
        case "probation": StatusBadge("◷", "watching", .info)
        case "settled": StatusBadge("✔", "settled", .ok)
        case "returned": StatusBadge("↩", "returned", .bad)
        case "rolledBack": StatusBadge("↩", "rolled back", .notice)
        case "superseded": StatusBadge("→", "superseded", .off)
        case "aborted": StatusBadge("■", "aborted", .off)
        default: StatusBadge("?", state, .off)
        }
    }
}
