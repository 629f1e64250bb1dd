import SeededRandom
import Testing

@testable import GGUF
@testable import Tokenizers

/// Files that must be refused, and files that are as large as they may be.
@Suite struct TokenizerFaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let error: TokenizerError
        let key: String
        let value: GGUFValue?

        init(_ what: String, _ error: TokenizerError, _ key: String, _ value: GGUFValue?) {
            testDescription = what
            self.error = error
            self.key = key
            self.value = value
        }
    }

    private static func tokens(_ change: (inout [String]) -> Void) -> GGUFValue {
        var tokens = TinyTokenizer.tokens
        change(&tokens)
        return .array(.strings(tokens))
    }

    private static let count = TinyTokenizer.tokens.count

    static let faults: [Fault] = [
        Fault("word pieces", .unsupportedTokenizer("bert"), "model", .string("bert")),
        Fault("unknown pre-tokenizer", .unsupportedPreTokenizer("poro-chat"), "pre", .string("poro-chat")),
        Fault("duplicate token", .duplicateToken("!", first: 5, second: 33), "tokens", tokens { $0[5] = "!" }),
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
            .specialTokenOutOfRange(key: "tokenizer.ggml.eos_token_id", id: 999, tokens: count),
            "eos_token_id",
            .uint32(999)
        ),
        Fault(
            "end token negative",
            .specialTokenOutOfRange(key: "tokenizer.ggml.eos_token_id", id: -1, tokens: count),
            "eos_token_id",
            .int32(-1)
        ),
        Fault(
            "too few types",
            .wrongCount(key: "tokenizer.ggml.token_type", elements: 1, tokens: count),
            "token_type",
            .array(.integers([1], .int32))
        ),
        Fault(
            "unknown type",
            .invalidToken(id: 0, reason: "type 7 is not from 0 to 6"),
            "token_type",
            .array(.integers(TinyTokenizer.tokens.map { _ in 7 }, .int32))
        ),
        Fault(
            "no normal tokens",
            .noByteTokens,
            "token_type",
            .array(.integers(TinyTokenizer.tokens.map { _ in 3 }, .int32))
        ),
        Fault("no tokens", .noByteTokens, "tokens", .array(.strings([]))),
    ]

    @Test(arguments: faults)
    func faultsAreNamed(fault: Fault) throws {
        var tiny = TinyTokenizer.byteLevel()
        tiny.set(fault.key, fault.value)
        if fault.testDescription == "no tokens" {
            for key in ["token_type", "eos_token_id"] { tiny.set(key, nil) }
        }
        let file = try GGUFFile(bytes: tiny.writer.bytes())
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
        var tiny = TinyTokenizer.byteLevel()
        tiny.set(key, value)
        let file = try GGUFFile(bytes: tiny.writer.bytes())
        let error = GGUFError.wrongType(key: "tokenizer.ggml.\(key)", expected: expected, found: found)
        #expect(throws: error) { try Tokenizer(file) }
    }

    @Test(arguments: ["model", "pre", "tokens", "merges"])
    func missingKeysAreNamed(key: String) throws {
        var tiny = TinyTokenizer.byteLevel()
        tiny.set(key, nil)
        let file = try GGUFFile(bytes: tiny.writer.bytes())
        #expect(throws: GGUFError.missingKey("tokenizer.ggml.\(key)")) { try Tokenizer(file) }
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func scoresMustBeNumbers(score: Double) throws {
        var tiny = TinyTokenizer.sentencePiece()
        let count = 259 + TinyTokenizer.pieces.count
        tiny.set("scores", .array(.floats((0..<count).map { $0 == 300 - 20 ? score : 0 }, .float32)))
        let error = TokenizerError.invalidToken(id: 280, reason: "its score is not a number that can be compared")
        #expect(throws: error) { try tiny.tokenizer() }
    }

    @Test func scoresAreCountedAndMayBeIntegers() throws {
        var tiny = TinyTokenizer.sentencePiece()
        let count = 259 + TinyTokenizer.pieces.count
        let expected = try tiny.tokenizer().encode("hello the world", specials: .plainText)
        tiny.set("scores", .array(.integers((0..<count).map { -Int64($0) }, .int32)))
        #expect(try tiny.tokenizer().encode("hello the world", specials: .plainText) == expected)
        tiny.set("scores", .array(.floats([1], .float32)))
        let error = TokenizerError.wrongCount(key: "tokenizer.ggml.scores", elements: 1, tokens: count)
        #expect(throws: error) { try tiny.tokenizer() }
        tiny.set("scores", .array(.strings(["a"])))
        let mistyped = GGUFError.wrongType(
            key: "tokenizer.ggml.scores",
            expected: "an array of numbers",
            found: "an array of 1 string values"
        )
        #expect(throws: mistyped) { try tiny.tokenizer() }
        tiny.set("scores", nil)
        #expect(throws: GGUFError.missingKey("tokenizer.ggml.scores")) { try tiny.tokenizer() }
    }

    /// One character in two spellings is two tokens.
    @Test func tokensAreComparedByTheirBytes() throws {
        let spellings = ["<\u{e9}>", "<e\u{301}>"]
        let tokenizer = try TinyTokenizer.byteLevel(tokens: TinyTokenizer.tokens + spellings).tokenizer()
        for (offset, text) in spellings.enumerated() {
            #expect(tokenizer.encode(text, specials: .parsed) == [TinyTokenizer.tokens.count + offset])
        }
    }

    /// A token outside the byte alphabet stands for itself, and so does a byte token that names no byte.
    @Test func oddTokensAreText() throws {
        let more: [(String, Int64)] = [
            ("a b", 1), ("用户", 1), ("<0x-1>", 6), ("<0x4g>", 6), ("", 1), ("", 1), ("<0x4a>", 6),
        ]
        var tiny = TinyTokenizer.byteLevel(tokens: TinyTokenizer.tokens + more.map(\.0))
        tiny.set("token_type", .array(.integers(TinyTokenizer.tokens.map { _ in 1 } + more.map(\.1), .int32)))
        let tokenizer = try tiny.tokenizer()
        let texts = more.indices.map { tokenizer.decode([Self.count + $0]) }
        #expect(texts == ["a b", "用户", "<0x-1>", "<0x4g>", "", "", "J"])
    }

    @Test func specialTokensAreBounded() throws {
        let long = String(repeating: "a", count: Tokenizer.specialBytesLimit)
        let tiny = TinyTokenizer.byteLevel(tokens: TinyTokenizer.tokens + [long])
        let bytes = long.utf8.count + TinyTokenizer.specials.joined().utf8.count
        let error = TokenizerError.specialTokensTooLong(bytes: bytes, limit: Tokenizer.specialBytesLimit)
        #expect(throws: error) { try tiny.tokenizer() }
    }

    @Test func messagesEscapeWhatTheyShow() {
        let name = "a\u{1b}[31m\n\u{202e}" + String(repeating: "b", count: 100)
        let kept = String(repeating: "b", count: 64 - 8)
        let message = TokenizerError.unsupportedTokenizer(name).description
        let supported = "gpt2 (byte-level BPE), llama (SentencePiece BPE), gemma4 (BPE with byte tokens)"
        #expect(message == "tokenizer a\\u{1B}[31m\\n\\u{202E}\(kept)… is not supported; supported: \(supported)")
        #expect(TokenizerError.unsupportedPreTokenizer("x").description.contains("supported: codeshell, command-r, "))
    }

    /// Whatever is changed in the metadata: an error or a tokenizer that works, never a crash.
    @Test(arguments: 0..<6 as Range<UInt64>)
    func mutatedTokenizersAreSurvived(seed: UInt64) throws {
        let tiny: [TinyTokenizer] = [.byteLevel("tekken"), .sentencePiece([("<a>", 4)]), .gemma([("<a>", 4)])]
        let good = tiny[Int(seed % 3)].writer.bytes()
        var random = SplitMix64(seed: seed)
        var taken = 0
        for _ in 0..<500 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let file = try? GGUFFile(bytes: bytes), let tokenizer = try? Tokenizer(file) else { continue }
            taken += 1
            for text in ["hello  the <a></s><|im_end|>\n\n12日本\u{301}", RandomText.make(&random)] {
                for mode in [Tokenizer.SpecialTokens.parsed, .plainText] {
                    let tokens = tokenizer.encode([TextPart(text, specials: mode)], addsBoundaries: true).tokens
                    #expect(tokens.allSatisfy { (0..<tokenizer.size).contains($0) })
                    _ = tokenizer.decode(tokens)
                }
            }
        }
        #expect(taken > 0)
    }

    /// As large as the largest that there are: 262,144 tokens and 600,000 merges.
    @Test func aLargeVocabularyIsTaken() throws {
        let alphabet = Array("abcdefghijklmnop")
        func word(_ number: Int) -> String { String((0..<5).map { alphabet[number >> ($0 * 4) & 15] }) }
        var tokens = ByteAlphabet.scalars.map { String(Character($0)) }
        var known = Set(tokens)
        func add(_ text: Substring) { if known.insert(String(text)).inserted { tokens.append(String(text)) } }
        // Whatever a merge needs comes before it.
        var merges: [String] = []
        var number = 0
        while merges.count < 600_000 {
            let text = word(number &* 40_503 & 0xfffff)
            number += 1
            for end in 2...5 where tokens.count < 262_144 || known.contains(String(text.prefix(end))) {
                for cut in 1..<end {
                    let left = text.prefix(cut), right = text.prefix(end).dropFirst(cut)
                    if tokens.count + 3 > 262_144, !known.contains(String(left)) || !known.contains(String(right)) {
                        continue
                    }
                    add(left)
                    add(right)
                    add(text.prefix(end))
                    merges.append("\(left) \(right)")
                }
            }
            if number > 1 << 20 { break }
        }
        tokens += (0..<max(0, 262_144 - tokens.count)).map { "q\($0)" }
        var tiny = TinyTokenizer.byteLevel(tokens: tokens)
        tiny.set("token_type", nil)
        tiny.set("merges", .array(.strings(Array(merges.prefix(600_000)))))
        let tokenizer = try tiny.tokenizer()
        #expect(tokenizer.size == 262_144)
        #expect(merges.count >= 600_000)
        let text = (0..<2_000).map { word($0 &* 977 & 0xfffff) }.joined(separator: " ")
        #expect(tokenizer.decode(tokenizer.encode(text, specials: .plainText)) == text)
    }
}
