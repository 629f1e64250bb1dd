/// A move against the policy: who takes it on themselves, and why.
public struct Override: Hashable, Sendable, Codable {
    /// Who.
    public let by: String
    /// Why; never blank.
    public let reason: String

    /// An override by `by` for `reason`.
    public init(by: String, reason: String) {
        self.by = by
        self.reason = reason
    }
}
