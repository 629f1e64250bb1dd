public import RegistryTypes

/// What a gateway is told when it is made.
public struct GatewayConfiguration: Sendable {
    /// Seconds from arrival after which a request is given up; a request can only ask for less.
    public let deadlineSeconds: Double
    /// What names of users and conversations are hashed with; without it the hashes mean nothing.
    public let unitKey: [UInt8]
    /// The wall clock.
    public let now: @Sendable () -> Timestamp

    /// Makes the value from its fields.
    public init(
        deadlineSeconds: Double = 60,
        unitKey: [UInt8],
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.deadlineSeconds = deadlineSeconds
        self.unitKey = unitKey
        self.now = now
    }
}
