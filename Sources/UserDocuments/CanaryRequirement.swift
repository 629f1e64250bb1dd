public import RegistryTypes

/// What a `canary` gate asks for.
public struct CanaryRequirement: Hashable, Sendable, Codable {
    /// The verdict that is needed; a better one will do.
    public let verdict: Verdict
    /// The canary document; nil when any canary of the release against the live one will do.
    public let using: Name?
    /// The oldest evidence that counts, in seconds; nil for any age.
    public let maxAgeSeconds: Double?

    /// A requirement of a canary.
    public init(verdict: Verdict = .pass, using: Name? = nil, maxAgeSeconds: Double? = nil) {
        self.verdict = verdict
        self.using = using
        self.maxAgeSeconds = maxAgeSeconds
    }
}
