/// A chat template of a model file, read once and rendered often: conversation → the one text that a model continues.
///
/// The subset of Jinja that chat templates use, with Python's meaning of values. A template is data of somebody else: it
/// reaches nothing but the values it is given, and ends within its ``TemplateLimits``.
public struct ChatTemplate: Sendable {
    /// The bounds of reading and of each rendering.
    public private(set) var limits: TemplateLimits
    private let program: TemplateProgram

    /// Reads a template.
    ///
    /// - Throws: ``TemplateError`` with the place of what cannot be read.
    public init(_ source: String, limits: TemplateLimits = TemplateLimits()) throws(TemplateError) {
        self.limits = limits
        program = try TemplateParser.parse(source, limits: limits)
    }

    /// The same template, stopped sooner.
    ///
    /// - Parameters:
    ///   - steps: Work of one rendering, as ``TemplateLimits/steps``.
    ///   - textBytes: Bytes of one text.
    func limited(steps: Int, textBytes: Int) -> ChatTemplate {
        var template = self
        template.limits.steps = min(limits.steps, steps)
        template.limits.textBytes = min(limits.textBytes, textBytes)
        return template
    }

    /// Renders a conversation.
    ///
    /// - Throws: ``TemplateError``; of reason `raised` when the template refuses the conversation.
    public func render(_ conversation: TemplateConversation) throws(TemplateError) -> TemplateText {
        try render(variables: conversation.values, now: conversation.now)
    }

    /// Renders with variables of any name, for templates of another use.
    ///
    /// - Throws: ``TemplateError``.
    func render(
        variables: [(name: String, value: TemplateValue)],
        now: TemplateTime
    ) throws(TemplateError) -> TemplateText {
        try TemplateRun.render(program, variables: variables, now: now, limits: limits)
    }
}

/// What a template is given.
public struct TemplateConversation: Sendable {
    /// The messages, oldest first: mappings with `role`, `content` and what else a family knows.
    public var messages: [TemplateValue]
    /// The tools as JSON describes functions; nil when none are offered.
    public var tools: [TemplateValue]?
    /// Whether the text ends where the answer of the model begins.
    public var addGenerationPrompt: Bool
    /// The time of the request.
    public var now: TemplateTime
    /// The text of the token that begins a text, where the model has one.
    public var bosToken: String
    /// The text of the token that ends a text, where the model has one.
    public var eosToken: String
    /// Variables that only some templates know, such as `enable_thinking`.
    public var variables: [(name: String, value: TemplateValue)]

    /// A conversation.
    public init(
        messages: [TemplateValue],
        tools: [TemplateValue]? = nil,
        addGenerationPrompt: Bool = true,
        now: TemplateTime,
        bosToken: String = "",
        eosToken: String = "",
        variables: [(name: String, value: TemplateValue)] = []
    ) {
        self.messages = messages
        self.tools = tools
        self.addGenerationPrompt = addGenerationPrompt
        self.now = now
        self.bosToken = bosToken
        self.eosToken = eosToken
        self.variables = variables
    }

    /// What the template finds, by name; `tools` and `documents` are none when there are none.
    var values: [(name: String, value: TemplateValue)] {
        [
            ("messages", .list(messages)),
            ("tools", tools.map { .list($0) } ?? .none),
            ("documents", .none),
            ("add_generation_prompt", .bool(addGenerationPrompt)),
            ("bos_token", .template(bosToken)),
            ("eos_token", .template(eosToken)),
        ] + variables
    }
}

extension TemplateValue {
    /// A message of a conversation. Its role is the server's word, its text the conversation's.
    public static func message(role: String, content: String) -> TemplateValue {
        .mapping(["role": .template(role), "content": .conversation(content)])
    }
}
