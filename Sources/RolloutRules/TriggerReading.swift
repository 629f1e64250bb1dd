public import RegistryTypes
public import UserDocuments

/// How close a trigger is.
public struct TriggerReading: Hashable, Sendable {
    /// How a trigger stands.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// It does not fire.
        case quiet
        /// It fires, and the cause is not told apart yet.
        case suspected
        /// It fires, and the held-back share suffers too.
        case shared
        /// It returns the release.
        case fired
    }

    /// The trigger.
    public let trigger: RollbackTrigger
    /// How it stands.
    public let state: State
    /// The service level that is closest; nil when the trigger is not about one, or nothing is known.
    public let indicator: Name?
    /// What is measured: a burn rate, the evidence, or engine failures; nil when unknown.
    public let value: Double?
    /// The value at which it fires.
    public let limit: Double
}
