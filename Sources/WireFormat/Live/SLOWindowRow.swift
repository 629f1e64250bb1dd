/// A pair of windows of an SLO's alerts.
public struct SLOWindowRow: Hashable, Sendable, Codable {
    /// `page` or `ticket`.
    public let severity: String
    /// The long window.
    public let longSeconds: Double
    /// The short window.
    public let shortSeconds: Double
    /// The burn rate from which on it fires, after clamping.
    public let factor: Double
    /// The factor before clamping.
    public let publishedFactor: Double
    /// The burn rate over the long window; nil without data.
    public let burnLong: Double?
    /// The burn rate over the short window; nil without data.
    public let burnShort: Double?
    /// Valid events in the long window.
    public let validLong: Int
    /// Bad events in the long window.
    public let badLong: Int
    /// Bad events in the long window that are needed to fire.
    public let minimumBad: Int
    /// The 95 % lower bound of the long window's bad share; nil without data.
    public let lowerBound: Double?
    /// `firing`, `quiet`, or `unknown` (frozen without data).
    public let state: String
    /// The reason in words.
    public let why: String

    /// Makes the value from its fields.
    public init(
        severity: String,
        longSeconds: Double,
        shortSeconds: Double,
        factor: Double,
        publishedFactor: Double,
        burnLong: Double? = nil,
        burnShort: Double? = nil,
        validLong: Int,
        badLong: Int,
        minimumBad: Int,
        lowerBound: Double? = nil,
        state: String,
        why: String
    ) {
        self.severity = severity
        self.longSeconds = longSeconds
        self.shortSeconds = shortSeconds
        self.factor = factor
        self.publishedFactor = publishedFactor
        self.burnLong = burnLong
        self.burnShort = burnShort
        self.validLong = validLong
        self.badLong = badLong
        self.minimumBad = minimumBad
        self.lowerBound = lowerBound
        self.state = state
        self.why = why
    }
}
