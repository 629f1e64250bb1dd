public import RegistryTypes

/// How fast the error budget burned over the last seconds.
public struct BurnRate: Hashable, Sendable, Codable {
    /// The window, in seconds.
    public let seconds: Int
    /// The events in it.
    public let counts: SLICounts
    /// The share of bad events as a multiple of the share that may be bad; nil without events.
    public let rate: Double?

    /// The rate over `seconds`, for an SLO of which the share `budget` may be bad.
    public init(seconds: Int, counts: SLICounts, budget: Double) {
        self.seconds = seconds
        self.counts = counts
        rate = counts.badShare.map { $0 / budget }
    }
}
