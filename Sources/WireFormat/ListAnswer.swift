public import RegistryTypes

/// A page of a list.
public struct ListAnswer<Item: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
    /// The items.
    public let items: [Item]
    /// What to send as `before`, or as `after` in lists by name, to get the next page; nil on the last.
    public let next: String?
    /// How many there are in all; nil where they are not counted, as behind a filter.
    public let total: Int?

    /// A page of a list.
    public init(items: [Item], next: String? = nil, total: Int? = nil) {
        self.items = items
        self.next = next
        self.total = total
    }

    /// The first `limit` of what was read, which is one more than is shown where there is more.
    ///
    /// - Parameter place: What the next page is asked for by, of the last item that is shown.
    public init(read: [Item], limit: ListLimit, total: Int? = nil, place: (Item) throws -> String) rethrows {
        let shown = Array(read.prefix(limit.count))
        let last = read.count > limit.count ? shown.last : nil
        self.init(items: shown, next: try last.map(place), total: total)
    }
}

/// Which part of a list by name is asked for: `?after=&prefix=&limit=`.
public struct NamedPart: Hashable, Sendable {
    /// The name that was seen last; nil from the beginning.
    public let after: Name?
    /// What the names begin with; all begin with nothing.
    public let prefix: String
    /// How many at most.
    public let limit: ListLimit

    /// A part of a list by name.
    public init(after: Name? = nil, prefix: String = "", limit: ListLimit = .usual) {
        self.after = after
        self.prefix = prefix
        self.limit = limit
    }
}
