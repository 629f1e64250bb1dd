public import RegistryRecords
public import RegistryTypes

/// What the log says at the moment in which an action is written to it; read in the same transaction.
public struct RolloutFacts: Sendable {
    /// The rollout as the log has it.
    public let rollout: RolloutRecord
    /// The last settled release of its channel, to which a return goes; nil for none.
    public let lastSettled: Int?
    /// The number the next incident gets.
    public let nextIncident: IncidentID
    /// The open incidents of the model.
    public let openIncidents: [IncidentRecord]
    /// The last moves of the channel, newest first.
    public let lastMoves: [ChannelMove]
    /// Whether the channel is on hold already.
    public let isOnHold: Bool

    /// Makes the value from its fields.
    public init(
        rollout: RolloutRecord,
        lastSettled: Int?,
        nextIncident: IncidentID,
        openIncidents: [IncidentRecord],
        lastMoves: [ChannelMove],
        isOnHold: Bool
    ) {
        self.rollout = rollout
        self.lastSettled = lastSettled
        self.nextIncident = nextIncident
        self.openIncidents = openIncidents
        self.lastMoves = lastMoves
        self.isOnHold = isOnHold
    }
}
