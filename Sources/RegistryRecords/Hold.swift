public import RegistryTypes

/// Nobody may promote to a channel until a person lifts the hold; rollbacks and overrides may.
public struct HoldPlaced: EventBody {
    public static let kind = "hold.placed"

    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// The rollout that was returned.
    public let rollout: RolloutID?
    /// Why.
    public let reason: String

    public var subject: String { "\(model)@\(channel)" }

    /// Makes the value from its fields.
    public init(
        model: Name,
        channel: Name,
        rollout: RolloutID? = nil,
        reason: String
    ) {
        self.model = model
        self.channel = channel
        self.rollout = rollout
        self.reason = reason
    }
}

/// A channel may be promoted to again.
public struct HoldLifted: EventBody {
    public static let kind = "hold.lifted"

    /// The model.
    public let model: Name
    /// The channel.
    public let channel: Name
    /// Why, as the person said.
    public let reason: String

    public var subject: String { "\(model)@\(channel)" }

    /// Makes the value from its fields.
    public init(
        model: Name,
        channel: Name,
        reason: String
    ) {
        self.model = model
        self.channel = channel
        self.reason = reason
    }
}

/// A channel that nobody may promote to until a person lifts the hold.
public struct HoldRecord: EventRecord {
    /// The event that made it.
    public let event: HoldPlaced
    /// Who placed it.
    public let by: String
    /// Since when.
    public let at: Timestamp
    /// Who lifted it, when and why; nil while it holds.
    public let lifted: Recorded<HoldLifted>?

    /// Makes the value from its events.
    public init(_ event: HoldPlaced, by: String, at: Timestamp, lifted: Recorded<HoldLifted>? = nil) {
        self.event = event
        self.by = by
        self.at = at
        self.lifted = lifted
    }

    /// When it was lifted; nil while it holds.
    public var liftedAt: Timestamp? { lifted?.at }
    /// Who lifted it.
    public var liftedBy: String? { lifted?.by }
    /// Why it was lifted.
    public var liftedReason: String? { lifted?.event.reason }
}
