/// What one arm of a rollout answered since its start.
public struct RolloutArmRow: Hashable, Sendable, Codable {
    /// The release.
    public let release: Int
    /// `live` or `holdback`.
    public let arm: String
    /// Requests that count.
    public let requests: Int
    /// Of those, failed ones; nil when that was not kept.
    public let failed: Int?
    /// Answers that were labelled right or wrong; nil when that was not kept.
    public let labelled: Int?
    /// Bad answers: failed, not valid, or labelled wrong.
    public let bad: Int
    /// Mean total time; nil without an answer.
    public let meanSeconds: Double?

    /// Makes the value from its fields.
    public init(
        release: Int,
        arm: String,
        requests: Int,
        failed: Int?,
        labelled: Int?,
        bad: Int,
        meanSeconds: Double? = nil
    ) {
        self.release = release
        self.arm = arm
        self.requests = requests
        self.failed = failed
        self.labelled = labelled
        self.bad = bad
        self.meanSeconds = meanSeconds
    }
}
