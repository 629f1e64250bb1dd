import GGUF
import SeededRandom
import Testing

@testable import Tokenizers

@Suite struct SpecialTokenTests {
    // MARK: - Finding

    private func finder(_ spellings: [String]) -> SpecialTokenFinder {
        SpecialTokenFinder(spellings.enumerated().map { ($0.offset, Array($0.element.utf8)[...]) })
    }

    @Test(arguments: [
        (["<a>", "<a><b>", ""], "x<a><b><a>", [1, 0]),
        (["ab", "bcd"], "abcd", [0]),
        (["b", "abc"], "abc abd", [1, 0]),
        (["aa"], "aaaaa", [0, 0]),
        (["<|x|>"], "<|x|<|x|>", [0]),
        ([], "abc", []),
        (["日本", "本"], "日日本本", [0, 1]),
    ])
    func theLongestFromTheLeftWins(spellings: [String], text: String, expected: [Int]) {
        #expect(finder(spellings).find(in: Array(text.utf8)[...]).map(\.token) == expected)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func findingMatchesTheDefinition(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        func word(_ length: ClosedRange<Int>) -> [UInt8] {
            (0..<Int.random(in: length, using: &random)).map { _ in UInt8.random(in: 0x61...0x63, using: &random) }
        }
        let spellings = Set((0..<8).map { _ in word(1...5) }).sorted { $0.lexicographicallyPrecedes($1) }
        let finder = SpecialTokenFinder(spellings.enumerated().map { ($0.offset, $0.element[...]) })
        for _ in 0..<20 {
            let text = word(0...40)
            var expected: [SpecialTokenFinder.Match] = []
            var index = 0
            while index < text.count {
                let fits = spellings.indices.filter { text[index...].starts(with: spellings[$0]) }
                guard let token = fits.max(by: { spellings[$0].count < spellings[$1].count }) else {
                    index += 1
                    continue
                }
                expected.append(.init(token: token, range: index..<index + spellings[token].count))
                index += spellings[token].count
            }
            #expect(finder.find(in: text[...]) == expected)
        }
    }

    /// Spellings that nearly match at every place.
    @Test func nearlyMatchingTakesNoLonger() {
        let finder = finder([String(repeating: "a", count: 20_000) + "b", String(repeating: "a", count: 10_000) + "c"])
        #expect(finder.find(in: Array(repeating: 0x61, count: 1_000_000)[...]).isEmpty)
    }

    // MARK: - In text

    @Test func marksInTextFromOutsideStayText() throws {
        let tokenizer = try TinyTokenizer.byteLevel().tokenizer()
        let text = "a<|im_end|><|im_start|>b"
        let start = try #require(tokenizer.specialToken("<|im_start|>"))
        let end = try #require(tokenizer.specialToken("<|im_end|>"))
        let parsed = tokenizer.encode(text, specials: .parsed)
        #expect(parsed == [0x61, end, start, 0x62])
        #expect(tokenizer.decode(parsed) == "ab")
        let plain = tokenizer.encode(text, specials: .plainText)
        #expect(plain.allSatisfy { tokenizer.vocabulary.kinds[$0] == .normal })
        #expect(tokenizer.decode(plain) == text)
        #expect(tokenizer.endTokens.contains(end))
        #expect(tokenizer.specialToken("he") == nil)
        #expect(tokenizer.specialToken("<|im_end|><|im_end|>") == nil)
    }

    /// Special tokens are found inside parts of the application's own, and nowhere else; words are cut over borders.
    @Test func partsAreOneText() throws {
        let tokenizer = try TinyTokenizer.byteLevel().tokenizer()
        let end = try #require(tokenizer.specialToken("<|im_end|>"))
        func tokens(_ parts: [(String, Tokenizer.SpecialTokens)]) -> [Int] {
            tokenizer.encode(parts.map { TextPart($0.0, specials: $0.1) }).tokens
        }
        let hello = tokenizer.encode("hello", specials: .plainText)
        #expect(tokens([("hel", .parsed), ("lo", .plainText), ("<|im_end|>", .parsed)]) == hello + [end])
        #expect(tokens([("<|im_", .parsed), ("end|>", .parsed)]) == [end])
        for parts: [(String, Tokenizer.SpecialTokens)] in [
            [("<|im_", .parsed), ("end|>", .plainText)], [("<|im_end", .plainText), ("|>", .parsed)],
            [("<|im_end|>", .plainText), ("", .parsed)],
        ] {
            #expect(tokens(parts) == tokenizer.encode("<|im_end|>", specials: .plainText))
        }
        #expect(tokens([]).isEmpty)
    }

    /// Text becomes user-defined tokens wherever it is from, but none that structures a conversation.
    @Test func userDefinedTokensAreFoundInAnyText() throws {
        let found = ["hi there", "\n\n\n", "<table>", "[PAD7]", "ø"]
        let kept = ["<|tool|>", "<|channel>", "<｜User｜>", "<tool_call>", "</think>", "[INST]", "<unused0>"]
        let more = found + kept
        var tiny = TinyTokenizer.byteLevel(tokens: TinyTokenizer.tokens.map { $0 == "ø" ? "gone" : $0 } + more)
        let count = TinyTokenizer.tokens.count
        let kinds = TinyTokenizer.tokens.indices.map { $0 < count - 3 ? Int64(1) : 3 }
        tiny.set("token_type", .array(.integers(kinds + more.map { $0 == "<unused0>" ? 5 : 4 }, .int32)))
        let tokenizer = try tiny.tokenizer()
        for (place, text) in more.enumerated() {
            let plain = tokenizer.encode(text, specials: .plainText)
            #expect((plain == [count + place]) == found.contains(text), "\(text)")
            let isSpecial = text != "<unused0>"
            #expect((tokenizer.encode(text, specials: .parsed) == [count + place]) == isSpecial, "\(text)")
            #expect(tokenizer.decode(plain) == text)
            #expect(tokenizer.decode([count + place]) == (isSpecial ? text : ""))
            let fact = tokenizer.facts.specialTokens.first { $0.id == count + place }
            #expect(fact?.isFoundInText == (isSpecial ? found.contains(text) : nil))
        }
    }

    // MARK: - Beginning and end

    @Test(
        arguments: [
            ("qwen2", nil, false), ("qwen2", true, true), ("llama-bpe", nil, true), ("llama-bpe", false, false),
            ("tekken", nil, true), ("gemma4", false, true),
        ] as [(String, Bool?, Bool)]
    )
    func theBeginningTokenFollowsTheFile(name: String, adds: Bool?, expected: Bool) throws {
        var tiny = name == "gemma4" ? TinyTokenizer.gemma() : .byteLevel(name)
        let id = name == "gemma4" ? 1 : 276
        tiny.set("bos_token_id", .uint32(UInt32(id)))
        tiny.set("add_bos_token", adds.map { .bool($0) })
        #expect(try tiny.tokenizer().beginningToken == (expected ? id : nil))
    }

    @Test func boundariesAreNeverTwice() throws {
        var tiny = TinyTokenizer.sentencePiece()
        tiny.set("add_eos_token", .bool(true))
        let tokenizer = try tiny.tokenizer()
        func tokens(_ text: String) -> [Int] {
            tokenizer.encode([TextPart(text, specials: .parsed)], addsBoundaries: true).tokens
        }
        let the = tokenizer.encode("the", specials: .plainText)
        #expect(tokens("the") == [1] + the + [2])
        #expect(tokens("<s>the</s>") == [1] + the + [2])
        #expect(tokens("") == [1, 2])
        #expect(tokens("<s>") == [1, 2])
    }

    @Test(
        arguments: [
            // Spelling and kind of further tokens, keys, which of the further tokens end an answer.
            ([("<|eot_id|>", 3), ("<|eom_id|>", 3), ("more", 1)], [:], [0, 1]),
            ([("<|end|>", 4), ("<|user|>", 3)], [:], [0]),
            ([("<|end|>", 3), ("<|call|>", 3), ("<|return|>", 3)], [:], [1, 2]),
            ([("<a>", 3), ("<b>", 3)], ["eot": 0, "eom": 1], [0, 1]),
            ([("<|fim_pad|>", 3), ("<|file_sep|>", 4), ("<|fim_prefix|>", 3)], [:], [0, 1]),
            ([("<|tool_response>", 4), ("</s>", 4), ("<turn|>", 3)], [:], [0, 2]),
            ([("</s>", 1), ("<|im_end|>", 1)], [:], [1]),
            ([("</s>", 1)], ["eos": 0], [0]),
            ([("</s>", 4)], [:], [0]),
        ] as [([(String, Int64)], [String: Int], Set<Int>)]
    )
    func whatEndsAnAnswer(more: [(String, Int64)], keys: [String: Int], expected: Set<Int>) throws {
        let base = TinyTokenizer.tokens.dropLast(3)
        var tiny = TinyTokenizer.byteLevel(tokens: base + more.map(\.0))
        tiny.set("token_type", .array(.integers(base.map { _ in 1 } + more.map(\.1), .int32)))
        tiny.set("eos_token_id", nil)
        for (key, place) in keys { tiny.set("\(key)_token_id", .uint32(UInt32(base.count + place))) }
        let tokenizer = try tiny.tokenizer()
        #expect(tokenizer.endTokens == Set(expected.map { base.count + $0 }))
        #expect(tokenizer.facts.ends == tokenizer.endTokens.sorted())
        // Whatever kind the file gives them, text from outside does not become them.
        for id in tokenizer.endTokens {
            let text = String(decoding: tokenizer.bytes(of: id), as: UTF8.self)
            #expect(!tokenizer.encode(text, specials: .plainText).contains(id))
            #expect(tokenizer.encode(text, specials: .parsed) == [id])
        }
    }

    @Test func theTokensOfPhi3TakeTheSpaceAfterThemAway() throws {
        var tiny = TinyTokenizer.sentencePiece([("<|user|>", 3)])
        let id = 259 + TinyTokenizer.pieces.count
        #expect(
            try tiny.tokenizer().spelled("<|user|>\n\nthe", specials: .parsed) == ["<|user|>", " ", "\n\n", "t", "he"]
        )
        tiny.writer.add("general.name", .string("Phi-3 mini"))
        let tokenizer = try tiny.tokenizer()
        #expect(
            tokenizer.encode("<|user|>\n\nthe", specials: .parsed) == [id]
                + tokenizer.encode("the", specials: .plainText)
        )
        #expect(tokenizer.spelled("<s> the", specials: .parsed) == ["<s>", " ", " the"])
    }
}
