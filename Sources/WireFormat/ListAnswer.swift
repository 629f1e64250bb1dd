/// A page of a list.
public struct ListAnswer<Item: Hashable & Sendable & Codable>: Hashable, Sendable, Codable {
    /// The items.
    public let items: [Item]
    /// What to send as `before` to get the next page; nil on the last.
    public let next: String?

    /// A page of a list.
    public init(items: [Item], next: String? = nil) {
        self.items = items
        self.next = next
    }
}
