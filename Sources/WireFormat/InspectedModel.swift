public import RegistryRecords

/// What a model file says of itself, told from its header: the same value for `serin inspect FILE`, for a version on the
/// server, and for its page. What a file does not say is nil, never a guess.
public struct InspectedModel: Hashable, Sendable, Codable {
    /// `general.name`.
    public var name: String?
    /// `general.architecture`, as in `llama`.
    public var architecture: String?
    /// `general.license`.
    public var license: String?
    /// Bytes of the file.
    public var fileBytes: Int
    /// Elements of all tensors in the file.
    public var parameterCount: Int
    /// The most tokens that the model was made for.
    public var contextLength: Int?
    /// Transformer blocks.
    public var layerCount: Int?
    /// Size of the residual stream.
    public var width: Int?
    /// Query heads of a layer.
    public var headCount: Int?
    /// Key and value heads of a layer.
    public var keyValueHeadCount: Int?
    /// The tensors by type, most bytes first.
    public var tensors: [TensorShare]
    /// The tokenizer; nil where the file has none.
    public var tokenizer: InspectedTokenizer?
    /// The chat template; nil where the file has none.
    public var template: InspectedTemplate?
    /// Whether the engine runs it.
    public var runs: Bool
    /// Why the engine does not run it, all reasons at once; empty when it does.
    public var reasons: [String]
    /// Memory that it takes; nil where it does not run.
    public var memory: Memory?
    /// What a person should know before using it.
    public var warnings: [String]
    /// What an adapter is: the file itself, or what is laid over it; nil for a model by itself.
    public var adapter: AdapterFacts?

    /// A file of which nothing else is known.
    public init(fileBytes: Int, parameterCount: Int = 0, tensors: [TensorShare] = [], reasons: [String] = []) {
        self.fileBytes = fileBytes
        self.parameterCount = parameterCount
        self.tensors = tensors
        self.reasons = reasons
        runs = reasons.isEmpty
        warnings = []
    }

    /// The tensors of one type.
    public struct TensorShare: Hashable, Sendable, Codable {
        /// The type's name, as in `Q4_K`.
        public let type: String
        /// Tensors of it.
        public let count: Int
        /// Their elements.
        public let elementCount: Int
        /// Their bytes in the file.
        public let byteCount: Int
        /// Their part of the bytes of all tensors, 0...1; nil when no tensor has any.
        public let share: Double?

        /// Makes the value from its fields.
        public init(type: String, count: Int, elementCount: Int, byteCount: Int, share: Double?) {
            self.type = type
            self.count = count
            self.elementCount = elementCount
            self.byteCount = byteCount
            self.share = share
        }
    }

    /// Memory that a model takes.
    public struct Memory: Hashable, Sendable, Codable {
        /// Bytes of the weights.
        public let weightBytes: Int
        /// Bytes of the key-value cache for 1,000 tokens of context.
        public let bytesPerThousandTokens: Int
        /// Bytes of each conversation besides, whatever its length.
        public let bytesPerSequence: Int

        /// Makes the value from its fields.
        public init(weightBytes: Int, bytesPerThousandTokens: Int, bytesPerSequence: Int) {
            self.weightBytes = weightBytes
            self.bytesPerThousandTokens = bytesPerThousandTokens
            self.bytesPerSequence = bytesPerSequence
        }
    }
}

/// The tokenizer in a model file.
public struct InspectedTokenizer: Hashable, Sendable, Codable {
    /// `tokenizer.ggml.model`, as in `gpt2`.
    public var model: String?
    /// What kind that is, in words; nil for one that is not known here.
    public var kind: String?
    /// `tokenizer.ggml.pre`, as in `llama-bpe`.
    public var preTokenizer: String?
    /// Token ids.
    public var tokenCount: Int?
    /// Merges; 0 where scores decide.
    public var mergeCount: Int?
    /// Special tokens.
    public var specialCount: Int?
    /// Tokens with a part of their own, such as `beginning`; in this order.
    public var roles: [Role]
    /// Whether the file wants the beginning token before a text.
    public var addsBeginning: Bool?
    /// Whether the file wants the end token after a text.
    public var addsEnd: Bool?
    /// Whether a blank is put before a text.
    public var addsLeadingBlank: Bool?
    /// Bytes that no token stands for: a text that holds them loses them.
    public var missingBytes: [UInt8]?

    /// A tokenizer of which nothing else is known.
    public init(model: String? = nil, preTokenizer: String? = nil, tokenCount: Int? = nil) {
        self.model = model
        self.preTokenizer = preTokenizer
        self.tokenCount = tokenCount
        roles = []
    }

    /// A token with a part of its own.
    public struct Role: Hashable, Sendable, Codable {
        /// `beginning`, `end`, `endOfTurn`, `endOfMessage`, `unknown` or `padding`.
        public let role: String
        /// Its id.
        public let id: Int
        /// Its spelling.
        public let text: String

        /// Makes the value from its fields.
        public init(role: String, id: Int, text: String) {
            self.role = role
            self.id = id
            self.text = text
        }
    }
}

/// What the chat template of a model file does, found by rendering conversations through it.
public struct InspectedTemplate: Hashable, Sendable, Codable {
    /// Bytes of its source.
    public var byteCount: Int
    /// Why it cannot be used: it cannot be read, or refuses one message of the user; nil when it works.
    public var problem: String?
    /// The roles whose messages appear, of `system`, `user`, `assistant` and `tool`.
    public var roles: [String]
    /// What it says as the system when nobody does.
    public var defaultSystemMessage: String?
    /// Whether tools that are offered appear.
    public var listsTools: Bool
    /// How calls of tools are written, where that is known here.
    public var toolCalls: String?
    /// Which family's thinking it knows.
    public var thinking: String?
    /// The variable that turns thinking on and off.
    public var thinkingSwitch: String?
    /// What stands where an answer begins.
    public var generationPrompt: String
    /// What ends a turn of the model.
    public var endOfTurn: String?

    /// A template of which nothing else is known.
    public init(byteCount: Int, problem: String? = nil) {
        self.byteCount = byteCount
        self.problem = problem
        roles = []
        listsTools = false
        generationPrompt = ""
    }
}
