/// Values of a category that the reference never held. Told, never an alarm by itself.
public struct DriftUnseen: Hashable, Sendable, Codable {
    /// The signal.
    public let signal: String
    /// The commonest of the values, at most 5.
    public let values: [String]
    /// Requests with such a value.
    public let requests: Int
    /// Their share of the window.
    public let share: Double
    /// Lower end of the exact 95 % interval of the share (Clopper and Pearson, 1934).
    public let lower: Double
    /// Upper end of it.
    public let upper: Double
    /// The share that could have gone unseen in the reference: 3 over its requests.
    public let unremarkable: Double

    /// Makes the value from its fields.
    public init(
        signal: String,
        values: [String],
        requests: Int,
        share: Double,
        lower: Double,
        upper: Double,
        unremarkable: Double
    ) {
        self.signal = signal
        self.values = values
        self.requests = requests
        self.share = share
        self.lower = lower
        self.upper = upper
        self.unremarkable = unremarkable
    }
}
