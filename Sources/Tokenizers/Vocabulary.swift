import GGUF

/// What a token is, with the file's numbers (`tokenizer.ggml.token_type`).
enum TokenKind: Int64 {
    case undefined = 0, normal, unknown, control, userDefined, unused, byte

    /// Whether the token's bytes are part of an answer's text.
    var isText: Bool {
        switch self {
        case .normal, .userDefined, .byte: true
        case .undefined, .unknown, .control, .unused: false
        }
    }
}

/// The tokens of a model: every id with its kind and the bytes that it stands for.
struct Vocabulary: Sendable {
    /// What each token adds to a text; for control tokens and the like, their spelling.
    private(set) var pieces = TokenBytes()
    let kinds: [TokenKind]

    /// The blank of SentencePiece, U+2581.
    static let blank: [UInt8] = [0xe2, 0x96, 0x81]

    var count: Int { kinds.count }

    /// The ids of the tokens that are found by their spelling before anything else.
    var specials: [Int] {
        kinds.indices.filter { id in
            switch kinds[id] {
            case .control, .unknown, .userDefined: true
            case .undefined, .normal, .unused, .byte: false
            }
        }
    }

    /// Whether text from outside may become a token: files give user-defined ones, which are found in any text, also to
    /// what structures a conversation, and of those that are spelled like that it may not.
    func isFoundInText(_ id: Int) -> Bool {
        let marks = ["<|", "|>", "<｜", "｜>"].map { Array($0.utf8) }
        let isControl = marks.contains { pieces[id].starts(with: $0) || pieces[id].suffix($0.count).elementsEqual($0) }
        return kinds[id] == .userDefined && !isControl
    }

    /// - Parameters:
    ///   - texts: spelling of each token, as in the file.
    ///   - isByteLevel: whether normal tokens are written in `ByteAlphabet`; else a blank is written as U+2581.
    init(_ texts: [String], _ kinds: [TokenKind], isByteLevel: Bool) {
        self.kinds = kinds
        for (text, kind) in zip(texts, kinds) {
            switch kind {
            case .normal: pieces.append(isByteLevel ? ByteAlphabet.bytes(of: text) : Self.withBlanks(text.utf8))
            case .byte: pieces.append(ByteAlphabet.byte(ofToken: text).map { [$0] } ?? Array(text.utf8))
            case .undefined, .unknown, .control, .userDefined, .unused: pieces.append(text.utf8)
            }
        }
    }

    /// The normal tokens by what they stand for.
    ///
    /// - Parameter texts: as given at first. A token that is spelled with a space where others have U+2581 cannot come out
    ///   of a text and is left out.
    func index(_ texts: [String], isByteLevel: Bool) -> TokenIndex {
        var index = TokenIndex(pieces)
        for id in kinds.indices where kinds[id] == .normal && !pieces[id].isEmpty {
            if !isByteLevel, texts[id].utf8.contains(0x20) { continue }
            _ = index.insert(id)
        }
        return index
    }

    /// U+2581 as a space.
    static func withBlanks(_ utf8: some Sequence<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in utf8 {
            result.append(byte)
            if byte == 0x81, result.suffix(3).elementsEqual(blank) {
                result.removeLast(3)
                result.append(0x20)
            }
        }
        return result
    }
}

/// Which ids have a part to play, and which end an answer.
struct TokenRoles: Sendable {
    let beginning: Int?
    let end: Int?
    let endOfTurn: Int?
    let endOfMessage: Int?
    let unknown: Int?
    let padding: Int?
    /// All tokens after which an answer is over.
    let ends: Set<Int>

    /// Spellings of tokens that end an answer in models whose metadata name only one of theirs.
    private static let knownEnds = [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|flush|>", "<|calls|>", "<end_of_turn>",
        "<|endoftext|>", "</s>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>",
        "<end_of_utterance>", "<eos>", "<turn|>", "<|tool_response>", "<｜end▁of▁sentence｜>", "[e~[",
    ]
    /// Those of them that may be the end of a turn.
    private static let knownTurnEnds = [
        "<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>", "<|endoftext|>", "<|end_of_text|>", "<EOT>", "_<EOT>",
        "[EOT]", "<｜end▁of▁sentence｜>", "<end_of_utterance>",
    ]
    /// What code models fill a gap with; padding, repository and file also end an answer.
    private static let knownGapEnds = [
        ["<|fim_pad|>", "<fim-pad>", "<fim_pad>", "<PAD>", "[PAD]"],
        ["<|fim_repo|>", "<|repo_name|>", "<fim-repo>", "<REPO>", "<reponame>"],
        ["<|file_sep|>"],
    ]
    private static let knownGapMarks = [
        "<|fim_prefix|>", "<fim-prefix>", "<fim_prefix>", "<｜fim▁begin｜>", "<PRE>", "▁<PRE>", "<|code_prefix|>",
        "<|prefix|>", "<|fim_suffix|>", "<fim-suffix>", "<fim_suffix>", "<｜fim▁hole｜>", "<SUF>", "▁<SUF>",
        "<|code_suffix|>", "<|suffix|>", "<|fim_middle|>", "<fim-middle>", "<fim_middle>", "<｜fim▁end｜>", "<MID>",
        "▁<MID>", "<|code_middle|>", "<|middle|>",
    ]
    /// Parts of a message that an answer shows, whatever kind the file gives them.
    private static let knownMessageMarks = ["<|channel|>", "<|message|>", "<|start|>", "<|constrain|>"]

    /// - Parameters:
    ///   - kinds: kind of each token; those that turn out to be special become control tokens, whatever the file says.
    ///   - id: of a spelling.
    /// - Throws: `GGUFError.wrongType`, `TokenizerError.specialTokenOutOfRange`.
    init(_ file: GGUFFile, _ model: TokenizerModel, kinds: inout [TokenKind], id: (String) -> Int?) throws {
        let count = kinds.count
        func key(_ name: String) throws -> Int? {
            let key = "tokenizer.ggml.\(name)_token_id"
            guard let id = try file.integer(key) else { return nil }
            guard (0..<count).contains(id) else {
                throw TokenizerError.specialTokenOutOfRange(key: key, id: id, tokens: count)
            }
            return id
        }
        func first(_ texts: [String]) -> Int? {
            for text in texts { if let found = id(text) { return found } }
            return nil
        }
        /// What SentencePiece means where the file says nothing.
        func usual(_ id: Int) -> Int? { model == .llama && id < count ? id : nil }
        beginning = try key("bos") ?? usual(1)
        end = try key("eos") ?? usual(2)
        unknown = try key("unknown") ?? usual(0)
        // Nothing is filled up here, and files of old converters name one past the last.
        padding = try file.integer("tokenizer.ggml.padding_token_id").flatMap { (0..<count).contains($0) ? $0 : nil }
        endOfTurn = try key("eot") ?? first(Self.knownTurnEnds)
        endOfMessage = try key("eom") ?? id("<|eom_id|>")

        var ends: Set<Int> = []
        for (name, known) in zip(["fim_pad", "fim_rep", "fim_sep"], Self.knownGapEnds) {
            if let found = try key(name) ?? first(known) { ends.insert(found) }
        }
        ends.formUnion(Self.knownEnds.compactMap(id))
        for id in ends.union(Self.knownGapMarks.compactMap(id)) { kinds[id] = .control }
        for id in Self.knownMessageMarks.compactMap(id) { kinds[id] = .userDefined }
        ends.formUnion([end, endOfTurn, endOfMessage].compactMap { $0 })
        // In models with channels the end of a message is not the end of the answer.
        func isEnd(_ text: String) -> Bool { id(text).map(ends.contains) ?? false }
        let hasCall = isEnd("<|call|>") || isEnd("<|calls|>")
        if let message = id("<|end|>"), hasCall, isEnd("<|return|>") || isEnd("<|flush|>") {
            ends.remove(message)
            kinds[message] = .userDefined
        }
        // There this is struck-out text, not the end.
        if let strike = id("</s>"), isEnd("<|tool_response>") {
            ends.remove(strike)
            kinds[strike] = .normal
        }
        self.ends = ends
    }
}
