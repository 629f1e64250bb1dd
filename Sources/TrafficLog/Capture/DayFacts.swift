public import RegistryTypes

/// How one day of the log stands.
public struct DayFacts: Hashable, Sendable {
    /// The day.
    public let day: TrafficDay
    /// Requests on it.
    public let requests: Int
    /// Of those, the ones whose texts can be read.
    public let withTexts: Int
    /// Of those, the ones that carry a label.
    public let labelled: Int
    /// When the newest of them ended; nil when there is none.
    public let newest: Timestamp?
    /// Bytes of its files.
    public let bytes: Int64
    /// What is wrong with its files; nil when they can be read.
    public let problem: String?
}
