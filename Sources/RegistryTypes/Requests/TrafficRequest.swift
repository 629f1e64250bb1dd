/// One request of a traffic set: one line of its JSONL.
public struct TrafficRequest: Hashable, Sendable, Codable {
    /// Its name within the set.
    public let id: String
    /// The values for the prompt's variables.
    public let variables: [String: String]
    /// What should come, exactly; nil when nobody said.
    public let expected: String?
    /// Words to slice by, such as `locale: en`.
    public let tags: [String: String]?

    /// A request of a traffic set.
    public init(id: String, variables: [String: String], expected: String? = nil, tags: [String: String]? = nil) {
        self.id = id
        self.variables = variables
        self.expected = expected
        self.tags = tags
    }
}
