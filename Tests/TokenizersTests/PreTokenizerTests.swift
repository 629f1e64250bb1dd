import Testing

@testable import Tokenizers

@Suite struct PreTokenizerTests {
    private func pieces(_ kind: PreTokenizer, _ text: String) -> [String] {
        let bytes = Array(text.utf8)
        var start = 0
        return kind.pieceEnds(ScalarText(text)).map { end in
            defer { start = end }
            return String(decoding: bytes[start..<end], as: UTF8.self)
        }
    }

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
    func gpt2(text: String, expected: [String]) {
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
    func llamaAndQwen(text: String, expected: [String]) {
        #expect(pieces(.llamaBPE, text) == expected)
        // The other one differs in its digits alone.
        let split = expected.flatMap { piece in
            piece.allSatisfy(\.isNumber) ? piece.map { String($0) } : [piece]
        }
        #expect(pieces(.qwen2, text) == split)
    }

    @Test(
        arguments: [
            (.qwen35, "e\u{301}a \u{301}x!\u{301}", ["e\u{301}a", " \u{301}x", "!\u{301}"]),
            (.qwen35, "हिन्दी 12", ["हिन्दी", " ", "1", "2"]),
            (.starcoder, "a 12", ["a", " ", "1", "2"]),
            (.smollm, "x1  2", ["x", "1", "  ", "2"]),
            (.other, "a-b 12345!?x", ["a", "-", "b", " ", "123", "45", "!?", "x"]),
            (.falcon, "a`b 1234", ["a", "`", "b", " ", "123", "4"]),
            (.deepseekLLM, "Hello 世界 a1\nb", ["Hello", " ", "世界", " a", "1", "\n", "b"]),
            (.deepseekLLM, "x.. y  ", ["x", "..", " y", "  "]),
            (.deepseekCoder, "a 1+2 (世界)", ["a", " ", "1", "+", "2", " (", "世界", ")"]),
            (.gemma4, "a b\n\n\nc", ["a b", "\n\n\n", "c"]),
        ] as [(PreTokenizer, String, [String])]
    )
    func others(kind: PreTokenizer, text: String, expected: [String]) {
        #expect(pieces(kind, text) == expected)
    }

    @Test(arguments: [
        ("HelloWorld", ["Hello", "World"]),
        ("HTTPServer", ["HTTPServer"]),
        ("camelCaseABC", ["camel", "Case", "ABC"]),
        ("élanÉLAN", ["élan", "ÉLAN"]),
        ("हिन्दी", ["हिन्दी"]),
        ("日本ABC", ["日本", "ABC"]),
        ("\u{301}ABC", ["\u{301}", "ABC"]),
        ("(abc) x/y//\n", ["(abc", ")", " x", "/y", "//\n"]),
        ("a  b\n c", ["a", " ", " b", "\n", " c"]),
    ])
    func wordsThatChangeCaseOnce(text: String, expected: [String]) {
        #expect(pieces(.tekken, text) == expected)
        #expect(pieces(.gpt4o, text) == expected)
    }

    @Test func theTwoDifferInDigitsAndContractions() {
        #expect(pieces(.tekken, "It's 1234") == ["It", "'s", " ", "1", "2", "3", "4"])
        #expect(pieces(.gpt4o, "It's 1234") == ["It's", " ", "123", "4"])
        #expect(pieces(.gpt4o, "WE'LL'") == ["WE'LL", "'"])
    }

    @Test func everyNameIsFoundOnce() throws {
        for kind in PreTokenizer.allCases {
            for name in kind.names { #expect(try PreTokenizer(name: name) == kind) }
        }
        let names = PreTokenizer.allCases.flatMap(\.names)
        #expect(Set(names).count == names.count)
        #expect(throws: TokenizerError.unsupportedPreTokenizer("x")) { try PreTokenizer(name: "x") }
    }

    /// Texts at which an expression that tries again and again would never come to an end.
    @Test(arguments: PreTokenizer.allCases)
    func noTextTakesLong(kind: PreTokenizer) {
        for unit in ["a", "A", " ", "\n", " \n", "1", "'", "\u{301}", "日A", "\u{301}A", "-", " 日", "é\t", "\u{3000}"] {
            let count = 300_000 / unit.utf8.count
            for text in [String(repeating: unit, count: count), String(repeating: unit, count: count) + "x"] {
                let ends = kind.pieceEnds(ScalarText(text))
                #expect(ends.last == text.utf8.count)
                #expect(zip(ends, ends.dropFirst()).allSatisfy { $0 < $1 })
            }
        }
    }

    // MARK: - Classes

    @Test func everyScalarHasAClass() {
        #expect(CharacterClass.table.count == 0x110000)
        let known: [(UInt32, CharacterClass)] = [
            (0x41, .uppercase), (0x1c5, .uppercase), (0x61, .lowercase), (0x2b0, .caseless), (0x4e00, .caseless),
            (0x301, .mark), (0x35, .number), (0xbd, .number), (0x21, .punctuation), (0x24, .symbol), (0x20, .space),
            (0x85, .space), (0x2028, .space), (0x3000, .space), (0x200b, .other), (0x00, .other), (0xe000, .other),
            (0x1f600, .symbol), (0x31350, .caseless), (0x10ffff, .other),
        ]
        for (scalar, kind) in known {
            #expect(CharacterClass.table[Int(scalar)] == kind, "U+\(String(scalar, radix: 16))")
        }
    }

    /// The standard library has a Unicode database of its own: where both are of one version they agree, and what a later
    /// one added was not assigned before.
    @Test func classesAgreeWithTheStandardLibrary() {
        for value in UInt32(0)...0x10ffff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let kind = CharacterClass.table[Int(value)]
            #expect((kind == .space) == scalar.properties.isWhitespace, "U+\(String(value, radix: 16))")
            let isLetter =
                switch scalar.properties.generalCategory {
                case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
                default: false
                }
            if kind != .other {
                #expect(CharacterClasses.letters.contains(kind) == isLetter, "U+\(String(value, radix: 16))")
            }
        }
    }
}
