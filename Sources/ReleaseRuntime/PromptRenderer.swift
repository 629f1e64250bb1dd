import ChatTemplate
public import RegistryTypes
import Tokenizers
public import UserDocuments

/// What a request asks, as the one text that the model continues and in its tokens.
public struct RenderedPrompt: Sendable, Equatable {
    /// The text in pieces: literal ones were written by the format and the prompt's author and may hold special tokens,
    /// values came with the request and hold none, whatever they spell.
    public let segments: [PromptSegment]
    /// The token ids, with the one that begins a text where the model wants it.
    public let tokens: [Int]
    /// Whether the text ends inside of the model's thinking: the answer goes on with it.
    public let opensThinking: Bool

    /// The text.
    public var text: String { segments.map(\.text).joined() }
}

/// Renders a prompt for the tokenizer and the template of a model file.
public struct PromptRenderer: Sendable {
    let text: ModelText
    let prompt: PromptDocument

    /// - Throws: ``ReleaseRuntimeError``: `unknownSpecialToken` when the format needs a special token that the tokenizer
    ///   does not know; `noTemplate` when it is the model file's own template and that cannot be used.
    public init(_ prompt: PromptDocument, _ text: ModelText) throws(ReleaseRuntimeError) {
        self.text = text
        self.prompt = prompt
        for token in prompt.format.specialTokens where text.tokenizer.specialToken(token) == nil {
            throw .unknownSpecialToken(token, prompt: prompt.name)
        }
        if prompt.format == .model, let problem = text.templateProblem {
            throw .noTemplate(prompt: prompt.name, problem)
        }
        guard let wanted = prompt.thinking, let facts = text.templateFacts, facts.thinkingSwitch == nil else { return }
        switch wanted {
        case .on where facts.thinking == nil: throw .noThinkingSwitch(wantsOn: true, prompt: prompt.name)
        case .off where facts.thinking != nil: throw .noThinkingSwitch(wantsOn: false, prompt: prompt.name)
        case .on, .off: break
        }
    }

    /// What the model file's template does, where it writes the prompt.
    private var facts: TemplateFacts? { prompt.format == .model ? text.templateFacts : nil }

    /// Whether the prompt is written by a template that lists tools.
    var takesTools: Bool { facts?.listsTools ?? false }

    /// How an answer to a rendered prompt is taken apart; `tools` are those that were offered, as a JSON array.
    func shape(_ rendered: RenderedPrompt, tools: String?) -> AnswerShape {
        let listed = tools.flatMap { TemplateValue(json: $0, maximumDepth: AnswerRequest.maxToolDepth) }
        var shape = AnswerShape(thinking: facts?.thinking, opensThinking: rendered.opensThinking)
        if case .list(let list)? = listed {
            shape.calls = facts?.toolCalls
            shape.declared = DeclaredParameters(tools: list.elements)
        }
        return shape
    }

    /// Renders the prompt with the letter x for each variable: what a template refuses or leaves out is known before
    /// anybody asks.
    ///
    /// - Throws: ``ReleaseRuntimeError``: `templateRefuses`, `roleLeftOut`, `promptTooLong`.
    public func check() throws {
        if let facts = text.templateFacts, prompt.format == .model {
            for role in prompt.messages.map(\.role.rawValue) where !facts.roles.contains(role) {
                // A template that refuses a role says it in its own words.
                _ = try sample()
                throw ReleaseRuntimeError.roleLeftOut(role, prompt: prompt.name)
            }
        }
        _ = try sample()
    }

    /// The prompt with the letter x for each variable.
    public func sample() throws -> RenderedPrompt {
        let values = Dictionary(uniqueKeysWithValues: prompt.variables.map { ($0.name, "x") })
        return try render(.variables(values), at: AnswerRequest.untimed)
    }

    /// Whether the model file's own template writes the prompt otherwise than the prompt's format does; nil when the
    /// file has none that can be used.
    public static func ownTemplateDiffers(_ prompt: PromptDocument, _ text: ModelText) -> Bool? {
        guard text.template != nil else { return nil }
        guard prompt.format != .model else { return false }
        // A format that does not go with the tokenizer, or a template that refuses the messages, is a difference.
        guard let own = try? PromptRenderer(prompt.written(in: .model), text).sample(),
            let given = try? PromptRenderer(prompt, text).sample()
        else { return true }
        return Array(own.text.utf8) != Array(given.text.utf8)
    }

    /// What a request asks.
    ///
    /// - Throws: as ``render(_:at:tools:)``.
    func render(_ request: AnswerRequest) throws -> RenderedPrompt {
        try render(request.input, at: request.time, tools: request.tools)
    }

    /// What a request asks.
    ///
    /// - Parameters:
    ///   - time: When it was asked.
    ///   - tools: The tools that are offered, as a JSON array; nil for none.
    /// - Throws: `PromptError` for missing, unknown or too long variables, and for messages that the prompt does not take;
    ///   ``ReleaseRuntimeError``: `noMessageFormat`, `noMessages`, `noTools`, `badTools`, `templateRefuses`, `promptTooLong`.
    public func render(
        _ input: AnswerRequest.Input,
        at time: Timestamp,
        tools: String? = nil
    ) throws -> RenderedPrompt {
        let tools = try tools.map { try listed($0) }
        switch input {
        case .variables(let values):
            return try render(prompt.render(values).map { [TemplateValue($0)] }, tools, at: time)
        case .messages(let messages): return try render(conversation(messages), tools, at: time)
        }
    }

    /// The tools as a template takes them; their texts count as the conversation's.
    private func listed(_ tools: String) throws(ReleaseRuntimeError) -> [TemplateValue] {
        guard takesTools else { throw .noTools(prompt: prompt.name) }
        guard case .list(let list)? = TemplateValue(json: tools, maximumDepth: AnswerRequest.maxToolDepth) else {
            throw .badTools
        }
        for tool in list.elements { guard case .mapping = tool else { throw .badTools } }
        return list.elements
    }

    /// A conversation in the prompt; what the messages say is never read as special tokens.
    ///
    /// - Returns: Each message in the forms in which templates may take it, the usual one first.
    private func conversation(_ messages: [ChatMessage]) throws -> [[TemplateValue]] {
        guard prompt.format != .raw else { throw ReleaseRuntimeError.noMessageFormat(prompt: prompt.name) }
        guard !messages.isEmpty else { throw ReleaseRuntimeError.noMessages }
        guard takesTools || !messages.contains(where: \.needsTools) else {
            throw ReleaseRuntimeError.noTools(prompt: prompt.name)
        }
        // A text that cannot fit is not worth the time to write it down.
        try requireRoom(bytes: messages.reduce(0) { $0 + $1.byteCount })
        return try prompt.turns(of: messages).map { turn in
            switch turn {
            case .authored(let message): [TemplateValue(message)]
            case .sent(let message): TemplateValue.forms(of: message)
            }
        }
    }

    private func render(
        _ messages: [[TemplateValue]],
        _ tools: [TemplateValue]?,
        at time: Timestamp
    ) throws -> RenderedPrompt {
        let segments = try written(messages, tools, at: time)
        try requireRoom(bytes: segments.reduce(0) { $0 + $1.text.utf8.count })
        let parts = segments.map { segment in
            switch segment {
            case .literal(let text): TextPart(text, specials: .parsed)
            case .value(let text): TextPart(text, specials: .plainText)
            }
        }
        let tokens = text.tokenizer.encode(parts, addsBoundaries: true).tokens
        guard tokens.count < text.contextLength else {
            throw ReleaseRuntimeError.promptTooLong(tokens: tokens.count, contextLength: text.contextLength)
        }
        return RenderedPrompt(segments: segments, tokens: tokens, opensThinking: opensThinking(segments))
    }

    private func written(
        _ messages: [[TemplateValue]],
        _ tools: [TemplateValue]?,
        at time: Timestamp
    ) throws(ReleaseRuntimeError) -> [PromptSegment] {
        guard let template = prompt.format.template(of: text) else {
            throw .noTemplate(prompt: prompt.name, "format \(prompt.format.rawValue) cannot be read")
        }
        let forms = messages.map(\.count).max() ?? 1
        var refusal: TemplateError?
        for form in 0..<max(1, forms) {
            var conversation = TemplateConversation(
                messages: messages.compactMap { $0.indices.contains(form) ? $0[form] : $0.first },
                tools: tools,
                now: TemplateTime(time),
                bosToken: text.bosToken,
                eosToken: text.eosToken
            )
            if let known = facts?.thinkingSwitch {
                conversation.variables = [(known.variable, .bool(prompt.thinking == .on))]
            }
            do throws(TemplateError) {
                return try template.render(conversation).parts.map {
                    $0.isConversation ? .value($0.text) : .literal($0.text)
                }
            } catch {
                refusal = refusal ?? error
            }
        }
        throw .templateRefuses(prompt: prompt.name, refusal.map { "\($0)" } ?? "there is nothing to write")
    }

    /// Whether what the template wrote last opens the thinking.
    private func opensThinking(_ segments: [PromptSegment]) -> Bool {
        guard let open = facts?.thinking?.open, case .literal(let end)? = segments.last else { return false }
        let bytes = Array(end.utf8)
        let blanks = bytes.reversed().prefix { $0 == 0x20 || (0x09...0x0d).contains($0) }.count
        return bytes.dropLast(blanks).suffix(open.utf8.count).elementsEqual(open.utf8)
    }

    private func requireRoom(bytes: Int) throws(ReleaseRuntimeError) {
        let minTokens = bytes / text.tokenizer.longestToken
        guard minTokens < text.contextLength else {
            throw .promptTooLong(tokens: minTokens, contextLength: text.contextLength)
        }
    }
}

extension TemplateTime {
    init(_ time: Timestamp) {
        self.init(secondsSince1970: Int((Double(time.milliseconds) / 1000).rounded(.down)))
    }
}

extension TemplateValue {
    /// A message: what the prompt's author wrote counts as the template's, the values of a request as the
    /// conversation's.
    init(_ message: RenderedMessage) {
        let parts = message.segments.map { segment in
            switch segment {
            case .literal(let text): (text: text, isConversation: false)
            case .value(let text): (text: text, isConversation: true)
            }
        }
        self = .mapping(["role": .template(message.role.rawValue), "content": .text(TemplateText(parts: parts))])
    }

    /// A message as it was sent. Where tools are called there are two forms: most templates take arguments as a mapping,
    /// some as the text that it was.
    static func forms(of message: ChatMessage) -> [TemplateValue] {
        guard message.calls != nil else { return [TemplateValue(message, textArguments: false)] }
        return [TemplateValue(message, textArguments: false), TemplateValue(message, textArguments: true)]
    }

    private init(_ message: ChatMessage, textArguments: Bool) {
        var members = TemplateMapping()
        func set(_ key: String, _ value: TemplateValue?) {
            if let value { members.set(conversation: key, to: value) }
        }
        members.set(conversation: "role", to: .template(message.role.rawValue))
        members.set(conversation: "content", to: .conversation(message.text))
        set("reasoning_content", message.thinking.map { .conversation($0) })
        set("thinking", message.thinking.map { .conversation($0) })
        set("tool_call_id", message.answers.map { .conversation($0) })
        set("name", message.name.map { .conversation($0) })
        set(
            "tool_calls",
            message.calls.map { calls in
                .list(
                    calls.map { call in
                        let depth = AnswerRequest.maxToolDepth
                        let arguments = textArguments ? nil : TemplateValue(json: call.arguments, maximumDepth: depth)
                        return .mapping([
                            "id": .conversation(call.id), "type": .template("function"),
                            "function": .mapping([
                                "name": .conversation(call.name),
                                "arguments": arguments ?? .conversation(call.arguments),
                            ]),
                        ])
                    }
                )
            }
        )
        self = .mapping(members)
    }
}
