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

    /// Whether text from outside may become a token: the user-defined ones, which are found in any text, such as tags of
    /// HTML and runs of line breaks. Files give that kind also to what structures a conversation; of those it may not.
    func isFoundInText(_ id: Int) -> Bool { kinds[id] == .userDefined && !Self.structures(pieces[id]) }

    /// Whether a token may stand for text that has no other: not one that structures a conversation, whatever a file
    /// calls unknown. Some files give `<unk>` itself the kind of those.
    func maySayUnknown(_ id: Int) -> Bool { kinds[id] != .control || pieces[id].elementsEqual("<unk>".utf8) }

    /// Whether a token is spelled as one that structures a conversation: in brackets, with a bar or a low line in it, which
    /// no tag of HTML has, or one of the few without.
    private static func structures(_ spelling: ArraySlice<UInt8>) -> Bool {
        guard let first = spelling.first, let last = spelling.last,
            first == 0x3c && last == 0x3e || first == 0x5b && last == 0x5d
        else { return false }
        if spelling.contains(0x7c) || spelling.contains(0x5f) { return true }
        let text = String(decoding: spelling, as: UTF8.self)
        return text.unicodeScalars.contains("｜") || ["<think>", "</think>", "[INST]", "[/INST]"].contains(text)
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
