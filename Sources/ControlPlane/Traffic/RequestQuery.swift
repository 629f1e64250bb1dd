public import RegistryTypes

/// Which captured requests a list shows; nil means any.
public struct RequestQuery: Hashable, Sendable {
    /// The model.
    public var model: Name?
    /// Not before.
    public var since: Timestamp?
    /// Before.
    public var until: Timestamp?
    /// Terms by name, such as `outcome: answered`, `correct: no`; see `serin help refs`.
    public var terms: [String: String]
    /// Only those before this one: the last of the part before.
    public var before: RequestID?
    /// At most so many.
    public var limit: Int

    /// Any requests, the newest first.
    public init(
        model: Name? = nil,
        since: Timestamp? = nil,
        until: Timestamp? = nil,
        terms: [String: String] = [:],
        before: RequestID? = nil,
        limit: Int = 50
    ) {
        self.model = model
        self.since = since
        self.until = until
        self.terms = terms
        self.before = before
        self.limit = limit
    }
}
