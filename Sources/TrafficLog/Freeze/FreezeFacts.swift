public import RegistryTypes

/// What a freeze found and took.
public struct FreezeFacts: Hashable, Sendable {
    /// Why a request that fitted is not in the set.
    public enum Skip: String, Sendable, CaseIterable {
        /// Its texts were not captured.
        case noTexts = "texts not kept"
        /// Its texts were kept and cannot be read.
        case unreadable = "texts unreadable"
        /// It sent messages that are not the prompt's variables.
        case noVariables = "no variables"
        /// The sample was drawn without it.
        case notSampled = "not sampled"
    }

    /// Requests that fitted.
    public internal(set) var matched = 0
    /// Of those, the ones in the set.
    public internal(set) var taken = 0
    /// Of the ones in the set, those that say what should come.
    public internal(set) var labelled = 0
    /// Of the ones that fitted, those left out, by reason.
    public internal(set) var skipped: [Skip: Int] = [:]
    /// When the first and the last request of the set ended; nil without any.
    public internal(set) var span: ClosedRange<Timestamp>?
    /// The days that could not be read, and why.
    public internal(set) var problems: [TrafficDay: String] = [:]

    init() {}
}
