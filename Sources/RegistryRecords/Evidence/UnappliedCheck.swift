public import UserDocuments

/// A check that could not be made on a traffic set, because its requests do not say what should come.
public struct UnappliedCheck: Hashable, Sendable, Codable {
    /// The name in the canary document.
    public let name: String
    /// The metric.
    public let metric: Metric
    /// Why it does not apply, in one sentence.
    public let reason: String
    /// The name of the check that was made in its place; nil when there was one already, or the check only watches.
    public let replacedBy: String?

    /// A check that does not apply.
    public init(name: String, metric: Metric, reason: String, replacedBy: String?) {
        self.name = name
        self.metric = metric
        self.reason = reason
        self.replacedBy = replacedBy
    }
}
