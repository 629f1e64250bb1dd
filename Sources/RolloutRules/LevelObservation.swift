public import RegistryTypes

/// What one service level saw since the last observation.
public struct LevelObservation: Hashable, Sendable {
    /// The service level.
    public let name: Name
    /// Its events since the last observation, each counted once, when it became known.
    public let counts: ArmCounts
    /// Whether the traffic of the release that came in burns the budget, by the policy's burn triggers.
    public let burn: BurnReading
    /// Whether the traffic of the last settled release does.
    public let heldBackBurn: BurnReading
    /// Bad requests of the release that came in.
    public let samples: [RequestID]

    /// Makes the value from its fields.
    public init(
        name: Name,
        counts: ArmCounts,
        burn: BurnReading = .unknown,
        heldBackBurn: BurnReading = .unknown,
        samples: [RequestID] = []
    ) {
        self.name = name
        self.counts = counts
        self.burn = burn
        self.heldBackBurn = heldBackBurn
        self.samples = samples
    }
}
