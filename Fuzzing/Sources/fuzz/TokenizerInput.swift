@testable import Tokenizers

/// Text through a tokenizer of each kind: the first byte chooses it, the rest is two parts of one text.
enum TokenizerInput {
    /// One for each way to cut text, and the two over characters.
    static let tokenizers: [Tokenizer] = {
        let cutters = PreTokenizer.allCases.filter { $0 != .gemma4 }.compactMap(\.names.first)
        let fixtures = cutters.map { TokenizerFixture.byteLevel($0) } + [.sentencePiece(), .gemma()]
        return fixtures.compactMap { fixture in
            do {
                return try fixture.tokenizer()
            } catch {
                preconditionFailure("a fixture is refused: \(error)")
            }
        }
    }()

    static func read(_ bytes: [UInt8]) -> Int32 {
        guard let input = InputParts(bytes) else { return -1 }
        check(tokenizers[input.choice % tokenizers.count], [input.text(0), input.text(1)], hasEveryByte: true)
        return 0
    }

    /// What holds for every text and every vocabulary, and what more holds where each byte has a token.
    static func check(_ tokenizer: Tokenizer, _ parts: [String], hasEveryByte: Bool) {
        let text = parts.joined()
        let encoded = tokenizer.encode(parts.map { TextPart($0, specials: .plainText) })
        let tokens = encoded.tokens
        let isInRange = tokens.allSatisfy { $0 >= 0 && $0 < tokenizer.size }
        promise(isInRange, "tokens \(tokens) of \(tokenizer.size)")
        // A blank may take the three bytes of U+2581, and there is one more before the text and after special tokens.
        promise(tokens.count <= 6 * text.utf8.count + 3, "\(tokens.count) tokens of \(text.utf8.count) bytes")
        let isPlain = tokens.allSatisfy(tokenizer.vocabulary.maySayUnknown)
        promise(isPlain, "text from outside became a control token")
        promise(tokenizer.encode(text, specials: .plainText) == tokens, "the same text in parts has other tokens")
        let whole = tokenizer.decode(tokens, isContinuation: true)
        var stream = StreamingDecoder()
        var streamed = ""
        for token in tokens { streamed += stream.append(tokenizer.text(of: token)) }
        streamed += stream.finish()
        promise(same(streamed, whole), "streamed \(streamed.debugDescription), whole \(whole.debugDescription)")
        // A blank of SentencePiece comes back as a space, and after a special token there is one more.
        let hasSpecial = tokens.contains { tokenizer.vocabulary.kinds[$0] == .userDefined }
        if hasEveryByte, !hasSpecial, !text.unicodeScalars.contains("\u{2581}") {
            promise(encoded.droppedByteCount == 0, "\(encoded.droppedByteCount) bytes were dropped")
            let decoded = tokenizer.decode(tokens)
            promise(same(decoded, text), "\(text.debugDescription) came back as \(decoded.debugDescription)")
        }
        // With special tokens read, nothing but crashes is looked for.
        _ = tokenizer.encode(parts.map { TextPart($0, specials: .parsed) }, addsBoundaries: true)
        _ = tokenizer.decode(text.unicodeScalars.map { Int($0.value) - 100 })
    }

    private static func same(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

    static var seeds: [[UInt8]] {
        let texts = [
            ["hello the 12 worlds", " they're <b>x</b>"], ["  \n\t ü日本👋🏽", "e\u{301}\u{200d}"], ["<|end|>", "<s></s>"],
            ["ABCdef123,456...!?", "\r\n\r\n"],
        ]
        return tokenizers.indices.flatMap { index in texts.map { InputParts.bytes(UInt8(index), $0) } }
    }
}
