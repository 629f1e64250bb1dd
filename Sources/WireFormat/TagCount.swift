/// How often a tag has a value.
public struct TagCount: Hashable, Sendable, Codable {
    /// The tag.
    public let tag: String
    /// The value.
    public let value: String
    /// Requests with it.
    public let count: Int

    /// Makes the value from its fields.
    public init(tag: String, value: String, count: Int) {
        self.tag = tag
        self.value = value
        self.count = count
    }
}
