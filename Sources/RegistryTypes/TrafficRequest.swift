public import StrictJSON

/// One request of a traffic set: one line of its JSONL. What it asks is one of two kinds: values for the variables of a
/// prompt, or a conversation, whose last turn is to be answered.
public struct TrafficRequest: Hashable, Sendable {
    /// What is asked.
    public enum Content: Hashable, Sendable {
        /// Values for the prompt's variables.
        case variables([String: String])
        /// A conversation of one message at least: what was said so far, answers and results of tools as they were recorded.
        case messages([ChatMessage])
    }

    /// Its name within the set.
    public let id: String
    /// What is asked.
    public let content: Content
    /// What should come, exactly; nil when nobody said.
    public let expected: String?
    /// Where ``expected`` comes from; nil where the set itself said it, as imported sets do, and without one.
    public let expectedFrom: ExpectationSource?
    /// Words to slice by, such as `locale: en`.
    public let tags: [String: String]?
    /// When it was asked, where it is a captured one: the time that its prompt is rendered for.
    public let askedAt: Timestamp?
    /// The tools that were offered, as the text of a JSON array, whose order of members templates write; nil for none.
    public let tools: String?
    /// What it changes of a release's settings, by the names of ``DecodingSettings/Asked``, `maxTokens` and `stop`; nil for
    /// nothing. Both sides of a canary apply it.
    public let settings: [String: JSONValue]?
    /// What it belongs to together with other requests, such as the turns of one conversation: they are not independent of
    /// each other. Nil where nobody said.
    public let conversation: String?

    /// A request of a traffic set.
    public init(
        id: String,
        content: Content,
        expected: String? = nil,
        expectedFrom: ExpectationSource? = nil,
        tags: [String: String]? = nil,
        askedAt: Timestamp? = nil,
        tools: String? = nil,
        settings: [String: JSONValue]? = nil,
        conversation: String? = nil
    ) {
        self.id = id
        self.content = content
        self.expected = expected
        self.expectedFrom = expectedFrom
        self.tags = tags
        self.askedAt = askedAt
        self.tools = tools
        self.settings = settings
        self.conversation = conversation
    }

    /// A request that brings values for the variables of a prompt.
    public init(
        id: String,
        variables: [String: String],
        expected: String? = nil,
        expectedFrom: ExpectationSource? = nil,
        tags: [String: String]? = nil,
        askedAt: Timestamp? = nil,
        tools: String? = nil
    ) {
        self.init(
            id: id,
            content: .variables(variables),
            expected: expected,
            expectedFrom: expectedFrom,
            tags: tags,
            askedAt: askedAt,
            tools: tools
        )
    }

    /// The values for the prompt's variables; none of a conversation.
    public var variables: [String: String] {
        switch content {
        case .variables(let values): values
        case .messages: [:]
        }
    }

    /// The messages of a conversation; nil where values for variables are asked with.
    public var messages: [ChatMessage]? {
        switch content {
        case .variables: nil
        case .messages(let messages): messages
        }
    }

    /// Bytes of all texts that it asks with.
    public var byteCount: Int {
        let tools = tools?.utf8.count ?? 0
        return switch content {
        case .variables(let values): values.reduce(tools) { $0 + $1.value.utf8.count }
        case .messages(let messages): messages.reduce(tools) { $0 + $1.byteCount }
        }
    }
}

/// The members of a line. One of plain variables has those of the first builds, and so their bytes.
extension TrafficRequest: Codable {
    private enum CodingKeys: String, CodingKey {
        case id, variables, messages, expected, expectedFrom, tags, askedAt, tools, settings, conversation
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        let content: Content
        if let messages = try members.decodeIfPresent([ChatMessage].self, forKey: .messages) {
            guard !members.contains(.variables) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .variables,
                    in: members,
                    debugDescription: "a request has variables or messages, not both"
                )
            }
            content = .messages(messages)
        } else {
            content = .variables(try members.decode([String: String].self, forKey: .variables))
        }
        self.init(
            id: try members.decode(String.self, forKey: .id),
            content: content,
            expected: try members.decodeIfPresent(String.self, forKey: .expected),
            expectedFrom: try members.decodeIfPresent(ExpectationSource.self, forKey: .expectedFrom),
            tags: try members.decodeIfPresent([String: String].self, forKey: .tags),
            askedAt: try members.decodeIfPresent(Timestamp.self, forKey: .askedAt),
            tools: try members.decodeIfPresent(String.self, forKey: .tools),
            settings: try members.decodeIfPresent([String: JSONValue].self, forKey: .settings),
            conversation: try members.decodeIfPresent(String.self, forKey: .conversation)
        )
    }

    public func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(id, forKey: .id)
        switch content {
        case .variables(let values): try members.encode(values, forKey: .variables)
        case .messages(let messages): try members.encode(messages, forKey: .messages)
        }
        try members.encodeIfPresent(expected, forKey: .expected)
        try members.encodeIfPresent(expectedFrom, forKey: .expectedFrom)
        try members.encodeIfPresent(tags, forKey: .tags)
        try members.encodeIfPresent(askedAt, forKey: .askedAt)
        try members.encodeIfPresent(tools, forKey: .tools)
        try members.encodeIfPresent(settings, forKey: .settings)
        try members.encodeIfPresent(conversation, forKey: .conversation)
    }
}

/// Where the expected answer to a captured request comes from.
public enum ExpectationSource: String, Hashable, Sendable, Codable, CaseIterable {
    /// It is what a release answered and a person called right: another answer that is right too counts as wrong.
    case answer
    /// A person wrote what should have come.
    case correction
}
