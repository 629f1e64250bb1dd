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
