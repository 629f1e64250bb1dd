public import GGUF

/// Byte-level BPE: text to token ids and back. Immutable.
public struct Tokenizer: Sendable {
    /// How the texts of special tokens inside a text are read.
    public enum SpecialTokens: Sendable {
        /// As those tokens: for text that the application wrote, such as the special tokens of a prompt format.
        case parsed
        /// As letters like any other: for text from outside, which must never become one of them.
        case plainText
    }

    /// `tokenizer.ggml.pre` of the file.
    public let preTokenizerName: String
    /// Number of token ids.
    public var size: Int { pieces.count }
    /// The token that starts a text, when the model wants one there (`tokenizer.ggml.add_bos_token`).
    public let beginningToken: Int?
    /// Tokens after which an answer is over.
    public let endTokens: Set<Int>

    /// Bytes of the longest token: a text of n bytes has at least n divided by this many tokens.
    public let longestToken: Int

    let preTokenizer: PreTokenizer
    /// The bytes of every token.
    let pieces: [[UInt8]]
    /// Tokens that are no text: they are left out of decoded answers.
    let isSpecial: [Bool]
    let merger: BytePairMerger
    let specials: SpecialTokenFinder
    /// Words that are tokens as a whole although no merges lead there; only where the kind wants that.
    let wholeWords: [[UInt8]: Int]

    /// Reads and checks the tokenizer of a model file.
    ///
    /// - Throws: `GGUFError` for missing or mistyped metadata; `InferenceError.unsupportedTokenizer`,
    ///   `unsupportedPreTokenizer`, `duplicateToken`, `missingByteToken`, `invalidToken`, `invalidMerge` or
    ///   `specialTokenOutOfRange`.
    public init(_ file: GGUFFile) throws {
        let tables = try TokenizerTables(file)
        preTokenizerName = tables.preTokenizerName
        preTokenizer = tables.preTokenizer
        pieces = tables.pieces
        longestToken = max(1, tables.pieces.reduce(0) { max($0, $1.count) })
        isSpecial = tables.kinds.map { $0 == .control || $0 == .unknown || $0 == .unused }
        merger = BytePairMerger(byteTokens: tables.byteTokens, merges: tables.merges)
        specials = SpecialTokenFinder(
            tables.kinds.indices.compactMap { id in
                switch tables.kinds[id] {
                case .control, .unknown, .userDefined: (id, tables.pieces[id])
                case .undefined, .normal, .unused, .byte: nil
                }
            }
        )
        var words: [[UInt8]: Int] = [:]
        if preTokenizer == .llamaBPE {
            for (id, piece) in tables.pieces.enumerated() where tables.kinds[id] == .normal { words[piece] = id }
        }
        wholeWords = words
        beginningToken = tables.addsBeginning ? tables.beginningToken : nil
        endTokens = tables.endTokens
    }

    /// The token ids of a text; `beginningToken` is not added.
    public func encode(_ text: String, specials mode: SpecialTokens) -> [Int] {
        var tokens: [Int] = []
        guard mode == .parsed else {
            encodePlain(text, into: &tokens)
            return tokens
        }
        let bytes = Array(text.utf8)
        var start = 0
        for found in specials.find(in: bytes) {
            encodePlain(String(decoding: bytes[start..<found.range.lowerBound], as: UTF8.self), into: &tokens)
            tokens.append(found.token)
            start = found.range.upperBound
        }
        encodePlain(String(decoding: bytes[start...], as: UTF8.self), into: &tokens)
        return tokens
    }

    /// The id of the token whose text is exactly `text`, if there is one and it is a special token.
    public func specialToken(_ text: String) -> Int? { specials.token(Array(text.utf8)) }

    /// The text of token ids, without special tokens. Bytes that are not valid UTF-8 become U+FFFD.
    public func decode(_ tokens: some Sequence<Int>) -> String {
        var bytes: [UInt8] = []
        for token in tokens { bytes += text(of: token) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes that a token adds to an answer: none for special ones and for ids outside the vocabulary.
    public func text(of token: Int) -> [UInt8] {
        pieces.indices.contains(token) && !isSpecial[token] ? pieces[token] : []
    }

    /// The bytes of a token itself, a special one's spelling included; none for ids outside the vocabulary.
    public func bytes(of token: Int) -> [UInt8] { pieces.indices.contains(token) ? pieces[token] : [] }

    private func encodePlain(_ text: String, into tokens: inout [Int]) {
        guard !text.isEmpty else { return }
        let bytes = Array(text.utf8)
        var start = 0
        for end in preTokenizer.pieceEnds(ScalarText(text)) {
            let word = bytes[start..<end]
            if !wholeWords.isEmpty, let token = wholeWords[Array(word)] {
                tokens.append(token)
            } else {
                merger.encode(word, into: &tokens)
            }
            start = end
        }
    }
}

/// Finds the texts of special tokens: leftmost first, the longest where several start at one place.
struct SpecialTokenFinder: Sendable {
    /// Tokens by the first byte of their text, longest text first.
    private let byFirstByte: [UInt8: [(token: Int, bytes: [UInt8])]]

    init(_ specials: [(token: Int, bytes: [UInt8])]) {
        var groups: [UInt8: [(token: Int, bytes: [UInt8])]] = [:]
        for special in specials {
            guard let first = special.bytes.first else { continue }
            groups[first, default: []].append(special)
        }
        byFirstByte = groups.mapValues { group in
            group.sorted { ($1.bytes.count, $0.token) < ($0.bytes.count, $1.token) }
        }
    }

    func find(in text: [UInt8]) -> [(token: Int, range: Range<Int>)] {
        var found: [(token: Int, range: Range<Int>)] = []
        var index = 0
        while index < text.count {
            let match = byFirstByte[text[index]]?.first { text[index...].starts(with: $0.bytes) }
            if let match {
                found.append((match.token, index..<index + match.bytes.count))
                index += match.bytes.count
            } else {
                index += 1
            }
        }
        return found
    }

    /// The token whose text is exactly this.
    func token(_ text: [UInt8]) -> Int? {
        text.first.flatMap { byFirstByte[$0] }?.first { $0.bytes == text }?.token
    }
}
