public import Digests
public import RegistryTypes

/// Weights that are not loaded any more, because they ended the process too often.
public struct QuarantineRow: Hashable, Sendable, Codable {
    /// The weights.
    public let weights: Digest
    /// The versions that ship them; none where they were only being published.
    public let versions: [VersionID]
    /// The model, as far as it is known.
    public let model: Name?
    /// Why, in a sentence.
    public let reason: String
    /// When the load began that ended the process last.
    public let since: Timestamp

    /// Makes the value from its fields.
    public init(weights: Digest, versions: [VersionID], model: Name?, reason: String, since: Timestamp) {
        self.weights = weights
        self.versions = versions
        self.model = model
        self.reason = reason
        self.since = since
    }

    /// What the verb that lifts it takes.
    public var subject: String { versions.first?.description ?? weights.description }
}

/// Asks that weights be loaded again.
public struct LiftQuarantineRequest: Hashable, Sendable, Codable {
    /// A version such as `ticket-bot@2`, or the digest of weights that were only being published.
    public let subject: String
    /// Why.
    public let reason: String

    /// Makes the value from its fields.
    public init(subject: String, reason: String) {
        self.subject = subject
        self.reason = reason
    }
}
