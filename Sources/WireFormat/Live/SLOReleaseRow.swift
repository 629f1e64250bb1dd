/// How much of an SLO's events one release had.
public struct SLOReleaseRow: Hashable, Sendable, Codable {
    /// The release.
    public let release: Int
    /// Why it answered.
    public let arm: String
    /// Valid events.
    public let valid: Int
    /// Bad events.
    public let bad: Int

    /// Makes the value from its fields.
    public init(release: Int, arm: String, valid: Int, bad: Int) {
        self.release = release
        self.arm = arm
        self.valid = valid
        self.bad = bad
    }
}
