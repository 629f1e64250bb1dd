import RegistryTypes

/// What was before an event, what is after it, and why it happened, in words; nil for what an event does not say.
public struct EventChange: Hashable, Sendable {
    /// What was before, such as `r1`.
    public var from: String?
    /// What is now, such as `r3`.
    public var to: String?
    /// Why, in the words of who caused it.
    public var reason: String?

    /// What an event says of a change.
    public init(from: String? = nil, to: String? = nil, reason: String? = nil) {
        self.from = from
        self.to = to
        self.reason = reason
    }

    /// Between two releases of one model.
    init(from: Int?, to: Int?, reason: String? = nil) {
        self.init(from: from.map { "r\($0)" }, to: to.map { "r\($0)" }, reason: reason)
    }
}

extension EventBody {
    /// Most events say what happened by their kind and subject alone.
    public var change: EventChange { EventChange() }
}

extension KeyCreated {
    /// What it may do.
    public var change: EventChange { EventChange(to: role.rawValue) }
}

extension ReleaseCreated {
    /// What it pins.
    public var change: EventChange { EventChange(to: "@\(content.version) + \(content.prompt)") }
}

extension ChannelMoved {
    /// From the release that left to the one that came.
    public var change: EventChange { EventChange(from: from, to: to, reason: reason) }
}

extension RolloutStarted {
    /// From the release before to the one that is watched.
    public var change: EventChange { EventChange(from: from, to: release.number) }
}

extension RolloutReturned {
    /// To the release before, for what the watch saw.
    public var change: EventChange { EventChange(from: nil, to: to, reason: result.sentence) }
}

extension RolloutEnded {
    /// Why a person ended it.
    public var change: EventChange { EventChange(reason: reason) }
}

extension HoldPlaced {
    /// Why nobody may promote.
    public var change: EventChange { EventChange(reason: reason) }
}

extension HoldLifted {
    /// Why somebody may again.
    public var change: EventChange { EventChange(reason: reason) }
}

extension ReleaseRejected {
    /// Why it may not come back as it is.
    public var change: EventChange { EventChange(reason: reason) }
}

extension ReleaseCrashed {
    /// What is known of the crash.
    public var change: EventChange { EventChange(reason: why) }
}

extension VersionPublished {
    /// What the publisher said of it.
    public var change: EventChange { EventChange(reason: message) }
}

extension VersionQuarantined {
    /// Why it is not loaded any more.
    public var change: EventChange { EventChange(reason: reason) }
}

extension QuarantineLifted {
    /// Why it may be loaded again.
    public var change: EventChange { EventChange(reason: reason) }
}

extension ModelNamed {
    /// What people know it by from now on.
    public var change: EventChange { EventChange(from: before?.description, to: displayName.description) }
}

extension PromptPushed {
    /// What its author said of it.
    public var change: EventChange { EventChange(reason: message) }
}

extension DocumentApplied {
    /// From the revision before to this one.
    public var change: EventChange {
        EventChange(
            from: revision > 1 ? "rev \(revision - 1)" : nil,
            to: "rev \(revision)",
            reason: shipped ? "shipped with the build" : nil
        )
    }
}

extension CanaryStopped {
    /// Why it has no verdict.
    public var change: EventChange { EventChange(reason: reason) }
}

extension EvaluationStopped {
    /// Why it has no result.
    public var change: EventChange { EventChange(reason: reason) }
}

extension CanaryJudged {
    /// To a verdict.
    public var change: EventChange { EventChange(to: verdict.rawValue, reason: summary) }
}

extension DecisionRecorded {
    /// To an outcome.
    public var change: EventChange {
        EventChange(
            to: decision.outcome.rawValue + (decision.isOverridden ? " by override" : ""),
            reason: decision.override?.reason
        )
    }
}

extension IncidentOpened {
    /// What burned or failed.
    public var change: EventChange { EventChange(to: "open", reason: title) }
}

extension IncidentClosed {
    /// Why it is over.
    public var change: EventChange { EventChange(from: "open", to: "closed", reason: reason) }
}

extension DriftBaselineSet {
    /// Why this window is the reference.
    public var change: EventChange { EventChange(to: id.description, reason: reason) }
}

extension IncidentUpdated {
    /// What is known now.
    public var change: EventChange { EventChange(reason: text) }
}

extension IncidentNoted {
    /// What a person wrote.
    public var change: EventChange { EventChange(reason: text) }
}

extension DriftReported {
    /// To a verdict.
    public var change: EventChange { EventChange(to: verdict.words, reason: sentence) }
}

extension ChannelSettled {
    /// The release that settled, and on how many answers.
    public var change: EventChange {
        EventChange(to: "r\(release)", reason: "\(answered) answered, \(failed) failed")
    }
}

extension RolloutSettled {
    /// What the watch saw.
    public var change: EventChange { EventChange(to: "settled", reason: result.sentence) }
}

extension RequestLabelled {
    /// From what was said before to what is said now.
    public var change: EventChange {
        EventChange(from: Self.words(wasCorrect, wasLiked), to: Self.words(isCorrect, isLiked))
    }

    private static func words(_ isCorrect: Bool?, _ isLiked: Bool?) -> String? {
        let words = [isCorrect.map { $0 ? "right" : "wrong" }, isLiked.map { $0 ? "thumb up" : "thumb down" }]
        let said = words.compactMap { $0 }
        return said.isEmpty ? nil : said.joined(separator: ", ")
    }
}

extension VersionLineageAdded {
    /// What it was made from.
    public var change: EventChange { EventChange(to: "\(lineage.from)", reason: lineage.method?.text) }
}
