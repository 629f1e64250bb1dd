public import RegistryTypes

/// A canary ended without a verdict.
public struct CanaryStopped: Hashable, Sendable, Codable {
    /// The canary.
    public let id: CanaryID
    /// Why.
    public let reason: String

    /// Makes the value from its fields.
    public init(id: CanaryID, reason: String) {
        self.id = id
        self.reason = reason
    }
}
