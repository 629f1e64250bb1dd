import SeededRandom
import Testing

@testable import GGUF
@testable import Inference

@Suite struct TokenizerTests {
    static let tokenizer = Result { try Tokenizer(TinyModel().file()) }

    private func pieces(_ kind: PreTokenizer, _ text: String) -> [String] {
        let bytes = Array(text.utf8)
        var start = 0
        return kind.pieceEnds(ScalarText(text)).map { end in
            defer { start = end }
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }
    }

    // MARK: - Pre-tokenizers

    @Test(arguments: [
        ("Hello world", ["Hello", " world"]),
        ("it's we'LL they've", ["it", "'s", " we", "'", "LL", " they", "'ve"]),
        ("a  b   c ", ["a", " ", " b", "  ", " c", " "]),
        ("x\n\n y\t", ["x", "\n\n", " y", "\t"]),
        ("1234 5", ["1234", " 5"]),
        ("a1b2", ["a", "1", "b", "2"]),
        (" ?!x", [" ?!", "x"]),
        ("straße Ünter ½²", ["straße", " Ünter", " ½²"]),
        ("e\u{301}", ["e", "\u{301}"]),
        ("日本語 テスト", ["日本語", " テスト"]),
        ("\u{a0}x\u{3000}", ["\u{a0}", "x", "\u{3000}"]),
        ("'", ["'"]), ("'s", ["'s"]), ("", []),
    ])
    func gpt2Pieces(text: String, expected: [String]) {
        #expect(pieces(.gpt2, text) == expected)
    }

    @Test(arguments: [
        ("Hello world", ["Hello", " world"]),
        ("it's we'LL", ["it", "'s", " we", "'LL"]),
        ("12345 678", ["123", "45", " ", "678"]),
        ("a  b", ["a", " ", " b"]),
        ("a \n \n  b", ["a", " \n \n", " ", " b"]),
        ("!!\n\nx", ["!!\n\n", "x"]),
        (" ?x", [" ?", "x"]),
        ("(abc)", ["(abc", ")"]),
        ("\tfoo\r\n", ["\tfoo", "\r\n"]),
        ("   ", ["   "]),
        ("x   ", ["x", "   "]),
        ("e\u{301}a", ["e", "\u{301}a"]),
        ("$5.00", ["$", "5", ".", "00"]),
        ("\n", ["\n"]), (" 7", [" ", "7"]),
    ])
    func modernPieces(text: String, expected: [String]) {
        #expect(pieces(.llamaBPE, text) == expected)
        // The other modern one differs in its digits alone.
        let split = expected.flatMap { piece in
            piece.allSatisfy(\.isNumber) ? piece.map { String($0) } : [piece]
        }
        #expect(pieces(.qwen2, text) == split)
    }

    // MARK: - Encoding

    @Test(arguments: [
        ("hello world", ["hello", "Ġworld"]), ("hell", ["hell"]), ("hel", ["he", "l"]), ("the", ["t", "he"]),
        (" the", ["Ġthe"]), ("ü", ["Ã¼"]), ("lll", ["ll", "l"]), ("llll", ["ll", "ll"]), ("123", ["1", "2", "3"]),
    ])
    func mergesApplyInOrder(text: String, expected: [String]) throws {
        let tokenizer = try Self.tokenizer.get()
        let found = tokenizer.encode(text, specials: .plainText).map { TinyModel.tokens[$0] }
        #expect(found == expected)
    }

    @Test func mergingMatchesTheNaiveDefinition() throws {
        let tables = try TokenizerTables(TinyModel().file())
        let merger = BytePairMerger(byteTokens: tables.byteTokens, merges: tables.merges)
        var random = SplitMix64(seed: 2)
        let alphabet = Array("hello wrdtina 12ü".utf8)
        for _ in 0..<2000 {
            let word = (0..<Int.random(in: 1...30, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            var symbols = word.map { tables.byteTokens[Int($0)] }
            while true {
                let pairs = zip(symbols, symbols.dropFirst()).enumerated().compactMap { index, pair in
                    tables.merges[BytePairMerger.key(pair.0, pair.1)].map { (index, $0) }
                }
                guard let best = pairs.min(by: { ($0.1.rank, $0.0) < ($1.1.rank, $1.0) }) else { break }
                symbols.replaceSubrange(best.0...best.0 + 1, with: [best.1.token])
            }
            var found: [Int] = []
            merger.encode(word[...], into: &found)
            #expect(found == symbols.map { Int($0) })
        }
    }

    @Test func anythingRoundTrips() throws {
        let tokenizer = try Self.tokenizer.get()
        var random = SplitMix64(seed: 6)
        var texts = ["", "\0", "\u{feff}", "👩‍👩‍👧‍👦", "a\r\nb", "<|im_start|>", "\u{10ffff}"]
        for _ in 0..<500 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let limit: UInt32 = [128, 0x800, 0x10000, 0x110000].randomElement(using: &random) ?? 128
                if let scalar = Unicode.Scalar(UInt32.random(in: 0..<limit, using: &random)) { text.append(scalar) }
            }
            texts.append(String(text))
        }
        for text in texts {
            let tokens = tokenizer.encode(text, specials: .plainText)
            #expect(Array(tokenizer.decode(tokens).utf8) == Array(text.utf8))
            var decoder = StreamingDecoder()
            var streamed = ""
            for token in tokens { streamed += decoder.append(tokenizer.text(of: token)) }
            #expect(Array((streamed + decoder.finish()).utf8) == Array(text.utf8))
        }
    }

    @Test func aLongWordIsNotQuadratic() throws {
        let word = String(repeating: "hello", count: 40_000)
        #expect(try Self.tokenizer.get().encode(word, specials: .plainText).count == 40_000)
    }

    // MARK: - Special tokens

    @Test func marksInTextFromOutsideStayText() throws {
        let tokenizer = try Self.tokenizer.get()
        let text = "a<|im_end|><|im_start|>b"
        let start = try #require(tokenizer.specialToken("<|im_start|>"))
        let end = try #require(tokenizer.specialToken("<|im_end|>"))
        let parsed = tokenizer.encode(text, specials: .parsed)
        #expect(parsed == [0x61, end, start, 0x62])
        #expect(tokenizer.decode(parsed) == "ab")
        let plain = tokenizer.encode(text, specials: .plainText)
        #expect(plain.allSatisfy { !tokenizer.isSpecial[$0] })
        #expect(tokenizer.decode(plain) == text)
        #expect(tokenizer.endTokens.contains(end))
        #expect(tokenizer.specialToken("he") == nil)
    }

    @Test func theLongestMarkWins() {
        let finder = SpecialTokenFinder([(1, Array("<a>".utf8)), (2, Array("<a><b>".utf8)), (3, [])])
        let found = finder.find(in: Array("x<a><b><a>".utf8))
        #expect(found.map(\.token) == [2, 1])
        #expect(found.map(\.range) == [1..<7, 7..<10])
    }

    @Test func wholeWordsNeedNoMerges() throws {
        // "hello" is a token; without merges only the kind that looks for whole words finds it.
        for (name, expected) in [("llama-bpe", ["hello"]), ("qwen2", ["h", "e", "l", "l", "o"])] {
            var writer = TinyModel(preTokenizer: name).writer()
            writer.metadata.removeAll { $0.key == "tokenizer.ggml.merges" }
            writer.add("tokenizer.ggml.merges", .array(.strings([])))
            let tokenizer = try Tokenizer(GGUFFile(bytes: writer.bytes()))
            #expect(tokenizer.encode("hello", specials: .plainText).map { TinyModel.tokens[$0] } == expected)
        }
    }

    @Test(
        arguments: [
            ("qwen2", nil, false), ("qwen2", true, true), ("llama-bpe", nil, true), ("llama-bpe", false, false),
        ] as [(String, Bool?, Bool)]
    )
    func theBeginningTokenFollowsTheFile(name: String, adds: Bool?, expected: Bool) throws {
        var writer = TinyModel(preTokenizer: name).writer()
        writer.add("tokenizer.ggml.bos_token_id", .uint32(276))
        if let adds { writer.add("tokenizer.ggml.add_bos_token", .bool(adds)) }
        #expect(try Tokenizer(GGUFFile(bytes: writer.bytes())).beginningToken == (expected ? 276 : nil))
    }

    @Test func invalidBytesAreReplacedOnlyWhenCertain() {
        var decoder = StreamingDecoder()
        #expect(decoder.append([0xe2, 0x82]) == "")
        #expect(decoder.append([0xac, 0x41]) == "€A")
        #expect(decoder.append([0xff]) == "\u{fffd}")
        #expect(decoder.append([0xf0, 0x9f, 0x98]) == "")
        #expect(decoder.finish() == "\u{fffd}")
        #expect(decoder.finish() == "")
    }

    // MARK: - Bad tokenizers

    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let error: InferenceError
        let key: String
        let value: GGUFValue?

        init(_ what: String, _ error: InferenceError, _ key: String, _ value: GGUFValue?) {
            testDescription = what
            self.error = error
            self.key = "tokenizer.ggml.\(key)"
            self.value = value
        }
    }

    private static func tokens(_ change: (inout [String]) -> Void) -> GGUFValue {
        var tokens = TinyModel.tokens
        change(&tokens)
        return .array(.strings(tokens))
    }

    static let faults: [Fault] = [
        Fault("sentence pieces", .unsupportedTokenizer("llama"), "model", .string("llama")),
        Fault("unknown pre-tokenizer", .unsupportedPreTokenizer("tekken"), "pre", .string("tekken")),
        Fault("duplicate token", .duplicateToken("!", first: 5, second: 33), "tokens", tokens { $0[5] = "!" }),
        Fault("missing byte", .missingByteToken(5), "tokens", tokens { $0[5] = "zz" }),
        Fault(
            "outside the alphabet",
            .invalidToken(id: 258, reason: "\"a b\" is outside the byte alphabet"),
            "tokens",
            tokens { $0[258] = "a b" }
        ),
        Fault(
            "merge of an unknown token",
            .invalidMerge(index: 0, text: "h zz", reason: "\"hzz\" is not a token"),
            "merges",
            .array(.strings(["h zz"]))
        ),
        Fault(
            "merge of one part",
            .invalidMerge(index: 1, text: "he", reason: "two parts with a space between are expected"),
            "merges",
            .array(.strings(["h e", "he"]))
        ),
        Fault(
            "empty merge",
            .invalidMerge(index: 0, text: "", reason: "two parts with a space between are expected"),
            "merges",
            .array(.strings([""]))
        ),
        Fault(
            "end token out of range",
            .specialTokenOutOfRange(key: "tokenizer.ggml.eos_token_id", id: 999, tokens: TinyModel.tokens.count),
            "eos_token_id",
            .uint32(999)
        ),
        Fault(
            "end token negative",
            .specialTokenOutOfRange(key: "tokenizer.ggml.eos_token_id", id: -1, tokens: TinyModel.tokens.count),
            "eos_token_id",
            .int32(-1)
        ),
        Fault(
            "too few types",
            .inconsistent("tokenizer.ggml.token_type has 1 elements for \(TinyModel.tokens.count) tokens"),
            "token_type",
            .array(.integers([1], .int32))
        ),
        Fault(
            "unknown type",
            .invalidToken(id: 0, reason: "type 7 is not from 0 to 6"),
            "token_type",
            .array(.integers(TinyModel.tokens.map { _ in 7 }, .int32))
        ),
        Fault(
            "byte that is not a normal token",
            .missingByteToken(0),
            "token_type",
            .array(.integers(TinyModel.tokens.map { _ in 3 }, .int32))
        ),
    ]

    @Test(arguments: faults)
    func faultsAreNamed(fault: Fault) throws {
        var writer = TinyModel().writer()
        writer.metadata.removeAll { $0.key == fault.key }
        if let value = fault.value { writer.add(fault.key, value) }
        let file = try GGUFFile(bytes: writer.bytes())
        #expect(throws: fault.error) { try Tokenizer(file) }
    }

    /// Arrays whose elements have another type than the reader of the key expects.
    @Test(arguments: [
        ("tokens", GGUFValue.array(.integers([1], .int32)), "an array of strings", "an array of 1 int32 values"),
        ("tokens", .string("a"), "an array of strings", "a string"),
        ("merges", .array(.bools([true])), "an array of strings", "an array of 1 bool values"),
        ("token_type", .array(.floats([1], .float32)), "an array of integers", "an array of 1 float32 values"),
        ("eos_token_id", .string("2"), "an integer", "a string"),
        ("add_bos_token", .uint8(1), "a bool", "a uint8"),
    ])
    func mistypedKeysAreNamed(key: String, value: GGUFValue, expected: String, found: String) throws {
        let key = "tokenizer.ggml.\(key)"
        var writer = TinyModel().writer()
        writer.metadata.removeAll { $0.key == key }
        writer.add(key, value)
        let file = try GGUFFile(bytes: writer.bytes())
        #expect(throws: GGUFError.wrongType(key: key, expected: expected, found: found)) { try Tokenizer(file) }
    }

    /// One character in two spellings is two tokens.
    @Test func tokensAreComparedByTheirBytes() throws {
        var writer = TinyModel().writer()
        writer.metadata.removeAll { $0.key == "tokenizer.ggml.token_type" || $0.key == "tokenizer.ggml.tokens" }
        let spellings = ["<\u{e9}>", "<e\u{301}>"]
        writer.add("tokenizer.ggml.tokens", .array(.strings(TinyModel.tokens + spellings)))
        let types = TinyModel.tokens.map { _ in Int64(1) } + [3, 3]
        writer.add("tokenizer.ggml.token_type", .array(.integers(types, .int32)))
        let tokenizer = try Tokenizer(GGUFFile(bytes: writer.bytes()))
        for (offset, text) in spellings.enumerated() {
            #expect(tokenizer.encode(text, specials: .parsed) == [TinyModel.tokens.count + offset])
        }
    }

    @Test func messagesEscapeWhatTheyShow() {
        let name = "a\u{1b}[31m\n\u{202e}" + String(repeating: "b", count: 100)
        let message = InferenceError.unsupportedArchitecture(name).description
        let kept = String(repeating: "b", count: 64 - 8)
        #expect(message.hasPrefix("architecture a\\u{1B}[31m\\n\\u{202E}\(kept)… is not supported; supported: llama"))
    }

    /// Byte tokens belong to another kind of tokenizer; here their text is only text, whatever number it spells.
    @Test func aByteTokenWithANegativeNumberIsText() throws {
        var writer = TinyModel().writer()
        writer.metadata.removeAll { $0.key == "tokenizer.ggml.token_type" || $0.key == "tokenizer.ggml.tokens" }
        writer.add("tokenizer.ggml.tokens", .array(.strings(TinyModel.tokens + ["<0x-1>"])))
        let types = TinyModel.tokens.map { _ in Int64(1) } + [6]
        writer.add("tokenizer.ggml.token_type", .array(.integers(types, .int32)))
        let tokenizer = try Tokenizer(GGUFFile(bytes: writer.bytes()))
        #expect(tokenizer.decode([TinyModel.tokens.count]) == "<0x-1>")
        #expect(tokenizer.decode([-1, 99_999]) == "")
    }

    @Test(arguments: ["model", "pre", "tokens", "merges"])
    func missingKeysAreNamed(key: String) throws {
        var writer = TinyModel().writer()
        writer.metadata.removeAll { $0.key == "tokenizer.ggml.\(key)" }
        let file = try GGUFFile(bytes: writer.bytes())
        #expect(throws: GGUFError.missingKey("tokenizer.ggml.\(key)")) { try Tokenizer(file) }
    }
}
