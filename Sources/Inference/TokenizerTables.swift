import GGUF

/// A tokenizer's metadata, checked: every id in range, every byte with a token, every merge between known tokens.
struct TokenizerTables {
    /// `tokenizer.ggml.token_type`, with the file's numbers.
    enum Kind: Int64 {
        case undefined = 0, normal, unknown, control, userDefined, unused, byte
    }

    let preTokenizerName: String
    let preTokenizer: PreTokenizer
    let pieces: [[UInt8]]
    let kinds: [Kind]
    let byteTokens: [UInt32]
    let merges: [UInt64: BytePairMerger.Merge]
    let beginningToken: Int?
    let addsBeginning: Bool
    let endTokens: Set<Int>

    /// Special tokens that end an answer in models whose metadata name only one of theirs.
    private static let knownEnds = [
        "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|endoftext|>",
    ]

    init(_ file: GGUFFile) throws {
        guard let model = try file.string("tokenizer.ggml.model") else {
            throw GGUFError.missingKey("tokenizer.ggml.model")
        }
        switch try SupportedModels.TokenizerModel(name: model) {
        case .gpt2: break
        }
        guard let pre = try file.string("tokenizer.ggml.pre") else { throw GGUFError.missingKey("tokenizer.ggml.pre") }
        preTokenizerName = pre
        preTokenizer = try PreTokenizer(name: pre)
        guard let texts = try file.strings("tokenizer.ggml.tokens") else {
            throw GGUFError.missingKey("tokenizer.ggml.tokens")
        }
        guard let mergeTexts = try file.strings("tokenizer.ggml.merges") else {
            throw GGUFError.missingKey("tokenizer.ggml.merges")
        }
        let ids = try Self.ids(of: texts)
        let kinds = try Self.kinds(file, count: texts.count)
        self.kinds = kinds
        pieces = try texts.enumerated().map { id, text in
            guard kinds[id] == .normal else { return Array(text.utf8) }
            guard let bytes = ByteAlphabet.bytes(of: text) else {
                throw InferenceError.invalidToken(id: id, reason: "\"\(text.shown)\" is outside the byte alphabet")
            }
            return bytes
        }
        byteTokens = try (0...255).map { byte in
            guard let id = ids[Array(String(Character(ByteAlphabet.scalars[byte])).utf8)], kinds[Int(id)] == .normal
            else {
                throw InferenceError.missingByteToken(UInt8(byte))
            }
            return id
        }
        merges = try Self.merges(mergeTexts, ids)
        func special(_ key: String) throws -> Int? {
            guard let id = try file.integer("tokenizer.ggml.\(key)_token_id") else { return nil }
            guard texts.indices.contains(id) else {
                throw InferenceError.specialTokenOutOfRange(
                    key: "tokenizer.ggml.\(key)_token_id",
                    id: id,
                    tokens: texts.count
                )
            }
            return id
        }
        beginningToken = try special("bos")
        // Files of the Llama 3 family leave the key out and mean yes.
        addsBeginning = try file.bool("tokenizer.ggml.add_bos_token") ?? (preTokenizer == .llamaBPE)
        for key in ["unknown", "padding", "separator"] { _ = try special(key) }
        var ends = Set(try ["eos", "eot", "eom"].compactMap(special))
        for text in Self.knownEnds {
            if let id = ids[Array(text.utf8)], kinds[Int(id)] == .control { ends.insert(Int(id)) }
        }
        endTokens = ends
    }

    /// By the bytes of the text: equality of strings would take different spellings of a character for one.
    private static func ids(of texts: [String]) throws(InferenceError) -> [[UInt8]: UInt32] {
        var ids: [[UInt8]: UInt32] = [:]
        ids.reserveCapacity(texts.count)
        for (id, text) in texts.enumerated() {
            if let first = ids.updateValue(UInt32(id), forKey: Array(text.utf8)) {
                throw .duplicateToken(text, first: Int(first), second: id)
            }
        }
        return ids
    }

    private static func kinds(_ file: GGUFFile, count: Int) throws -> [Kind] {
        guard let numbers = try file.integers("tokenizer.ggml.token_type") else {
            return Array(repeating: .normal, count: count)
        }
        guard numbers.count == count else {
            throw InferenceError.inconsistent(
                "tokenizer.ggml.token_type has \(numbers.count) elements for \(count) tokens"
            )
        }
        return try numbers.enumerated().map { id, number in
            guard let kind = Kind(rawValue: number) else {
                throw InferenceError.invalidToken(id: id, reason: "type \(number) is not from 0 to 6")
            }
            return kind
        }
    }

    private static func merges(
        _ texts: [String],
        _ ids: [[UInt8]: UInt32]
    ) throws(InferenceError) -> [UInt64: BytePairMerger.Merge] {
        var merges: [UInt64: BytePairMerger.Merge] = [:]
        merges.reserveCapacity(texts.count)
        for (rank, text) in texts.enumerated() {
            let bytes = Array(text.utf8)
            // The alphabet has no space, so the first one after the first character separates the parts.
            guard let space = bytes.dropFirst().firstIndex(of: 0x20) else {
                throw .invalidMerge(index: rank, text: text, reason: "two parts with a space between are expected")
            }
            let (left, right) = (bytes[..<space], bytes[(space + 1)...])
            func id(_ token: some Sequence<UInt8>) throws(InferenceError) -> UInt32 {
                let token = Array(token)
                guard let id = ids[token] else {
                    let name = String(decoding: token, as: UTF8.self).shown
                    throw .invalidMerge(index: rank, text: text, reason: "\"\(name)\" is not a token")
                }
                return id
            }
            let merge = BytePairMerger.Merge(rank: UInt32(rank), token: try id(left + right))
            let key = BytePairMerger.key(try id(left), try id(right))
            if merges[key] == nil { merges[key] = merge }
        }
        return merges
    }
}
