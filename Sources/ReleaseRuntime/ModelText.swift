public import ChatTemplate
import GGUF
import RegistryRecords
import Tokenizers
import UserDocuments

/// What of a model file turns a conversation into tokens: its tokenizer and its own chat template. Immutable, and small
/// beside the weights.
public struct ModelText: Sendable {
    /// What the file's own chat template does; nil when it has none or none that can be used.
    public let templateFacts: TemplateFacts?
    /// Why the file's own template cannot be used; nil when it can.
    public let templateProblem: String?
    /// The most tokens of a prompt and its answer together.
    public let contextLength: Int
    let tokenizer: Tokenizer
    let template: ChatTemplate?
    /// The text of the token that begins a text, for templates that write it; empty when there is none.
    let bosToken: String
    /// The text of the token that ends a text, for templates that write it; empty when there is none.
    let eosToken: String

    /// Reads what a file holds besides its weights, for looking at texts before anything is loaded.
    ///
    /// - Throws: `GGUFError`, `TokenizerError`.
    public init(path: String) throws { try self.init(paths: [path]) }

    /// The same of the files of a split model, in the order of their numbers.
    ///
    /// - Throws: as `init(path:)`.
    public init(paths: [String]) throws {
        let file = try GGUFFile(paths: paths)
        try self.init(file, contextLength: GGUFSummary(file).contextLength)
    }

    init(_ file: GGUFFile, contextLength: Int) throws {
        self.contextLength = contextLength
        let tokenizer = try Tokenizer(file)
        func text(_ token: Int?) -> String {
            token.map { String(decoding: tokenizer.bytes(of: $0), as: UTF8.self) } ?? ""
        }
        self.tokenizer = tokenizer
        bosToken = text(tokenizer.facts.beginning)
        eosToken = text(tokenizer.facts.end)
        guard let source = try file.string("tokenizer.chat_template"), !source.isEmpty else {
            (template, templateFacts, templateProblem) = (nil, nil, "the model file has no chat template")
            return
        }
        do throws(TemplateError) {
            let template = try ChatTemplate(source)
            let facts = TemplateFacts(of: template, bosToken: bosToken, eosToken: eosToken)
            if let refusal = facts.refusal { throw refusal }
            (self.template, templateFacts, templateProblem) = (template, facts, nil)
        } catch {
            (template, templateFacts) = (nil, nil)
            templateProblem = "the chat template in the model file cannot be used: \(error)"
        }
    }

    /// The bytes of a token, a special one's spelling included; they may be a part of a character.
    public func bytes(of token: Int) -> [UInt8] { tokenizer.bytes(of: token) }

    private func spelling(of token: Int) -> String { String(decoding: bytes(of: token), as: UTF8.self) }

    /// Whether a token is one of those that structure a conversation or that only a template writes.
    public func isSpecial(_ token: Int) -> Bool { tokenizer.specialToken(spelling(of: token)) == token }

    /// The special tokens that stand in the marks of an answer's parts: they are read as text where the parts are looked
    /// for, and so are no part of what the answer says.
    func spelledTokens(_ shape: AnswerShape) -> Set<Int> {
        let marks = (shape.thinking?.marks ?? []) + (shape.calls?.marks ?? [])
        let tokens = marks.flatMap { tokenizer.encode([TextPart($0, specials: .parsed)], isContinuation: true).tokens }
        return Set(tokens.filter { isSpecial($0) && !tokenizer.endTokens.contains($0) })
    }

    /// The token after which an answer in a format is over, besides those that the file says so of.
    ///
    /// What ends the thinking of a family ends a message there, and not the answer.
    func endOfTurn(in format: PromptFormat) -> Int? {
        guard format == .model else {
            return format.builtin?.endOfTurn.flatMap { tokenizer.specialToken($0) }
        }
        guard let text = templateFacts?.endOfTurn,
            let first = tokenizer.encode([TextPart(text, specials: .parsed)], isContinuation: true).tokens.first
        else { return nil }
        guard isSpecial(first), spelling(of: first) != templateFacts?.thinking?.close else { return nil }
        return first
    }
}

extension TemplateSummary {
    /// The most bytes that are kept of a default system message.
    private static let longestMessage = 400

    init(_ text: ModelText) {
        guard let facts = text.templateFacts else {
            self.init(problem: text.templateProblem)
            return
        }
        self.init(
            roles: facts.roles,
            defaultSystemMessage: facts.defaultSystemMessage.map { message in
                let start = message.utf8.prefix(Self.longestMessage)
                return start.count == message.utf8.count ? message : String(decoding: start, as: UTF8.self) + "…"
            },
            listsTools: facts.listsTools,
            toolCalls: facts.toolCalls?.name,
            thinking: Thinking(facts)
        )
    }
}

extension TemplateSummary.Thinking {
    fileprivate init?(_ facts: TemplateFacts) {
        if let known = facts.thinkingSwitch {
            self = known.isOnByDefault == false ? .offUnlessOn : .onUnlessOff
        } else if facts.thinking != nil {
            self = .always
        } else {
            return nil
        }
    }
}
