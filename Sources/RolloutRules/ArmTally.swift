public import RegistryTypes

/// What one release answered since the promotion, for people: no decision rests on it.
public struct ArmTally: Hashable, Sendable, Codable {
    /// Requests that say something about the service.
    public var requests = 0
    /// Those of them that got no answer.
    public var failed = 0
    /// Answers of which somebody said whether they are right.
    public var labelled = 0
    /// Requests without an answer, invalid answers, and answers said to be wrong.
    public var bad = 0
    /// Requests that were answered.
    public var answered = 0
    /// How long the answers took together, in seconds.
    public var totalSeconds = 0.0

    /// Nothing yet.
    public init() {}

    /// Both together.
    public static func + (left: ArmTally, right: ArmTally) -> ArmTally {
        var sum = left
        sum.requests += right.requests
        sum.failed += right.failed
        sum.labelled += right.labelled
        sum.bad += right.bad
        sum.answered += right.answered
        sum.totalSeconds += right.totalSeconds
        return sum
    }
}

/// What both releases of a rollout answered.
public struct ArmTallies: Hashable, Sendable, Codable {
    /// Of the release that came in.
    public var candidate = ArmTally()
    /// Of the last settled release.
    public var heldBack = ArmTally()
    /// When the newest request of either ended; nil before the first.
    public var newest: Timestamp?

    /// Nothing yet.
    public init() {}

    /// Both together.
    public static func + (left: ArmTallies, right: ArmTallies) -> ArmTallies {
        var sum = ArmTallies()
        sum.candidate = left.candidate + right.candidate
        sum.heldBack = left.heldBack + right.heldBack
        sum.newest = right.newest ?? left.newest
        return sum
    }
}
