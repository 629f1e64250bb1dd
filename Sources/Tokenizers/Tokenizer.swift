public import GGUF

/// Text to token ids and back, as the tokenizer in a model file does it. Immutable.
public struct Tokenizer: Sendable {
    /// How the spellings of special tokens inside a text are read.
    public enum SpecialTokens: Sendable {
        /// As those tokens: for text that the application wrote, such as the special tokens of a prompt format.
        case parsed
        /// As letters like any other: for text from outside, which must never become one of them.
        case plainText
    }

    /// What the file says of it: for people, and to compare.
    public let facts: TokenizerFacts
    /// Tokens after which an answer is over.
    public let endTokens: Set<Int>
    /// The token that starts a text, when the model wants one there (`tokenizer.ggml.add_bos_token`).
    public let beginningToken: Int?
    /// The token that ends a text, when the model wants one there (`tokenizer.ggml.add_eos_token`).
    public let finalToken: Int?

    let vocabulary: Vocabulary
    private let encoder: any PlainEncoder
    private let addsLeadingBlank: Bool
    /// All special tokens, and those that are found in text from outside, too.
    private let specials: SpecialTokenFinder
    private let specialsOfPlainText: SpecialTokenFinder
    private let stripping: Set<Int>

    /// Number of token ids.
    public var size: Int { vocabulary.count }

    /// Bytes of the longest token: a text of n bytes that are all in the vocabulary has at least n divided by this many
    /// tokens.
    public var longestToken: Int { max(1, vocabulary.pieces.longest) }

    /// The most bytes that the spellings of special tokens may have together.
    static let specialBytesLimit = 1 << 20

    /// Reads and checks the tokenizer of a model file.
    ///
    /// - Throws: `GGUFError` for missing or mistyped metadata; any `TokenizerError`.
    public init(_ file: GGUFFile) throws {
        let tables = try TokenizerTables(file)
        let vocabulary = tables.vocabulary
        let marks = vocabulary.specials
        let bytes = marks.reduce(0) { $0 + vocabulary.pieces[$1].count }
        guard bytes <= Self.specialBytesLimit else {
            throw TokenizerError.specialTokensTooLong(bytes: bytes, limit: Self.specialBytesLimit)
        }
        specials = SpecialTokenFinder(marks.map { ($0, vocabulary.pieces[$0]) })
        specialsOfPlainText = SpecialTokenFinder(
            marks.filter(vocabulary.isFoundInText).map { ($0, vocabulary.pieces[$0]) }
        )
        encoder = Self.encoder(tables)
        addsLeadingBlank = tables.addsLeadingBlank
        stripping = tables.stripping
        beginningToken = tables.addsBeginning ? tables.roles.beginning : nil
        finalToken = tables.addsEnd ? tables.roles.end : nil
        endTokens = tables.roles.ends
        facts = TokenizerFacts(tables)
        self.vocabulary = vocabulary
    }

    private static func encoder(_ tables: TokenizerTables) -> any PlainEncoder {
        if tables.model == .llama || tables.preTokenizer == .gemma4, let index = tables.index {
            return CharacterEncoder(
                index: index,
                rule: tables.model == .llama ? .ranks(tables.ranks) : .merges(tables.merges),
                byteTokens: tables.byteTokens,
                unknown: tables.roles.unknown.flatMap { tables.vocabulary.maySayUnknown($0) ? $0 : nil },
                addsLeadingBlank: tables.addsLeadingBlank,
                preTokenizer: tables.preTokenizer
            )
        }
        return ByteLevelEncoder(
            preTokenizer: tables.preTokenizer ?? .other,
            merges: tables.merges,
            byteTokens: tables.byteTokens,
            wholeWords: tables.index
        )
    }
}

// MARK: - Text to tokens

/// A part of a text and how it is read.
public struct TextPart: Sendable, Equatable {
    /// The text.
    public let text: String
    /// How the spellings of special tokens in it are read.
    public let specials: Tokenizer.SpecialTokens

    /// A part with how it is read.
    public init(_ text: String, specials: Tokenizer.SpecialTokens) {
        self.text = text
        self.specials = specials
    }
}

/// A text in tokens.
public struct EncodedText: Sendable, Equatable {
    /// The token ids.
    public internal(set) var tokens: [Int] = []
    /// Bytes of the text that no token stands for: the model does not see them.
    public internal(set) var droppedByteCount = 0
}

extension Tokenizer {
    /// The token ids of a text; the tokens that start and end a text are not added.
    public func encode(_ text: String, specials mode: SpecialTokens) -> [Int] {
        encode([TextPart(text, specials: mode)]).tokens
    }

    /// The tokens of a text in parts. It is cut into words as a whole, as if it were one: what it is put together from
    /// changes nothing but where special tokens may be.
    ///
    /// - Parameters:
    ///   - addsBoundaries: whether the tokens that start and end a text are added where the file wants them, and the text
    ///     does not have them already.
    ///   - isContinuation: whether the text goes on after other text, as an answer does: no blank is put before it.
    public func encode(
        _ parts: [TextPart],
        addsBoundaries: Bool = false,
        isContinuation: Bool = false
    ) -> EncodedText {
        var merger = PairMerger()
        var encoded = encode(parts, isContinuation: isContinuation, merger: &merger)
        guard addsBoundaries else { return encoded }
        if let beginningToken, encoded.tokens.first != beginningToken { encoded.tokens.insert(beginningToken, at: 0) }
        if let finalToken, encoded.tokens.last != finalToken { encoded.tokens.append(finalToken) }
        return encoded
    }

    func encode(_ parts: [TextPart], isContinuation: Bool = false, merger: inout PairMerger) -> EncodedText {
        var bytes: [UInt8] = []
        var parsed: [Range<Int>] = []
        for part in parts where !part.text.isEmpty {
            let start = bytes.count
            bytes.append(contentsOf: part.text.utf8)
            switch part.specials {
            case .parsed:
                if let last = parsed.last, last.upperBound == start {
                    parsed[parsed.count - 1] = last.lowerBound..<bytes.count
                } else {
                    parsed.append(start..<bytes.count)
                }
            case .plainText: break
            }
        }
        var encoded = EncodedText()
        var start = 0
        var isAfterSpecial = !isContinuation
        func encodePlain(to end: Int) {
            guard end > start else { return }
            encoder.encode(bytes[start..<end], isAfterSpecial: isAfterSpecial, merger: &merger, into: &encoded)
            isAfterSpecial = false
        }
        for match in specialTokens(in: bytes, parsed: parsed) where match.range.lowerBound >= start {
            encodePlain(to: match.range.lowerBound)
            encoded.tokens.append(match.token)
            start = match.range.upperBound
            isAfterSpecial = true
            if stripping.contains(match.token) { while start < bytes.count, isSpace(bytes[start]) { start += 1 } }
        }
        encodePlain(to: bytes.count)
        return encoded
    }

    /// Where special tokens start, the longest at each place, in the order of the text.
    private func specialTokens(in bytes: [UInt8], parsed: [Range<Int>]) -> [SpecialTokenFinder.Match] {
        if parsed == [0..<bytes.count] { return specials.matches(in: bytes[...]) }
        let plain = specialsOfPlainText.matches(in: bytes[...])
        let rest = parsed.flatMap { specials.matches(in: bytes[$0]) }
        if rest.isEmpty { return plain }
        return (plain + rest).sorted { a, b in
            (a.range.lowerBound, b.range.upperBound) < (b.range.lowerBound, a.range.upperBound)
        }
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    /// The id of the token whose spelling is exactly `text`, if there is one and it is a special token.
    public func specialToken(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        return specials.matches(in: bytes[...]).first { $0.range == 0..<bytes.count }?.token
    }
}

// MARK: - Tokens to text

extension Tokenizer {
    /// The text that token ids stand for, without special tokens. Bytes that are not valid UTF-8 become U+FFFD.
    ///
    /// - Parameter isContinuation: whether the tokens go on after others, as those of an answer do; else the blank that
    ///   some tokenizers put before a text is taken away.
    public func decode(_ tokens: some Sequence<Int>, isContinuation: Bool = false) -> String {
        var bytes: [UInt8] = []
        for token in tokens { bytes += text(of: token) }
        if addsLeadingBlank, !isContinuation, bytes.first == 0x20 { bytes.removeFirst() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes that a token adds to an answer: none for special ones and for ids outside the vocabulary.
    public func text(of token: Int) -> [UInt8] {
        vocabulary.kinds.indices.contains(token) && vocabulary.kinds[token].isText ? bytes(of: token) : []
    }

    /// The bytes of a token itself, a special one's spelling included; none for ids outside the vocabulary.
    public func bytes(of token: Int) -> [UInt8] {
        vocabulary.kinds.indices.contains(token) ? Array(vocabulary.pieces[token]) : []
    }
}
