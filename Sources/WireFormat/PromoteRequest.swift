/// Asks to move a channel to a release.
public struct PromoteRequest: Hashable, Sendable, Codable {
    /// The release.
    public let release: ReleaseChoice
    /// Why.
    public let reason: String?
    /// Move against the policy; needs the role and a reason.
    public let override: Bool?
    /// Decide, move nothing.
    public let dryRun: Bool?
    /// The release the channel must point to now; another one is a conflict.
    public let expectedRelease: Int?
    /// The same key gives the same answer and moves once.
    public let idempotencyKey: String?

    /// Makes the value from its fields.
    public init(
        release: ReleaseChoice,
        reason: String? = nil,
        override: Bool? = nil,
        dryRun: Bool? = nil,
        expectedRelease: Int? = nil,
        idempotencyKey: String? = nil
    ) {
        self.release = release
        self.reason = reason
        self.override = override
        self.dryRun = dryRun
        self.expectedRelease = expectedRelease
        self.idempotencyKey = idempotencyKey
    }
}
