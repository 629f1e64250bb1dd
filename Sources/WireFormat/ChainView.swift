/// Whether the log is whole.
public struct ChainView: Hashable, Sendable, Codable {
    /// Entries checked.
    public let events: Int
    /// The hash of the newest entry.
    public let head: String
    /// The first entry that is not what was written; nil when all are.
    public let firstBadEvent: Int?
    /// What is wrong with it.
    public let problem: String?

    /// Makes the value from its fields.
    public init(events: Int, head: String, firstBadEvent: Int? = nil, problem: String? = nil) {
        self.events = events
        self.head = head
        self.firstBadEvent = firstBadEvent
        self.problem = problem
    }
}
