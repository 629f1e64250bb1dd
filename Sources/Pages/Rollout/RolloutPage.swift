import RegistryTypes
import UserDocuments
public import WireFormat
import Wording

/// A rollout: where it is, how each arm does, how close each trigger is, and what happened.
public struct RolloutPage: Page {
    /// A state on its way.
    struct Step: Hashable, Sendable {
        let icon: HTMLText
        let word: HTMLText
        let detail: HTMLText
        let tone: HTMLText
        let isPresent: Bool
    }

    /// What an arm answered.
    struct Arm: Hashable, Sendable {
        let link: Link
        let arm: HTMLText
        let requests: HTMLText
        let failed: HTMLText
        let labelled: HTMLText
        let bad: HTMLText
        let share: HTMLText
        let mean: HTMLText
    }

    /// A trigger.
    struct Trigger: Hashable, Sendable {
        let name: HTMLText
        let badge: StatusBadge
        let meter: Meter?
        let value: HTMLText
        let limit: HTMLText
        let words: HTMLText
    }

    /// How long it was watched.
    struct Watch: Hashable, Sendable {
        let done: HTMLText
        let total: HTMLText
        let words: HTMLText
        let refresh: Link
    }

    public static let template = "rollout"
    public let layout: PageLayout
    let id: HTMLText
    let channel: Link
    let heading: HTMLText
    let badge: StatusBadge
    let sentence: HTMLText
    let facts: HTMLText
    let returned: HTMLText?
    let incident: Link?
    let rollback: Link?
    let hold: HoldLine?
    let steps: [Step]
    let watch: Watch?
    let hasTriggers: Bool
    let triggers: [Trigger]
    let hasArms: Bool
    let arms: [Arm]
    let crashes: HTMLText
    let hasTimeline: Bool
    let timeline: TimelineTable

    /// Shows `view` to the reader whom `context` names.
    ///
    /// - Parameter rollbackTo: The release to which a rollback of its channel goes; nil when there is none.
    public init(_ view: RolloutView, hold: HoldRow? = nil, rollbackTo: Int? = nil, context: PageContext) {
        let row = view.row
        let badge = row.badge
        layout = PageLayout(
            "\(badge.word.plain): \(row.id) \(row.model) r\(row.release)",
            in: .rollouts,
            command: .rolloutShow(row.id),
            freshness: row.endedAt == nil ? PageLayout.Freshness(newest: view.dataUntil) : nil,
            context: context
        )
        id = HTMLText("\(row.id)")
        channel = Link("\(row.model)@\(row.channel)", .model(row.model))
        let from = row.previous.map { "r\($0) → " } ?? ""
        heading = "Rollout \(row.id): \(row.model)@\(row.channel) \(from)r\(row.release)"
        self.badge = badge
        sentence = HTMLText(view.sentence, limit: 600)
        facts = HTMLText(
            [
                "started \(TimeText.minute(row.startedAt)) UTC by \(row.startedBy)",
                row.isOverride ? "against its policy, by override" : "within its policy", "policy \(view.policy)",
                view.heldBack ?? "nothing is held back",
            ].joined(separator: " · "),
            limit: 500
        )
        returned = RolloutPage.returned(view)
        incident = view.incident.map { Link("Incident \($0)", .incident($0)) }
        rollback =
            row.state == "probation"
            ? Link(rollbackOf: row.model, row.channel, to: rollbackTo, context: context) : nil
        self.hold = hold.map { HoldLine($0, context: context) }
        steps = RolloutPage.steps(view, isHeld: hold != nil)
        watch = row.state == "probation" ? RolloutPage.watch(view, context: context) : nil
        triggers = view.triggers.prefix(20).map { trigger in
            Trigger(
                name: HTMLText(trigger.trigger, limit: 200),
                badge: trigger.badge,
                meter: Meter(
                    value: trigger.value,
                    limit: trigger.limit,
                    words: NumberText.known(trigger.value, NumberText.burn)
                ),
                value: HTMLText(NumberText.known(trigger.value, NumberText.burn)),
                limit: HTMLText(NumberText.burn(trigger.limit)),
                words: HTMLText(trigger.words, limit: 300)
            )
        }
        hasTriggers = !triggers.isEmpty
        arms = view.arms.prefix(10).map { RolloutPage.arm($0, model: row.model) }
        hasArms = !arms.isEmpty
        crashes =
            view.crashes == 0
            ? "The server process did not end while the release served."
            : "The server process ended \(NumberText.count(view.crashes, "time")) while the release served."
        timeline = TimelineTable(view.timeline, caption: "Oldest first")
        hasTimeline = !view.timeline.isEmpty
    }

    /// `returned 4.2 s after the first bad answer; 12 bad answers were served`.
    private static func returned(_ view: RolloutView) -> HTMLText? {
        guard view.returnedAfterSeconds != nil || view.badAnswersServed != nil else { return nil }
        let time = NumberText.known(view.returnedAfterSeconds, NumberText.duration)
        let bad = view.badAnswersServed.map { NumberText.count($0, "bad answer") } ?? "an unknown number of bad answers"
        return HTMLText("From the first bad answer to the return: \(time). Served by it: \(bad).")
    }

    private static func watch(_ view: RolloutView, context: PageContext) -> Watch {
        Watch(
            done: HTMLText(Drawing.coordinate(view.watchedSeconds)),
            total: HTMLText(Drawing.coordinate(max(0.1, view.probationSeconds))),
            words:
                "\(NumberText.duration(view.watchedSeconds)) of \(NumberText.setTime(view.probationSeconds)) watched",
            refresh: .refresh(.rollout(view.row.id), isRefreshing: context.refreshSeconds != nil)
        )
    }

    /// The states it went through, the one it is in, and the one it is to reach.
    private static func steps(_ view: RolloutView, isHeld: Bool) -> [Step] {
        func step(_ icon: String, _ word: String, _ detail: String, _ tone: StatusBadge.Tone, present: Bool = false)
            -> Step
        {
            Step(
                icon: .symbol(icon),
                word: HTMLText(word),
                detail: HTMLText(detail, limit: 200),
                tone: HTMLText(tone.rawValue),
                isPresent: present
            )
        }
        let row = view.row
        let ended = row.endedAt.map { "at \(TimeText.clock($0)) UTC" } ?? ""
        let target = row.settledRelease.map { "to r\($0)" } ?? "to the release before"
        var steps = [
            step("✔", "promoted", "at \(TimeText.clock(row.startedAt)) UTC", .ok)
        ]
        let watched = "\(NumberText.duration(view.watchedSeconds)) of \(NumberText.setTime(view.probationSeconds))"
        if row.state == "probation" {
            steps.append(step("◷", "watching", watched, .info, present: true))
            steps.append(step("○", "settled", "or \(target) when a trigger fires", .off))
            return steps
        }
        steps.append(step(row.state == "settled" ? "✔" : "–", "watched", watched, row.state == "settled" ? .ok : .off))
        switch row.state {
        case "settled": steps.append(step("✔", "settled", ended, .ok, present: true))
        case "returned":
            steps.append(step("↩", "returned", "\(target) \(ended)", .bad, present: true))
            steps.append(
                isHeld ? step("■", "held", "until a person lifts it", .notice) : step("✔", "hold lifted", "", .off)
            )
        case "rolledBack": steps.append(step("↩", "rolled back", "by a person \(ended)", .notice, present: true))
        case "superseded": steps.append(step("→", "superseded", "by a newer promotion \(ended)", .off, present: true))
        default: steps.append(step("■", row.state, ended, .off, present: true))
        }
        return steps
    }

    private static func arm(_ arm: RolloutArmRow, model: Name) -> Arm {
        Arm(
            link: Link("r\(arm.release)", .release(ReleaseID(model, arm.release))),
            arm: HTMLText(TrafficArm(rawValue: arm.arm)?.words ?? arm.arm),
            requests: HTMLText(NumberText.count(arm.requests)),
            failed: HTMLText(NumberText.known(arm.failed) { NumberText.count($0) }),
            labelled: HTMLText(NumberText.known(arm.labelled) { NumberText.count($0) }),
            bad: HTMLText(NumberText.count(arm.bad)),
            share: HTMLText(
                arm.requests > 0 ? NumberText.share(Double(arm.bad) / Double(arm.requests)) : NumberText.unknown
            ),
            mean: HTMLText(NumberText.known(arm.meanSeconds, NumberText.duration))
        )
    }
}

extension RolloutTriggerRow {
    /// How close it is to firing.
    var badge: StatusBadge {
        switch state {
        case "quiet": StatusBadge("✔", "quiet", .ok)
        case "suspected": StatusBadge("▲", "suspected", .notice)
        case "shared": StatusBadge("▲", "shared", .notice)
        case "one key": StatusBadge("▲", "one key", .notice)
        case "fired": StatusBadge("✖", "fired", .bad)
        default: StatusBadge("?", state, .off)
        }
    }
}
