import GGUF

/// The kinds of tokenizers, by `tokenizer.ggml.model`. What refuses a model prints them from here.
public enum TokenizerModel: String, CaseIterable, Sendable {
    /// Byte-level BPE.
    case gpt2
    /// BPE by scores over characters, with a token for each byte.
    case llama
    /// BPE by merges over characters, with a token for each byte.
    case gemma4

    /// - Throws: `TokenizerError.unsupportedTokenizer`.
    init(name: String) throws(TokenizerError) {
        guard let known = Self(rawValue: name) else { throw .unsupportedTokenizer(name) }
        self = known
    }

    /// What it is, beside its name in files.
    public var kind: String {
        switch self {
        case .gpt2: "byte-level BPE"
        case .llama: "SentencePiece BPE"
        case .gemma4: "BPE with byte tokens"
        }
    }
}

/// A tokenizer's metadata, checked: every id in range, no spelling twice, every merge between known tokens.
struct TokenizerTables {
    let model: TokenizerModel
    /// How text is cut before it is merged; nil where it is not.
    let preTokenizer: PreTokenizer?
    let preTokenizerName: String?
    let vocabulary: Vocabulary
    let roles: TokenRoles
    let merges: MergeRule
    /// The normal tokens by what they stand for, where text is looked up in them.
    let index: TokenIndex?
    /// Score of each token as a rank, the highest score first; empty where merges decide.
    let ranks: [UInt32]
    /// Token of each byte, or `TokenIndex.none`.
    let byteTokens: [UInt32]
    let addsBeginning: Bool
    let addsEnd: Bool
    let addsLeadingBlank: Bool
    /// Special tokens that take the white space after them away.
    let stripping: Set<Int>

    init(_ file: GGUFFile) throws {
        guard let name = try file.string("tokenizer.ggml.model") else {
            throw GGUFError.missingKey("tokenizer.ggml.model")
        }
        let model = try TokenizerModel(name: name)
        let pre = try file.string("tokenizer.ggml.pre")
        let preTokenizer = try Self.preTokenizer(model, pre)
        guard let texts = try file.strings("tokenizer.ggml.tokens") else {
            throw GGUFError.missingKey("tokenizer.ggml.tokens")
        }
        let spellings = try Self.spellings(texts)
        func id(_ text: String) -> Int? { spellings.find(Array(text.utf8)[...]).map { Int($0) } }
        var kinds = try Self.kinds(file, count: texts.count)
        roles = try TokenRoles(file, model, kinds: &kinds, id: id)

        let isByteLevel = model == .gpt2 && preTokenizer != .gemma4
        let vocabulary = Vocabulary(texts, kinds, isByteLevel: isByteLevel)
        byteTokens = (0...255).map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            let text =
                isByteLevel
                ? String(Character(ByteAlphabet.scalars[byte])) : "<0x\(digits.utf8.count == 1 ? "0" : "")\(digits)>"
            guard let id = id(text) else { return TokenIndex.none }
            let isUsable = isByteLevel ? kinds[id] == .normal : kinds[id] == .byte || kinds[id] == .normal
            return isUsable ? UInt32(id) : TokenIndex.none
        }
        guard !isByteLevel || byteTokens.contains(where: { $0 != TokenIndex.none }) else {
            throw TokenizerError.noByteTokens
        }
        let takesWholeWords = preTokenizer?.takesWholeWords ?? false
        index = isByteLevel && !takesWholeWords ? nil : vocabulary.index(texts, isByteLevel: isByteLevel)
        switch model {
        case .gpt2, .gemma4:
            guard let texts = try file.strings("tokenizer.ggml.merges") else {
                throw GGUFError.missingKey("tokenizer.ggml.merges")
            }
            merges = try Self.merges(texts, spellings, kinds)
            ranks = []
        case .llama:
            merges = MergeRule(capacity: 0)
            ranks = try Self.ranks(file, count: texts.count)
        }
        let addsBeginning =
            try file.bool("tokenizer.ggml.add_bos_token") ?? preTokenizer?.addsBeginningByDefault ?? true
        // Converters wrote no for the first files of Gemma 4, which is never without.
        self.addsBeginning = addsBeginning || preTokenizer == .gemma4
        addsEnd = try file.bool("tokenizer.ggml.add_eos_token") ?? false
        addsLeadingBlank = try file.bool("tokenizer.ggml.add_space_prefix") ?? (model == .llama) && model == .llama
        stripping = try Self.stripping(file, kinds, id: id)
        self.model = model
        self.preTokenizer = preTokenizer
        preTokenizerName = pre
        self.vocabulary = vocabulary
    }

    private static func preTokenizer(_ model: TokenizerModel, _ name: String?) throws -> PreTokenizer? {
        switch model {
        case .gpt2:
            guard let name else { throw GGUFError.missingKey("tokenizer.ggml.pre") }
            return try PreTokenizer(name: name)
        case .gemma4: return .gemma4
        case .llama: return nil
        }
    }

    /// By the bytes of the text: equality of strings would take different spellings of a character for one.
    private static func spellings(_ texts: [String]) throws(TokenizerError) -> TokenIndex {
        var bytes = TokenBytes()
        for text in texts { bytes.append(text.utf8) }
        var index = TokenIndex(bytes)
        for (id, text) in texts.enumerated() where !text.isEmpty {
            if let first = index.insert(id) { throw .duplicateToken(text, first: Int(first), second: id) }
        }
        return index
    }

    private static func kinds(_ file: GGUFFile, count: Int) throws -> [TokenKind] {
        guard let numbers = try file.integers("tokenizer.ggml.token_type") else {
            return Array(repeating: .normal, count: count)
        }
        guard numbers.count == count else {
            throw TokenizerError.wrongCount(key: "tokenizer.ggml.token_type", elements: numbers.count, tokens: count)
        }
        return try numbers.enumerated().map { id, number in
            guard let kind = TokenKind(rawValue: number) else {
                throw TokenizerError.invalidToken(id: id, reason: "type \(number) is not from 0 to 6")
            }
            return kind
        }
    }

    private static func merges(
        _ texts: [String],
        _ spellings: TokenIndex,
        _ kinds: [TokenKind]
    ) throws(TokenizerError) -> MergeRule {
        var merges = MergeRule(capacity: texts.count)
        var joined: [UInt8] = []
        for (rank, text) in texts.enumerated() {
            let bytes = Array(text.utf8)
            // The alphabet has no space, so the first one after the first character separates the parts.
            guard let space = bytes.dropFirst().firstIndex(of: 0x20) else {
                throw .invalidMerge(index: rank, text: text, reason: "two parts with a space between are expected")
            }
            let (left, right) = (bytes[..<space], bytes[(space + 1)...])
            joined.removeAll(keepingCapacity: true)
            joined.append(contentsOf: left)
            joined.append(contentsOf: right)
            func id(_ token: ArraySlice<UInt8>) throws(TokenizerError) -> UInt32 {
                guard let id = spellings.find(token) else {
                    let name = String(decoding: token, as: UTF8.self).shown
                    throw .invalidMerge(index: rank, text: text, reason: "\"\(name)\" is not a token")
                }
                return id
            }
            let merge = PairMerge(rank: UInt32(rank), token: try id(joined[...]))
            let pair = (try id(left), try id(right))
            // Text from outside must never become a special token.
            if kinds[Int(merge.token)] != .control { merges.insert(pair.0, pair.1, merge) }
        }
        return merges
    }

    /// Scores as ranks: floats in their order as integers, turned around.
    private static func ranks(_ file: GGUFFile, count: Int) throws -> [UInt32] {
        let key = "tokenizer.ggml.scores"
        guard let scores = try file.numbers(key) else { throw GGUFError.missingKey(key) }
        guard scores.count == count else {
            throw TokenizerError.wrongCount(key: key, elements: scores.count, tokens: count)
        }
        return try scores.enumerated().map { id, score in
            guard score.isFinite else {
                throw TokenizerError.invalidToken(id: id, reason: "its score is not a number that can be compared")
            }
            // Adding zero makes one of the two zeros.
            let bits = (Float(score) + 0).bitPattern
            return bits >> 31 == 1 ? bits : ~(bits | 1 << 31)
        }
    }

    /// The tokenizers of Phi-3 take the white space after their special tokens away; no key of a file says so.
    private static func stripping(_ file: GGUFFile, _ kinds: [TokenKind], id: (String) -> Int?) throws -> Set<Int> {
        let name = try file.string("general.name")?.lowercased() ?? ""
        guard name.contains("phi-3") || name.contains("phi3") else { return [] }
        var found = Set(
            kinds.indices.filter { id in
                switch kinds[id] {
                case .control, .userDefined, .unknown: true
                case .undefined, .normal, .unused, .byte: false
                }
            }
        )
        for text in ["<unk>", "<s>", "<|endoftext|>"] { if let id = id(text) { found.remove(id) } }
        if let id = id("</s>") { found.insert(id) }
        return found
    }
}

extension GGUFFile {
    /// An array of numbers of any type.
    ///
    /// - Throws: `GGUFError.wrongType`.
    fileprivate func numbers(_ key: String) throws(GGUFError) -> [Double]? {
        switch metadata[key] {
        case nil: return nil
        case .array(.floats(let numbers, _)): return numbers
        case .array(.integers(let numbers, _)): return numbers.map { Double($0) }
        case .array(let array):
            let found = "an array of \(array.count) \(array.elementType) values"
            throw .wrongType(key: key, expected: "an array of numbers", found: found)
        case .some(let value):
            throw .wrongType(key: key, expected: "an array of numbers", found: "one value of type \(value.type)")
        }
    }
}
