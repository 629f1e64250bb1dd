public import RegistryTypes
public import UserDocuments

/// Where a rollout is. All but the first are ends: an ended rollout never begins again.
public enum RolloutState: String, Codable, Sendable, CaseIterable {
    /// The release is live and watched.
    case probation
    /// It came through: a rollback may go back to it.
    case settled
    /// A trigger took it back, without a person.
    case returned
    /// A person took it back.
    case rolledBack
    /// A newer release came in before it settled.
    case superseded
    /// A person ended the watch and took it back.
    case aborted
}

/// A channel points to a release that is watched from now on. Follows the move in the same command.
public struct RolloutStarted: EventBody {
    public static let kind = "rollout.started"

    /// The rollout.
    public let id: RolloutID
    /// The release that came in.
    public let release: ReleaseID
    /// The channel.
    public let channel: Name
    /// The last settled release, which keeps the held-back share; nil when there is none to go back to.
    public let from: Int?
    /// The policy it follows; nil when none matched.
    public let policy: PolicyReference?
    /// How long it is watched, in seconds; more than zero.
    public let probationSeconds: Double
    /// The share that stays on `from`, in 0...0.5.
    public let holdback: Double
    /// What takes the release back.
    public let triggers: [RollbackTrigger]
    /// The service levels that are watched.
    public let indicators: [RolloutIndicator]

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: RolloutID,
        release: ReleaseID,
        channel: Name,
        from: Int? = nil,
        policy: PolicyReference? = nil,
        probationSeconds: Double,
        holdback: Double,
        triggers: [RollbackTrigger],
        indicators: [RolloutIndicator]
    ) {
        self.id = id
        self.release = release
        self.channel = channel
        self.from = from
        self.policy = policy
        self.probationSeconds = probationSeconds
        self.holdback = holdback
        self.triggers = triggers
        self.indicators = indicators
    }
}

/// A release came through its watch: the move that brought it counts as settled from now on.
public struct RolloutSettled: EventBody {
    public static let kind = "rollout.settled"

    /// The rollout.
    public let id: RolloutID
    /// What was seen.
    public let result: RolloutResult

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: RolloutID,
        result: RolloutResult
    ) {
        self.id = id
        self.result = result
    }
}

/// A trigger takes a release back. Stands after the incident and before the move, the rejection and the hold of the same command.
public struct RolloutReturned: EventBody {
    public static let kind = "rollout.returned"

    /// The rollout.
    public let id: RolloutID
    /// The last settled release, which is live again.
    public let to: Int
    /// The trigger.
    public let cause: RolloutCause
    /// What was seen.
    public let result: RolloutResult
    /// The incident that tells of it.
    public let incident: IncidentID?

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: RolloutID,
        to: Int,
        cause: RolloutCause,
        result: RolloutResult,
        incident: IncidentID? = nil
    ) {
        self.id = id
        self.to = to
        self.cause = cause
        self.result = result
        self.incident = incident
    }
}

/// A person, or a newer promotion, ended a watch.
public struct RolloutEnded: EventBody {
    public static let kind = "rollout.ended"

    /// The rollout.
    public let id: RolloutID
    /// `rolledBack`, `superseded` or `aborted`.
    public let how: RolloutState
    /// Why, as the person said.
    public let reason: String?
    /// What was seen until then; nil when nothing was kept.
    public let result: RolloutResult?

    public var subject: String { id.description }

    /// Makes the value from its fields.
    public init(
        id: RolloutID,
        how: RolloutState,
        reason: String? = nil,
        result: RolloutResult? = nil
    ) {
        self.id = id
        self.how = how
        self.reason = reason
        self.result = result
    }
}

/// A rollout: what came in, how it is watched and what became of it.
public struct RolloutRecord: EventRecord {
    /// What ended a watch.
    public enum End: Hashable, Sendable {
        /// The release came through.
        case settled(RolloutSettled)
        /// A trigger took it back.
        case returned(RolloutReturned)
        /// A person, or a newer promotion, ended the watch.
        case ended(RolloutEnded)
    }

    /// The event that made it.
    public let event: RolloutStarted
    /// The release the channel pointed to before.
    public let previous: Int?
    /// How the release came in.
    public let how: MoveKind
    /// The event that moved the channel.
    public let move: Int
    /// How often the server process ended while it ran the release.
    public let crashes: Int
    /// What ended it; nil while it is watched.
    public let end: End?
    /// Who promoted.
    public let startedBy: String
    /// When it began.
    public let startedAt: Timestamp
    /// Who or what ended it.
    public let endedBy: String?
    /// When it ended; nil while it is watched.
    public let endedAt: Timestamp?

    /// Makes the value from its events.
    public init(
        _ event: RolloutStarted,
        previous: Int? = nil,
        how: MoveKind,
        move: Int,
        crashes: Int = 0,
        end: End? = nil,
        startedBy: String,
        startedAt: Timestamp,
        endedBy: String? = nil,
        endedAt: Timestamp? = nil
    ) {
        self.event = event
        self.previous = previous
        self.how = how
        self.move = move
        self.crashes = crashes
        self.end = end
        self.startedBy = startedBy
        self.startedAt = startedAt
        self.endedBy = endedBy
        self.endedAt = endedAt
    }

    /// Where it is.
    public var state: RolloutState { end?.state ?? .probation }

    /// What was seen; nil while it is watched, or when nothing was kept.
    public var result: RolloutResult? {
        switch end {
        case .settled(let event): event.result
        case .returned(let event): event.result
        case .ended(let event): event.result
        case nil: nil
        }
    }

    /// The trigger that returned it.
    public var cause: RolloutCause? { returned?.cause }
    /// The incident that tells of its return.
    public var incident: IncidentID? { returned?.incident }
    /// Why a person ended it.
    public var reason: String? { if case .ended(let event) = end { event.reason } else { nil } }

    private var returned: RolloutReturned? { if case .returned(let event) = end { event } else { nil } }
}

extension RolloutRecord.End {
    /// Where the rollout is by it.
    public var state: RolloutState {
        switch self {
        case .settled: .settled
        case .returned: .returned
        case .ended(let event): event.how
        }
    }
}
