public import RegistryTypes
import Wording

/// A rollout in a list.
public struct RolloutRow: Hashable, Sendable, Codable {
    /// Its number.
    public let id: RolloutID
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The release that came in.
    public let release: Int
    /// The release before.
    public let previous: Int?
    /// The last settled release, to which a return goes.
    public let settledRelease: Int?
    /// `probation`, `settled`, `returned`, `rolledBack`, `superseded` or `aborted`.
    public let state: String
    /// The state in words, such as `watching 12 of 20 s`.
    public let words: String
    /// When it began.
    public let startedAt: Timestamp
    /// When it ended; nil while it is watched.
    public let endedAt: Timestamp?
    /// Who promoted.
    public let startedBy: String
    /// Whether it came in against its policy.
    public let isOverride: Bool

    /// Makes the value from its fields.
    public init(
        id: RolloutID,
        model: Name,
        channel: Name,
        release: Int,
        previous: Int? = nil,
        settledRelease: Int? = nil,
        state: String,
        words: String,
        startedAt: Timestamp,
        endedAt: Timestamp? = nil,
        startedBy: String,
        isOverride: Bool
    ) {
        self.id = id
        self.model = model
        self.channel = channel
        self.release = release
        self.previous = previous
        self.settledRelease = settledRelease
        self.state = state
        self.words = words
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.startedBy = startedBy
        self.isOverride = isOverride
    }
}

/// All about a rollout.
public struct RolloutView: Hashable, Sendable, Codable {
    /// What it is.
    public let row: RolloutRow
    /// The policy it follows, with its revision.
    public let policy: String
    /// How long it is watched.
    public let probationSeconds: Double
    /// How long it was watched so far.
    public let watchedSeconds: Double
    /// The share that stays on the last settled release.
    public let holdback: Double
    /// Its triggers.
    public let triggers: [RolloutTriggerRow]
    /// What the arms answered.
    public let arms: [RolloutArmRow]
    /// How often the server process ended while the release served.
    public let crashes: Int
    /// What became of it, in one sentence.
    public let sentence: String
    /// Seconds from the first bad answer to the return; nil when it was not returned.
    public let returnedAfterSeconds: Double?
    /// Bad answers that the release gave before it was returned; nil when it was not returned.
    public let badAnswersServed: Int?
    /// The incident it opened.
    public let incident: IncidentID?
    /// What happened, oldest first.
    public let timeline: [TimelineRow]
    /// Until when its data are.
    public let dataUntil: Timestamp?
    /// When this was read.
    public let at: Timestamp

    private enum CodingKeys: String, CodingKey {
        case row, policy, probationSeconds, watchedSeconds, holdback, triggers, arms, sentence, returnedAfterSeconds,
            badAnswersServed, incident, timeline, dataUntil, at
        // What clients have read since the first release.
        case crashes = "deaths"
    }

    /// Makes the value from its fields.
    public init(
        row: RolloutRow,
        policy: String,
        probationSeconds: Double,
        watchedSeconds: Double,
        holdback: Double,
        triggers: [RolloutTriggerRow],
        arms: [RolloutArmRow],
        crashes: Int,
        sentence: String,
        returnedAfterSeconds: Double? = nil,
        badAnswersServed: Int? = nil,
        incident: IncidentID? = nil,
        timeline: [TimelineRow],
        dataUntil: Timestamp? = nil,
        at: Timestamp
    ) {
        self.row = row
        self.policy = policy
        self.probationSeconds = probationSeconds
        self.watchedSeconds = watchedSeconds
        self.holdback = holdback
        self.triggers = triggers
        self.arms = arms
        self.crashes = crashes
        self.sentence = sentence
        self.returnedAfterSeconds = returnedAfterSeconds
        self.badAnswersServed = badAnswersServed
        self.incident = incident
        self.timeline = timeline
        self.dataUntil = dataUntil
        self.at = at
    }
}

/// A trigger of a rollout and how close it is.
public struct RolloutTriggerRow: Hashable, Sendable, Codable {
    /// The trigger in the words of the policy.
    public let trigger: String
    /// `unknown`, `quiet`, `suspected` (fires, cause not yet told apart), `shared`, `one key` (it would fire by what one key
    /// asks, and the others contradict it) or `fired`.
    public let state: String
    /// What is measured, such as a burn rate or the evidence; nil when unknown.
    public let value: Double?
    /// The value at which it fires.
    public let limit: Double
    /// How it stands, in words.
    public let words: String

    /// Makes the value from its fields.
    public init(trigger: String, state: String, value: Double? = nil, limit: Double, words: String) {
        self.trigger = trigger
        self.state = state
        self.value = value
        self.limit = limit
        self.words = words
    }
}

/// What one arm of a rollout answered since its start.
public struct RolloutArmRow: Hashable, Sendable, Codable {
    /// The release.
    public let release: Int
    /// `live` or `holdback`.
    public let arm: String
    /// Requests that count.
    public let requests: Int
    /// Of those, failed ones; nil when that was not kept.
    public let failed: Int?
    /// Answers that were labelled right or wrong; nil when that was not kept.
    public let labelled: Int?
    /// Bad answers: failed, not valid, or labelled wrong.
    public let bad: Int
    /// Mean total time; nil without an answer.
    public let meanSeconds: Double?

    /// Makes the value from its fields.
    public init(
        release: Int,
        arm: String,
        requests: Int,
        failed: Int?,
        labelled: Int?,
        bad: Int,
        meanSeconds: Double? = nil
    ) {
        self.release = release
        self.arm = arm
        self.requests = requests
        self.failed = failed
        self.labelled = labelled
        self.bad = bad
        self.meanSeconds = meanSeconds
    }
}

/// A channel that nobody may promote to until a person lifts the hold.
public struct HoldRow: Hashable, Sendable, Codable {
    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// Why.
    public let reason: String
    /// Since when.
    public let since: Timestamp
    /// Who placed it.
    public let by: String
    /// The rollout that was returned.
    public let rollout: RolloutID?

    /// Makes the value from its fields.
    public init(model: Name, channel: Name, reason: String, since: Timestamp, by: String, rollout: RolloutID? = nil) {
        self.model = model
        self.channel = channel
        self.reason = reason
        self.since = since
        self.by = by
        self.rollout = rollout
    }
}

extension RolloutView {
    /// Which share of the traffic stays where it was, or why none does whatever the policy asks; nil where it asks for
    /// none.
    public var heldBack: String? {
        guard let settled = row.settledRelease else { return "nothing is held back: no release had settled before it" }
        return holdback > 0 ? "\(NumberText.share(holdback)) of the traffic stays on r\(settled)" : nil
    }
}
