/// A trigger of a rollout and how close it is.
public struct RolloutTriggerRow: Hashable, Sendable, Codable {
    /// The trigger in the words of the policy.
    public let trigger: String
    /// `quiet`, `suspected` (fires, cause not yet told apart), `shared` or `fired`.
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
