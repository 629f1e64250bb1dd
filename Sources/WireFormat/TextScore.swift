/// A text in the tokens of a model.
public struct TokenizedText: Hashable, Sendable, Codable {
    /// The tokens in order.
    public let tokens: [Token]
    /// Bytes of the text.
    public let byteCount: Int
    /// Bytes of the text that no token stands for.
    public let droppedByteCount: Int
    /// Whether the tokens give the text back byte for byte.
    public let roundTrip: Bool

    /// Bytes for each token; nil without tokens.
    public var bytesPerToken: Double? { tokens.isEmpty ? nil : Double(byteCount) / Double(tokens.count) }

    /// Makes the value from its fields.
    public init(tokens: [Token], byteCount: Int, droppedByteCount: Int, roundTrip: Bool) {
        self.tokens = tokens
        self.byteCount = byteCount
        self.droppedByteCount = droppedByteCount
        self.roundTrip = roundTrip
    }

    /// One token.
    public struct Token: Hashable, Sendable, Codable {
        /// Its id.
        public let id: Int
        /// Its text; bytes that are no whole character are U+FFFD.
        public let text: String
        /// Its bytes.
        public let bytes: [UInt8]
        /// Whether it is a special token, or one that was added around the text.
        public let isSpecial: Bool

        /// Makes the value from its fields.
        public init(id: Int, text: String, bytes: [UInt8], isSpecial: Bool) {
            self.id = id
            self.text = text
            self.bytes = bytes
            self.isSpecial = isSpecial
        }
    }
}

/// How well a model foresees texts.
public struct TextFit: Hashable, Sendable, Codable {
    /// Tokens that were scored.
    public let tokens: Int
    /// Bytes that they stand for.
    public let bytes: Int
    /// Mean natural logarithm of the probability of a token; nil without tokens.
    public let meanLogProbability: Double?
    /// Standard error of that mean, with stretches of neighbouring tokens taken together; nil with fewer than two stretches.
    public let standardError: Double?

    /// exp of the negative mean: as if it chose between so many equally likely tokens.
    public let perplexity: Double?
    /// 95 % interval of that; nil where it cannot be told.
    public let perplexityInterval: ModelComparison.Range?
    /// Bits that the model needs for a byte of the text: comparable across vocabularies.
    public let bitsPerByte: Double?

    /// Makes the value from its fields.
    public init(
        tokens: Int,
        bytes: Int,
        meanLogProbability: Double?,
        standardError: Double?,
        perplexity: Double?,
        perplexityInterval: ModelComparison.Range?,
        bitsPerByte: Double?
    ) {
        self.tokens = tokens
        self.bytes = bytes
        self.meanLogProbability = meanLogProbability
        self.standardError = standardError
        self.perplexity = perplexity
        self.perplexityInterval = perplexityInterval
        self.bitsPerByte = bitsPerByte
    }
}

/// A text scored by one model.
public struct TextScore: Hashable, Sendable, Codable {
    /// What scored it: a file or a release.
    public let model: String
    /// The version of the engine's numerics.
    public let numerics: Int
    /// The most tokens that it read at a time; a longer text is read in windows that overlap.
    public let windowTokens: Int
    /// How well it foresees the text.
    public let fit: TextFit
    /// Its tokens, in order. The first one of a text has no score where nothing stands before it.
    public let tokens: [Token]

    /// Makes the value from its fields.
    public init(model: String, numerics: Int, windowTokens: Int, fit: TextFit, tokens: [Token]) {
        self.model = model
        self.numerics = numerics
        self.windowTokens = windowTokens
        self.fit = fit
        self.tokens = tokens
    }

    /// One token of the text.
    public struct Token: Hashable, Sendable, Codable {
        /// Its id.
        public let id: Int
        /// Its text.
        public let text: String
        /// Natural logarithm of its probability.
        public let logProbability: Double?
        /// 1 for the most likely token of all.
        public let rank: Int?

        /// Makes the value from its fields.
        public init(id: Int, text: String, logProbability: Double?, rank: Int?) {
            self.id = id
            self.text = text
            self.logProbability = logProbability
            self.rank = rank
        }
    }
}
