/// A call of a tool, as a model asks for it and as an application sends it back.
public struct ToolCall: Hashable, Sendable, Codable {
    /// What the answer of the tool refers to.
    public let id: String
    /// The name of the function.
    public let name: String
    /// Its arguments: an object as JSON text.
    public let arguments: String

    /// A call of a tool.
    public init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// One message of a conversation as an application sends it.
public struct ChatMessage: Hashable, Sendable, Codable {
    /// Who speaks in a conversation.
    public enum Role: String, Codable, Sendable, CaseIterable {
        /// The rules of the conversation.
        case system
        /// The person.
        case user
        /// The model.
        case assistant
        /// A tool that the model called.
        case tool
    }

    /// Who speaks.
    public let role: Role
    /// What is said; never read as special tokens.
    public let text: String
    /// What the model thought before it said that; nil when it is not sent.
    public let thinking: String?
    /// The tools that the model called; nil when none.
    public let calls: [ToolCall]?
    /// Of a tool's message: the call that it answers.
    public let answers: String?
    /// Of a tool's message: the name of the function, where it is sent.
    public let name: String?

    /// A message.
    public init(
        role: Role,
        text: String,
        thinking: String? = nil,
        calls: [ToolCall]? = nil,
        answers: String? = nil,
        name: String? = nil
    ) {
        self.role = role
        self.text = text
        self.thinking = thinking
        self.calls = calls
        self.answers = answers
        self.name = name
    }

    /// Whether it takes a template that knows tools.
    public var needsTools: Bool { role == .tool || calls != nil }

    /// The bytes of its texts.
    public var byteCount: Int {
        let calls = (calls ?? []).reduce(0) { $0 + $1.id.utf8.count + $1.name.utf8.count + $1.arguments.utf8.count }
        return text.utf8.count + (thinking?.utf8.count ?? 0) + calls + (answers?.utf8.count ?? 0)
            + (name?.utf8.count ?? 0)
    }
}

extension ToolCall {
    /// The call in one line: its name and its arguments.
    public var line: String { "\(name) \(arguments)" }
}
