/// One tile of "does it hurt?": a signal with a margin, in its own unit, positive changes being worse.
public struct DriftDegradation: Hashable, Sendable, Codable {
    /// What the interval says of the margin.
    public enum State: String, Codable, Sendable {
        /// Even the worst plausible change is inside the margin.
        case withinMargin = "harmless"
        /// The interval holds both sides of the margin.
        case unclear
        /// Even the best plausible change is beyond the margin.
        case beyondMargin = "harmful"
        /// No data.
        case unknown
    }

    /// The signal, such as `errors`.
    public let signal: String
    /// What a person calls it.
    public let title: String
    /// The reference in words; nil without data.
    public let reference: String?
    /// The window in the same words.
    public let current: String?
    /// How much worse: a difference of shares, or the logarithm of a ratio.
    public let change: Double?
    /// Lower end of its 95 % interval.
    public let lower: Double?
    /// Upper end of its 95 % interval.
    public let upper: Double?
    /// The change that is allowed, in the same unit.
    public let margin: Double
    /// Whether the change is the logarithm of a ratio instead of a difference of shares.
    public let isRatio: Bool
    /// What the interval says of the margin.
    public let state: State

    /// Makes the value from its fields.
    public init(
        signal: String,
        title: String,
        reference: String? = nil,
        current: String? = nil,
        change: Double? = nil,
        lower: Double? = nil,
        upper: Double? = nil,
        margin: Double,
        isRatio: Bool,
        state: State
    ) {
        self.signal = signal
        self.title = title
        self.reference = reference
        self.current = current
        self.change = change
        self.lower = lower
        self.upper = upper
        self.margin = margin
        self.isRatio = isRatio
        self.state = state
    }
}
