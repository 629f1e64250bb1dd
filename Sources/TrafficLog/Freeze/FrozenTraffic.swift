public import RegistryTypes

/// Captured requests as a traffic set.
public struct FrozenTraffic: Sendable {
    /// The requests, in the order in which they came.
    public let requests: [TrafficRequest]
    /// What was found and taken.
    public let facts: FreezeFacts
}
