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
    /// - Parameter time: When it was asked.
    /// - Throws: `PromptError` for missing, unknown or too long variables; ``ReleaseRuntimeError``: `noMessageFormat`,
    ///   `noMessages`, `messagesNeedVariable`, `templateRefuses`, `promptTooLong`.
    public func render(_ input: AnswerRequest.Input, at time: Timestamp) throws -> RenderedPrompt {
        switch input {
        case .variables(let values): try render(prompt.render(values), at: time)
        case .messages(let messages): try render(conversation(messages), at: time)
        }
    }

    /// The system messages at the beginning of the prompt belong to the release and come first, unless the conversation
    /// has a system message of its own. What the messages say is never read as special tokens.
    private func conversation(_ messages: [ChatMessage]) throws -> [RenderedMessage] {
        guard prompt.format != .raw else { throw ReleaseRuntimeError.noMessageFormat(prompt: prompt.name) }
        guard !messages.isEmpty else { throw ReleaseRuntimeError.noMessages }
        let own = messages.contains { $0.role == .system } ? [] : try systemMessages()
        return own + messages.map { RenderedMessage(role: $0.role, segments: [.value($0.text)]) }
    }

    /// The prompt's system messages before the first other one; optional variables stay empty.
    private func systemMessages() throws -> [RenderedMessage] {
        try prompt.messages.prefix { $0.role == .system }.map { message in
            let template = try PromptTemplate(message.text)
            for name in template.names where prompt.variables.contains(where: { $0.name == name && $0.isRequired }) {
                throw ReleaseRuntimeError.messagesNeedVariable(name, prompt: prompt.name)
            }
            return RenderedMessage(role: .system, segments: template.segments(with: [:]))
        }
    }

    private func render(_ messages: [RenderedMessage], at time: Timestamp) throws -> RenderedPrompt {
        // A text that cannot fit is not worth the time to write it down.
        try requireRoom(bytes: messages.reduce(0) { $0 + $1.segments.reduce(0) { $0 + $1.text.utf8.count } })
        let segments = try written(TemplateConversation(messages.map(TemplateValue.init), text, at: time))
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
        return RenderedPrompt(segments: segments, tokens: tokens)
    }

    private func written(_ conversation: TemplateConversation) throws(ReleaseRuntimeError) -> [PromptSegment] {
        guard let template = prompt.format.template(of: text) else {
            throw .noTemplate(prompt: prompt.name, "format \(prompt.format.rawValue) cannot be read")
        }
        do {
            return try template.render(conversation).parts.map {
                $0.isConversation ? .value($0.text) : .literal($0.text)
            }
        } catch {
            throw .templateRefuses(prompt: prompt.name, "\(error)")
        }
    }

    private func requireRoom(bytes: Int) throws(ReleaseRuntimeError) {
        let minTokens = bytes / text.tokenizer.longestToken
        guard minTokens < text.contextLength else {
            throw .promptTooLong(tokens: minTokens, contextLength: text.contextLength)
        }
    }
}

extension TemplateConversation {
    init(_ messages: [TemplateValue], _ text: ModelText, at time: Timestamp) {
        let seconds = (Double(time.milliseconds) / 1000).rounded(.down)
        self.init(
            messages: messages,
            now: TemplateTime(secondsSince1970: Int(seconds)),
            bosToken: text.bosToken,
            eosToken: text.eosToken
        )
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
}
