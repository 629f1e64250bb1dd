/// Paired bars: how a signal was spread in the reference, and how it is now.
public struct DriftBars: Hashable, Sendable, Codable {
    /// One pair of bars.
    public struct Part: Hashable, Sendable, Codable {
        /// Its range, such as `12 to 19`, or its value, such as `de`.
        public let label: String
        /// Share of the reference.
        public let reference: Double
        /// Share of the window.
        public let current: Double

        /// Makes the value from its fields.
        public init(label: String, reference: Double, current: Double) {
            self.label = label
            self.reference = reference
            self.current = current
        }
    }

    /// The signal.
    public let signal: String
    /// What a person calls it.
    public let title: String
    /// The unit of the parts' labels; empty for a category.
    public let unit: String
    /// Ten equal parts of the reference (fewer with ties), or the 8 values of a category that moved most.
    public let parts: [Part]

    /// Makes the value from its fields.
    public init(
        signal: String,
        title: String,
        unit: String,
        parts: [Part]
    ) {
        self.signal = signal
        self.title = title
        self.unit = unit
        self.parts = parts
    }
}
