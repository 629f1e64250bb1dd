/// Asks to take a channel back.
public struct RollbackRequest: Hashable, Sendable, Codable {
    /// The release to go to; the last settled one when nil.
    public let to: Int?
    /// Why.
    public let reason: String?
    /// Say what would happen.
    public let dryRun: Bool?
    /// The release the channel must point to now; another one is a conflict.
    public let expectedRelease: Int?
    /// The same key gives the same answer and moves once.
    public let idempotencyKey: String?

    /// Makes the value from its fields.
    public init(
        to: Int? = nil,
        reason: String? = nil,
        dryRun: Bool? = nil,
        expectedRelease: Int? = nil,
        idempotencyKey: String? = nil
    ) {
        self.to = to
        self.reason = reason
        self.dryRun = dryRun
        self.expectedRelease = expectedRelease
        self.idempotencyKey = idempotencyKey
    }
}
