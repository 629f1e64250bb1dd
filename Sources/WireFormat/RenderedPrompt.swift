public import RegistryRecords
public import RegistryTypes
public import UserDocuments

/// Renders a prompt for a model without running anything.
public struct RenderRequest: Hashable, Sendable, Codable {
    /// Whose tokenizer and template: a version, a release, a channel or a model.
    public let model: Reference
    /// A pushed prompt, such as `triage@3`; nil for the release's own, or for `source`.
    public let prompt: String?
    /// A prompt that was not pushed, as YAML.
    public let source: String?
    /// The values of its variables.
    public let variables: [String: String]
    /// The value of its only required variable, instead of `variables`.
    public let text: String?

    /// Makes the value from its fields.
    public init(
        model: Reference,
        prompt: String? = nil,
        source: String? = nil,
        variables: [String: String] = [:],
        text: String? = nil
    ) {
        self.model = model
        self.prompt = prompt
        self.source = source
        self.variables = variables
        self.text = text
    }
}

/// A prompt as a model reads it: the text, who wrote which part, and the tokens.
public struct RenderedText: Hashable, Sendable, Codable {
    /// A part of the text.
    public struct Part: Hashable, Sendable, Codable {
        /// The text.
        public let text: String
        /// Whether it came with the request: what it spells is never a special token.
        public let isValue: Bool

        /// Makes the value from its fields.
        public init(text: String, isValue: Bool) {
            self.text = text
            self.isValue = isValue
        }
    }

    /// A token.
    public struct Token: Hashable, Sendable, Codable {
        /// Its id.
        public let id: Int
        /// Its text; a part of a character shows as U+FFFD.
        public let text: String
        /// Its bytes.
        public let bytes: [UInt8]
        /// Whether it is a special token.
        public let isSpecial: Bool

        /// Makes the value from its fields.
        public init(id: Int, bytes: [UInt8], isSpecial: Bool) {
            self.id = id
            text = String(decoding: bytes, as: UTF8.self)
            self.bytes = bytes
            self.isSpecial = isSpecial
        }
    }

    /// Tokens in a row that are special, or that are not: half characters become whole again.
    public struct Run: Hashable, Sendable, Codable {
        /// The text.
        public let text: String
        /// Whether it is one special token.
        public let isSpecial: Bool

        /// Makes the value from its fields.
        public init(text: String, isSpecial: Bool) {
            self.text = text
            self.isSpecial = isSpecial
        }
    }

    /// The version whose tokenizer and template it is.
    public let version: VersionID
    /// The pushed prompt; nil for one that came with the request.
    public let prompt: VersionID?
    /// The prompt's name.
    public let name: Name
    /// Its format.
    public let format: PromptFormat
    /// The time that the template was told.
    public let time: Timestamp
    /// The text.
    public let text: String
    /// The text in parts, by who wrote them.
    public let parts: [Part]
    /// The token ids.
    public let ids: [Int]
    /// The tokens.
    public let tokens: [Token]
    /// How many tokens there are.
    public let count: Int
    /// How many tokens prompt and answer may have together.
    public let contextLength: Int

    /// Makes the value from its fields.
    public init(
        version: VersionID,
        prompt: VersionID?,
        name: Name,
        format: PromptFormat,
        time: Timestamp,
        parts: [Part],
        tokens: [Token],
        contextLength: Int
    ) {
        self.version = version
        self.prompt = prompt
        self.name = name
        self.format = format
        self.time = time
        text = parts.map(\.text).joined()
        self.parts = parts
        ids = tokens.map(\.id)
        self.tokens = tokens
        count = tokens.count
        self.contextLength = contextLength
    }
}

extension RenderedText {
    /// The text with its special tokens apart.
    public var runs: [Run] {
        var runs: [(bytes: [UInt8], isSpecial: Bool)] = []
        for token in tokens {
            if let last = runs.last, !last.isSpecial, !token.isSpecial {
                runs[runs.count - 1].bytes += token.bytes
            } else {
                runs.append((token.bytes, token.isSpecial))
            }
        }
        return runs.map { Run(text: String(decoding: $0.bytes, as: UTF8.self), isSpecial: $0.isSpecial) }
    }
}

/// A prompt as the live release of a channel reads it, with the name of each variable for its value.
public struct PromptExample: Hashable, Sendable, Codable {
    /// The channel.
    public let channel: ChannelRecord
    /// The prompt of its release.
    public let prompt: VersionID
    /// The prompt's format; nil where nothing could be rendered.
    public let format: PromptFormat?
    /// The text with its special tokens apart; empty where nothing could be rendered.
    public let runs: [RenderedText.Run]
    /// How many tokens it has; nil where nothing could be rendered.
    public let count: Int?
    /// How many tokens prompt and answer may have together; nil where nothing could be rendered.
    public let contextLength: Int?
    /// Why nothing could be rendered; nil when it could.
    public let problem: String?

    /// A prompt that was rendered.
    public init(channel: ChannelRecord, prompt: VersionID, _ rendered: RenderedText) {
        self.channel = channel
        self.prompt = prompt
        format = rendered.format
        runs = rendered.runs
        count = rendered.count
        contextLength = rendered.contextLength
        problem = nil
    }

    /// A prompt that could not be rendered, and why.
    public init(channel: ChannelRecord, prompt: VersionID, problem: String) {
        self.channel = channel
        self.prompt = prompt
        (format, runs, count, contextLength) = (nil, [], nil, nil)
        self.problem = problem
    }
}

/// How a prompt and the chat template in a model file go together.
public struct TemplateFit: Hashable, Sendable, Codable {
    /// The version whose file was looked at.
    public let version: VersionID
    /// The prompt.
    public let prompt: VersionID
    /// The prompt's format.
    public let format: PromptFormat
    /// Whether the file's own template writes the prompt otherwise; nil when that cannot be said.
    public let differs: Bool?
    /// Why a release of both would not load; nil when it would.
    public let problem: String?

    /// Makes the value from its fields.
    public init(version: VersionID, prompt: VersionID, format: PromptFormat, differs: Bool?, problem: String?) {
        self.version = version
        self.prompt = prompt
        self.format = format
        self.differs = differs
        self.problem = problem
    }
}
