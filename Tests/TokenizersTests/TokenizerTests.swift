import SeededRandom
import TestSupport
import Testing

@testable import GGUF
@testable import Tokenizers

@Suite struct TokenizerTests {
    // MARK: - Byte-level BPE

    @Test(arguments: [
        ("hello world", ["hello", "Ġworld"]), ("hell", ["hell"]), ("hel", ["he", "l"]), ("the", ["t", "he"]),
        (" the", ["Ġthe"]), ("ü", ["Ã¼"]), ("lll", ["ll", "l"]), ("llll", ["ll", "ll"]), ("123", ["1", "2", "3"]),
    ])
    func mergesApplyInOrder(text: String, expected: [String]) throws {
        let tokenizer = try TinyTokenizer.byteLevel().tokenizer()
        #expect(tokenizer.encode(text, specials: .plainText).map { TinyTokenizer.tokens[$0] } == expected)
    }

    @Test func wholeWordsNeedNoMerges() throws {
        // "hello" is a token; without merges only the kind that looks for whole words finds it.
        for (name, expected) in [("llama-bpe", ["hello"]), ("qwen2", ["h", "e", "l", "l", "o"])] {
            var tiny = TinyTokenizer.byteLevel(name)
            tiny.set("merges", .array(.strings([])))
            #expect(try tiny.tokenizer().spelled("hello") == expected)
        }
    }

    /// A text loses the bytes that no token stands for, and says how many; what stands beside them merges.
    @Test func missingBytesAreDropped() throws {
        var tokens = TinyTokenizer.tokens
        tokens[4] = "nothing"
        tokens[0xff] = "nobody"
        let tokenizer = try TinyTokenizer.byteLevel(tokens: tokens).tokenizer()
        #expect(tokenizer.facts.missingBytes == [4, 0xff])
        let encoded = tokenizer.encode([TextPart("he\u{4}llo\u{4}!", specials: .plainText)])
        #expect(encoded.droppedByteCount == 2)
        #expect(tokenizer.decode(encoded.tokens) == "hello!")
        tokens[5] = "!!"
        var tiny = TinyTokenizer.byteLevel("gpt-2", tokens: tokens)
        tiny.set("merges", .array(.strings(["! !"])))
        #expect(try tiny.tokenizer().encode("!\u{4}!", specials: .plainText) == [5])
    }

    // MARK: - BPE over characters

    @Test(arguments: [
        ("hello", [" hello"]), ("the world", [" the", " ", "w", "or", "l", "<0x64>"]), (" the", [" ", " the"]),
        ("", []),
        ("\u{2581}the", [" ", " the"]), ("日本", [" 日本"]), ("ü", [" ", "<0xC3>", "<0xBC>"]),
        ("a\n\n", [" ", "<0x61>", "\n\n"]),
    ])
    func piecesByScore(text: String, expected: [String]) throws {
        let tokenizer = try TinyTokenizer.sentencePiece().tokenizer()
        let found = tokenizer.encode(text, specials: .plainText).map { id in
            tokenizer.vocabulary.kinds[id] == .byte
                ? TinyTokenizer.byteTokens[id - 3] : String(decoding: tokenizer.bytes(of: id), as: UTF8.self)
        }
        #expect(found == expected)
        #expect(tokenizer.facts.addsLeadingBlank)
        if !text.unicodeScalars.contains("\u{2581}") {
            #expect(tokenizer.decode(tokenizer.encode(text, specials: .plainText)) == text)
        }
    }

    @Test(arguments: [
        ("hello", ["he", "ll", "o"]), (" hello", [" hello"]), (" the\n\n\n", [" the", "\n", "\n", "\n"]),
        ("\n\nthe", ["\n\n", "t", "he"]), ("  the", [" ", " the"]),
    ])
    func piecesByMerge(text: String, expected: [String]) throws {
        let tokenizer = try TinyTokenizer.gemma().tokenizer()
        #expect(tokenizer.spelled(text) == expected)
        #expect(!tokenizer.facts.addsLeadingBlank)
        #expect(tokenizer.decode(tokenizer.encode(text, specials: .plainText)) == text)
    }

    @Test func aBlankComesAfterSpecialTokensToo() throws {
        var tiny = TinyTokenizer.sentencePiece()
        #expect(try tiny.tokenizer().spelled("the</s>the", specials: .parsed) == [" the", "</s>", " the"])
        tiny.set("add_space_prefix", .bool(false))
        #expect(try tiny.tokenizer().spelled("the</s>the", specials: .parsed) == ["t", "he", "</s>", "t", "he"])
    }

    /// An answer goes on after its prompt: no blank comes and none goes.
    @Test func aContinuationHasNoBlankOfItsOwn() throws {
        let tokenizer = try TinyTokenizer.sentencePiece().tokenizer()
        for text in ["the", " the", "  the", "", " "] {
            let tokens = tokenizer.encode([TextPart(text, specials: .plainText)], isContinuation: true).tokens
            #expect(tokenizer.decode(tokens, isContinuation: true) == text)
            #expect(tokens.map { tokenizer.text(of: $0) }.joined().elementsEqual(text.utf8))
        }
        let the = tokenizer.encode([TextPart("the", specials: .plainText)], isContinuation: true).tokens
        #expect(the.map { tokenizer.decode([$0]) } == ["t", "he"])
    }

    /// Control tokens and bytes never come out of a text that spells them, whatever their score.
    @Test func spellingsOfSpecialTokensStayText() throws {
        let tokenizer = try TinyTokenizer.sentencePiece([("<0", 1), ("x41>", 1), ("</", 1), ("s>", 1)]).tokenizer()
        for text in ["</s>", "<0x41>", "<unk>"] {
            let tokens = tokenizer.encode(text, specials: .plainText)
            #expect(tokenizer.decode(tokens) == text)
            #expect(!tokens.contains(2) && !tokens.contains(3 + 0x41))
        }
    }

    @Test func whatHasNoTokenAndNoBytesIsUnknown() throws {
        let tokenizer = try TinyTokenizer.sentencePiece(withBytes: false).tokenizer()
        let encoded = tokenizer.encode([TextPart("the üxt", specials: .plainText)])
        #expect(encoded.tokens.filter { $0 == 0 }.count == 1)
        #expect(encoded.droppedByteCount == 3)
        #expect(tokenizer.facts.missingBytes.contains(0xc3))
        #expect(!tokenizer.facts.missingBytes.contains(0x74))
    }

    /// A file may call any token unknown: one that ends or structures a conversation is not made of text for that.
    @Test func whatIsUnknownIsNeverAControlToken() throws {
        var tiny = TinyTokenizer.sentencePiece(withBytes: false)
        for id: UInt32 in [1, 2] {
            tiny.set("unknown_token_id", .uint32(id))
            let encoded = try tiny.tokenizer().encode([TextPart("the üxt", specials: .plainText)])
            #expect(!encoded.tokens.contains(Int(id)))
            #expect(encoded.droppedByteCount == 3)
        }
    }

    // MARK: - Round trips

    /// Which kinds are tried: every way to cut, and both over characters.
    private static let kinds =
        PreTokenizer.allCases.compactMap(\.names.first).filter { $0 != "gemma4" } + ["llama", "gemma"]

    private static func tokenizer(_ kind: String) throws -> Tokenizer {
        switch kind {
        case "llama": try TinyTokenizer.sentencePiece().tokenizer()
        case "gemma": try TinyTokenizer.gemma().tokenizer()
        default: try TinyTokenizer.byteLevel(kind).tokenizer()
        }
    }

    /// 2,000 random texts together, a million in the slow run.
    @Test(arguments: kinds)
    func anythingRoundTrips(kind: String) throws {
        let tokenizer = try Self.tokenizer(kind)
        var random = SplitMix64(seed: 6)
        var texts = [
            "", "\0", "\u{feff}", "👩‍👩‍👧‍👦", "a\r\nb", "<|im_start|>", "\u{10ffff}", "\u{301}", " \u{301}\u{302}", "e\u{301}",
        ]
        let count = (Checkout.isFullRun ? 1_000_000 : 2_000) / Self.kinds.count
        for _ in 0..<count { texts.append(RandomText.make(&random)) }
        for text in texts {
            let encoded = tokenizer.encode([TextPart(text, specials: .plainText)])
            guard encoded.droppedByteCount == 0,
                Array(tokenizer.decode(encoded.tokens).utf8) == Array(text.utf8)
            else {
                Issue.record("\(kind): \(text.debugDescription)")
                return
            }
            var decoder = StreamingDecoder()
            var streamed = ""
            for token in encoded.tokens { streamed += decoder.append(tokenizer.text(of: token)) }
            streamed += decoder.finish()
            let blank = tokenizer.facts.addsLeadingBlank && !text.isEmpty ? " " : ""
            #expect(Array(streamed.utf8) == Array((blank + text).utf8))
        }
    }

    /// Ids that no model has, bytes that are no text: something comes back, and nothing breaks.
    @Test func anyIdsCanBeDecoded() throws {
        let tokenizer = try TinyTokenizer.byteLevel().tokenizer()
        #expect(tokenizer.decode([-1, 99_999, Int.max, Int.min]) == "")
        #expect(tokenizer.decode([0xff, 0xc3, 0x41]) == "\u{fffd}\u{fffd}A")
        var random = SplitMix64(seed: 3)
        for _ in 0..<200 {
            let ids = (0..<30).map { _ in Int.random(in: -5...300, using: &random) }
            var decoder = StreamingDecoder()
            let streamed = ids.map { decoder.append(tokenizer.text(of: $0)) }.joined() + decoder.finish()
            #expect(Array(streamed.utf8) == Array(tokenizer.decode(ids).utf8))
        }
    }

    // MARK: - Facts

    @Test func factsAreThoseOfTheFile() throws {
        var tiny = TinyTokenizer.byteLevel("llama-bpe")
        tiny.set("bos_token_id", .uint32(276))
        tiny.set("padding_token_id", .uint32(99_999))
        let facts = try tiny.tokenizer().facts
        #expect(facts.model == .gpt2)
        #expect(facts.preTokenizer == "llama-bpe")
        #expect(facts.tokenCount == TinyTokenizer.tokens.count)
        #expect(facts.mergeCount == TinyTokenizer.merges.count)
        #expect(facts.specialTokens.map(\.text) == TinyTokenizer.specials)
        #expect(facts.specialTokens.allSatisfy { !$0.isFoundInText })
        #expect(facts.beginning == 276 && facts.addsBeginning && !facts.addsEnd)
        #expect(facts.end == 275 && facts.endOfTurn == 275 && facts.endOfMessage == nil)
        #expect(facts.padding == nil && facts.unknown == nil)
        #expect(facts.missingBytes.isEmpty)
        #expect(facts.unicodeVersion == "15.1.0")
    }
}
