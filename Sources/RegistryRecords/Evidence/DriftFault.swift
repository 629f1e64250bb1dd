/// Something that is wrong with the measurements themselves.
public struct DriftFault: Hashable, Sendable, Codable {
    /// What is missing or unheard of, such as `mean NLL`.
    public let field: String
    /// The family that is muted; nil when none is.
    public let family: DriftFamily?
    /// What is wrong, in one sentence.
    public let reason: String

    /// Makes the value from its fields.
    public init(
        field: String,
        family: DriftFamily? = nil,
        reason: String
    ) {
        self.field = field
        self.family = family
        self.reason = reason
    }
}
