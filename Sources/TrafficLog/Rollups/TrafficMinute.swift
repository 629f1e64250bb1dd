public import Foundation
public import RegistryTypes

/// The requests that one release answered within a minute.
public struct TrafficMinute: Hashable, Sendable {
    /// When the minute starts, in seconds since 1970, a multiple of 60.
    public let minute: Int64
    /// The model.
    public let model: Name
    /// The number of the release.
    public let release: Int
    /// Why that release answered.
    public let arm: TrafficArm
    /// Requests by outcome.
    public let outcomes: [RequestOutcome: Int]
    /// Tokens of prompts.
    public let promptTokens: Int
    /// Tokens generated.
    public let outputTokens: Int
    /// Histograms of latencies, as the caller encodes them; nil when nothing was measured.
    public let latencies: Data?

    /// Requests of a minute.
    public init(
        minute: Int64,
        model: Name,
        release: Int,
        arm: TrafficArm,
        outcomes: [RequestOutcome: Int],
        promptTokens: Int,
        outputTokens: Int,
        latencies: Data? = nil
    ) {
        self.minute = minute
        self.model = model
        self.release = release
        self.arm = arm
        self.outcomes = outcomes
        self.promptTokens = promptTokens
        self.outputTokens = outputTokens
        self.latencies = latencies
    }
}
