public import RegistryTypes

/// Asks for a canary.
public struct CanaryRequest: Hashable, Sendable, Codable {
    /// The candidate.
    public let release: ReleaseChoice
    /// The baseline; what is live in production when nil.
    public let against: ReleaseChoice?
    /// The traffic set; the document's when nil.
    public let traffic: Name?
    /// The canary document; the one the policy names when nil.
    public let document: Name?
    /// Pairs to compare; the document's when nil.
    public let requests: Int?
    /// The seed; the document's, else drawn by the server.
    public let seed: UInt64?

    /// Makes the value from its fields.
    public init(
        release: ReleaseChoice,
        against: ReleaseChoice? = nil,
        traffic: Name? = nil,
        document: Name? = nil,
        requests: Int? = nil,
        seed: UInt64? = nil
    ) {
        self.release = release
        self.against = against
        self.traffic = traffic
        self.document = document
        self.requests = requests
        self.seed = seed
    }
}
