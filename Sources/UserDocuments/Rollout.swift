/// How a release comes into a channel, and how long it is watched there.
public struct Rollout: Hashable, Sendable, Codable {
    /// How the traffic moves.
    public enum Strategy: String, Codable, Sendable, CaseIterable {
        /// All of it at once.
        case direct
    }

    /// How the traffic moves.
    public let strategy: Strategy
    /// How long the release is watched before it is settled, in seconds; 0 settles at once.
    public let probationSeconds: Double
    /// The share of the traffic that stays on the release before during the watch, in 0...0.5.
    public let holdback: Double

    /// A rollout; all at once and without a watch unless said otherwise.
    public init(strategy: Strategy = .direct, probationSeconds: Double = 0, holdback: Double = 0) {
        self.strategy = strategy
        self.probationSeconds = probationSeconds
        self.holdback = holdback
    }
}
