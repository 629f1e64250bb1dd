/// What there is to know of a tokenizer without running it.
public struct TokenizerFacts: Sendable, Equatable {
    /// A special token.
    public struct SpecialToken: Sendable, Equatable {
        /// Its id.
        public let id: Int
        /// Its spelling.
        public let text: String
        /// Whether text from outside may become it: user-defined ones that structure no conversation.
        public let isFoundInText: Bool
    }

    /// What kind of tokenizer it is.
    public let model: TokenizerModel
    /// `tokenizer.ggml.pre`, when the file has it.
    public let preTokenizer: String?
    /// Version of the Unicode database by which text is cut.
    public let unicodeVersion: String
    /// Number of token ids.
    public let tokenCount: Int
    /// Number of different merges; zero where scores decide.
    public let mergeCount: Int
    /// Tokens that are written as themselves in a text of the application, ascending.
    public let specialTokens: [SpecialToken]
    /// The token that begins a text (`bos`).
    public let beginning: Int?
    /// The token that ends a text (`eos`).
    public let end: Int?
    /// The token that ends a turn of a conversation (`eot`).
    public let endOfTurn: Int?
    /// The token that ends a message after which the model goes on (`eom`).
    public let endOfMessage: Int?
    /// The token for what has no other.
    public let unknown: Int?
    /// The token that fills up.
    public let padding: Int?
    /// All tokens after which an answer is over, ascending.
    public let ends: [Int]
    /// Whether the file wants the beginning token before a text.
    public let addsBeginning: Bool
    /// Whether the file wants the end token after a text.
    public let addsEnd: Bool
    /// Whether a blank is put before a text and after special tokens.
    public let addsLeadingBlank: Bool
    /// Bytes that no token stands for alone, ascending: a text that holds them loses them.
    public let missingBytes: [UInt8]

    init(_ tables: TokenizerTables) {
        model = tables.model
        preTokenizer = tables.preTokenizerName
        unicodeVersion = UnicodeClassRuns.version
        tokenCount = tables.vocabulary.count
        mergeCount = tables.merges.count
        specialTokens = tables.vocabulary.specials.map { id in
            SpecialToken(
                id: id,
                text: String(decoding: tables.vocabulary.pieces[id], as: UTF8.self),
                isFoundInText: tables.vocabulary.isFoundInText(id)
            )
        }
        beginning = tables.roles.beginning
        end = tables.roles.end
        endOfTurn = tables.roles.endOfTurn
        endOfMessage = tables.roles.endOfMessage
        unknown = tables.roles.unknown
        padding = tables.roles.padding
        ends = tables.roles.ends.sorted()
        addsBeginning = tables.addsBeginning && tables.roles.beginning != nil
        addsEnd = tables.addsEnd && tables.roles.end != nil
        addsLeadingBlank = tables.addsLeadingBlank
        missingBytes = (0...255).filter { byte in
            tables.byteTokens[Int(byte)] == TokenIndex.none && tables.index?.find([byte]) == nil
        }
    }
}
