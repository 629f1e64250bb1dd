import Digests
import Foundation
import RegistryTypes
import SeededRandom
import StrictJSON
import Testing
import UserDocuments

/// Canonical JSON: the vectors of RFC 8785, what whole numbers and bad values do, and digests that must never change.
@Suite struct CanonicalJSONTests {
    private func text(_ value: some Encodable, as form: CanonicalJSON.Form = .rfc8785) throws -> String {
        String(decoding: try CanonicalJSON.encode(value, as: form), as: UTF8.self)
    }

    // MARK: RFC 8785

    /// Appendix B: the bits of a number and how it is written.
    static let numbers: [(bits: UInt64, text: String)] = [
        (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "0"), (0x0000_0000_0000_0001, "5e-324"),
        (0x8000_0000_0000_0001, "-5e-324"), (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
        (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"), (0x4340_0000_0000_0000, "9007199254740992"),
        (0xc340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
        (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"), (0x44b5_2d02_c7e1_4af6, "1e+23"),
        (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"), (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
        (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"), (0x444b_1ae4_d6e2_ef50, "1e+21"),
        (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"), (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
        (0x41b3_de43_5555_5553, "333333333.3333332"), (0x41b3_de43_5555_5554, "333333333.33333325"),
        (0x41b3_de43_5555_5555, "333333333.3333333"), (0x41b3_de43_5555_5556, "333333333.3333334"),
        (0x41b3_de43_5555_5557, "333333333.33333343"), (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
        (0x4314_3ff3_c1cb_0959, "1424953923781206.2"), (0x4340_0000_0000_0001, "9007199254740994"),
    ]

    @Test(arguments: numbers) func numbersAreWrittenAsECMAScriptDoes(_ bits: UInt64, _ written: String) throws {
        let number = Double(bitPattern: bits)
        #expect(try text(number) == written)
        #expect(try CanonicalJSON.decode(Double.self, from: Data(written.utf8)) == number)
    }

    /// Sections 3.2.2 and 3.2.3, and the files that the authors of the RFC publish with it.
    static let structures: [(given: String, canonical: String)] = [
        (
            #"""
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """#,
            #"{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        ),
        (
            #"""
            {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\u000a": "Newline", "1": "One", "\u0080": "Control\u007f",
             "\ud83d\ude02": "Smiley", "\u00f6": "Latin Small Letter O With Diaeresis",
             "\ufb33": "Hebrew Letter Dalet With Dagesh", "</script>": "Browser Challenge"}
            """#,
            "{\"\\n\":\"Newline\",\"\\r\":\"Carriage Return\",\"1\":\"One\",\"</script>\":\"Browser Challenge\","
                + "\"\u{80}\":\"Control\u{7f}\",\"ö\":\"Latin Small Letter O With Diaeresis\",\"€\":\"Euro Sign\","
                + "\"😂\":\"Smiley\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}"
        ),
        (
            #"{"1": {"f": {"f": "hi","F": 5} ,"\n": 56.0}, "10": { }, "": "empty", "a": { }, "111": [ {"e": "yes","E": "no" } ], "A": { }}"#,
            #"{"":"empty","1":{"\n":56,"f":{"F":5,"f":"hi"}},"10":{},"111":[{"E":"no","e":"yes"}],"A":{},"a":{}}"#
        ),
        (#"[56, {"d": true, "10": null, "1": [ ]}]"#, #"[56,{"1":[],"10":null,"d":true}]"#),
        (
            #"{"peach": "This", "péché": "is wrong", "pêche": "but", "sin": "ignore"}"#,
            #"{"peach":"This","péché":"is wrong","pêche":"but","sin":"ignore"}"#
        ),
        (#"{"Unnormalized Unicode":"A\u030a"}"#, "{\"Unnormalized Unicode\":\"A\u{30a}\"}"),
    ]

    @Test(arguments: structures) func valuesAreWrittenAsTheRFCDoes(_ given: String, _ canonical: String) throws {
        let bytes = try CanonicalJSON.encode(JSONText.parse(given))
        // Compared byte by byte: equal texts may differ in how their letters are composed.
        #expect(Array(bytes) == Array(canonical.utf8))
        #expect(try CanonicalJSON.encode(JSONText.parse(canonical)) == bytes)
    }

    // MARK: Whole numbers

    @Test func aWholeNumberThatDoublePrecisionDoesNotHoldIsAText() throws {
        let exact: UInt64 = 1 << 53
        #expect(try text([exact, exact + 1, .max]) == #"[9007199254740992,"9007199254740993","18446744073709551615"]"#)
        #expect(
            try text([Int64.min, -9_007_199_254_740_993, -9_007_199_254_740_992])
                == #"["-9223372036854775808","-9007199254740993",-9007199254740992]"#
        )
        for numbers: [UInt64] in [[0, exact, exact + 1, .max], [.max - 3]] {
            for form in CanonicalJSON.Form.allCases {
                #expect(
                    try CanonicalJSON.decode([UInt64].self, from: CanonicalJSON.encode(numbers, as: form)) == numbers
                )
            }
        }
        #expect(try text([UInt64.max], as: .foundation) == "[18446744073709551615]")
    }

    @Test(arguments: [
        #""12""#, #""9007199254740992""#, #""+9007199254740993""#, #""09007199254740993""#, "1.5", "1e30", "true",
    ])
    func anyOtherTextOrNumberIsNoWholeNumber(_ json: String) {
        #expect(throws: DecodingError.self) { try CanonicalJSON.decode(UInt64.self, from: Data(json.utf8)) }
        #expect(throws: DecodingError.self) { try CanonicalJSON.decode(Int8.self, from: Data(json.utf8)) }
    }

    @Test func aNumberThatIsNotFiniteIsRefused() {
        for number in [Double.nan, .infinity, -.infinity] {
            #expect(throws: EncodingError.self) { try CanonicalJSON.encode(["a": [number]]) }
        }
    }

    /// Remembers the places it was written to, nested ones too, without holding them.
    private final class Places: Encodable {
        struct Place { weak var encoder: AnyObject? }

        private(set) var seen: [Place] = []
        let inner: Places?

        init(inner: Places? = nil) { self.inner = inner }

        private enum CodingKeys: String, CodingKey { case inner, list }

        func encode(to encoder: any Encoder) throws {
            seen.append(Place(encoder: encoder as AnyObject))
            var values = encoder.container(keyedBy: CodingKeys.self)
            try values.encodeIfPresent(inner, forKey: .inner)
            var list = values.nestedUnkeyedContainer(forKey: .list)
            try list.encode([1])
        }
    }

    @Test func nothingOfAWrittenValueStaysInMemory() throws {
        let inner = Places(), outer = Places(inner: inner)
        #expect(try text(outer) == #"{"inner":{"list":[[1]]},"list":[[1]]}"#)
        #expect(outer.seen.count == 1 && inner.seen.count == 1)
        #expect((outer.seen + inner.seen).allSatisfy { $0.encoder == nil })
    }

    // MARK: Reading

    static let unreadable = [
        "", "{", #"{"a":1,"a":2}"#, #"{"a":1} x"#, #"{"a":01}"#, #"{"a":"1"}"#, #"{"b":1}"#, #"{"a":null}"#, "[1]",
        "null",
    ]

    @Test(arguments: unreadable) func whatIsNotTheValueIsADecodingError(_ json: String) {
        struct Value: Codable { let a: Int }
        #expect(throws: DecodingError.self) { try CanonicalJSON.decode(Value.self, from: Data(json.utf8)) }
    }

    @Test func anErrorSaysWhereTheValueStands() throws {
        let error = #expect(throws: DecodingError.self) {
            try CanonicalJSON.decode([String: [Int]].self, from: Data(#"{"numbers":[1,2,"x"]}"#.utf8))
        }
        guard case .typeMismatch(_, let context) = error else {
            Issue.record("it is \(String(describing: error))")
            return
        }
        #expect(context.codingPath.map(\.stringValue) == ["numbers", "2"])
    }

    @Test func aDocumentThatIsNestedAsDeepAsMayBeCanBeStoredInsideAnEvent() throws {
        var value = JSONValue.number(1)
        for _ in 0..<JSONText.maximumDepth { value = .array([value]) }
        let inside = ["document": ["output": ["schema": value]]]
        let read = try CanonicalJSON.decode(
            [String: [String: [String: JSONValue]]].self,
            from: CanonicalJSON.encode(inside)
        )
        #expect(read == inside)
        let bomb = Data((String(repeating: "[", count: 100_000)).utf8)
        #expect(throws: DecodingError.self) { try CanonicalJSON.decode(JSONValue.self, from: bomb) }
    }

    /// Every way in which a value can be put into JSON.
    struct Everything: Hashable, Codable {
        enum Word: String, Codable { case one, two }
        class Kind: Codable {}
        struct Single: Hashable, Codable {
            let number: Int
            init(_ number: Int) { self.number = number }
            init(from decoder: any Decoder) throws { number = try decoder.singleValueContainer().decode(Int.self) }
            func encode(to encoder: any Encoder) throws {
                var container = encoder.singleValueContainer()
                try container.encode(number)
            }
        }
        var whole = -7, small: UInt8 = 255, real = 0.1, single: Float = 0.5, truth = true, text = "é\u{1}/\"\\"
        var word = Word.two, missing: Int?, list: [Double?] = [1.5, nil],
            words: [String: Word] = ["b": .one, "a": .two]
        var byNumber: [Int: String] = [10: "ten", 9: "nine"], nested: [[Single]] = [[Single(1)], []],
            bytes = Data([0, 255])
        var json = JSONValue.object(["x": .array([.null, .bool(false)])])
    }

    @Test(arguments: CanonicalJSON.Form.allCases) func everyValueComesBackInBothForms(
        _ form: CanonicalJSON.Form
    ) throws {
        let value = Everything()
        let bytes = try CanonicalJSON.encode(value, as: form)
        #expect(try CanonicalJSON.decode(Everything.self, from: bytes) == value)
        #expect(try JSONDecoder().decode(Everything.self, from: bytes) == value)
    }

    // MARK: Digests

    static let prompt = """
        apiVersion: serin/v1
        kind: Prompt
        name: odd
        format: chatml
        messages:
          - { role: user, text: "{{ticket}} / é" }
        variables: { ticket: { required: true, maxLength: 2000 } }
        output:
          schema:
            type: object
            properties:
              "\\uFB33": { type: integer, maximum: 1e21 }
              "\\U0001F602": { type: number, minimum: -0.0000001 }
        decoding: { temperature: 0.7, minP: 0.0000001, maxTokens: 32 }
        """

    /// Both stand in logs: a change of one of these would make content that is known look new.
    @Test func digestsNeverChange() throws {
        let prompt = try #require(try Document.parse(Self.prompt, file: "p.yaml").first).content
        #expect(
            try prompt.digest(.rfc8785).hexadecimal
                == "785b8e3ba280a772b90032d7f109df72b21e00f86b7a4581b09ec0ab68f56287"
        )
        #expect(
            try prompt.digest(.foundation).hexadecimal
                == "6116bcc78069eb11e5126b34e38979ff7555131f63310d8681b2991bf59e177e"
        )
        #expect(try prompt.digests() == [prompt.digest(.rfc8785), prompt.digest(.foundation)])
        let manifest = try Manifest(files: [
            ArtifactFile(
                path: "model.gguf",
                digest: Digest(of: Data("weights".utf8)),
                sizeBytes: 1_530_000,
                role: .weights
            ),
            ArtifactFile(path: "card.md", digest: Digest(of: Data("card".utf8)), sizeBytes: 812, role: .card),
        ])
        #expect(try manifest.digest().hexadecimal == "cb0ba425117a291f222a78a4e03edf791478b1996c1eba185e828886797a2348")
        #expect(try manifest.digests().count == 1, "a manifest has the same bytes in both forms")
        let release = ReleaseContent(
            version: 3,
            manifest: try manifest.digest(),
            prompt: VersionID(try Name("odd"), 1),
            promptDigest: try prompt.digest(.foundation),
            decoding: DecodingSettings(temperature: 0.0000001, maxTokens: 64, stop: ["\n"])
        )
        #expect(
            try release.digest(.rfc8785).hexadecimal
                == "b60479be0d90807d5655ddb24c27d1d285759040457e3401fcc492b2137f054a"
        )
        #expect(
            try release.digest(.foundation).hexadecimal
                == "65d18d32dc2bed6eaa74eb61533aaa9557ded095e178bda6af00b7f82d56c03e"
        )
    }

    @Test func answersHoldWholeNumbersOfAnySize() throws {
        struct Seeds: Codable, Equatable {
            let seed: UInt64
            let least: Int64
        }
        let seeds = Seeds(seed: .max, least: .min)
        let text = String(decoding: try JSONText.encode(seeds), as: UTF8.self)
        #expect(text == #"{"least":-9223372036854775808,"seed":18446744073709551615}"#)
        #expect(try JSONDecoder().decode(Seeds.self, from: Data(text.utf8)) == seeds)
    }

    /// What is said to be alike in all forms is written once; that must never hide a form with other bytes.
    @Test func encodingsAreThoseOfEveryForm() throws {
        var random = SplitMix64(seed: 20_261_130)
        let pieces = [
            "a", "B", "Z", "_", "9", "10", "é", "\u{e000}", "\u{1f600}", "/", "\"", "\\", "\n", "\u{7f}", "e", " ",
        ]
        func text() -> String {
            let isPlain = random.next() % 2 == 0
            return (0..<Int(random.next() % 5)).map { _ in pieces[Int(random.next() % (isPlain ? 6 : 16))] }.joined()
        }
        func value(_ depth: Int) -> JSONValue {
            switch random.next() % (depth > 3 ? 4 : 6) {
            case 0: .string(text())
            case 1: .bool(random.next() % 2 == 0)
            case 2: .number([0, -0.0, 1, 0.1, 1e21, 12_345, 1e-7, 9_007_199_254_740_994][Int(random.next() % 8)])
            case 3: .null
            case 4: .array((0..<Int(random.next() % 4)).map { _ in value(depth + 1) })
            default:
                .object(
                    Dictionary((0..<Int(random.next() % 5)).map { _ in (text(), value(depth + 1)) }) { first, _ in first
                    }
                )
            }
        }
        struct Plain: Encodable {
            let texts: [String: [String]]
            let numbers: [String: Int64]
        }
        var alike = 0, different = 0
        func check(_ value: some Encodable) throws {
            let forms = try CanonicalJSON.Form.allCases.map { try CanonicalJSON.encode(value, as: $0) }
            let encodings = try CanonicalJSON.encodings(of: value)
            #expect(Set(encodings) == Set(forms), "\(String(decoding: encodings[0], as: UTF8.self))")
            #expect(try encodings.first == CanonicalJSON.encode(value))
            // What an answer of the API says is what Foundation would say, large whole numbers too.
            let answer = try JSONDecoder().decode(JSONValue.self, from: Data(JSONText.encode(value)))
            #expect(try answer == JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value)))
            if encodings.count == 1 { alike += 1 } else { different += 1 }
        }
        for _ in 0..<2_000 {
            try check(value(0))
            let numbers: [Int64] = [0, -1, 1 << 53, (1 << 53) + 1, .max, .min]
            try check(
                Plain(
                    texts: [text(): [text(), text()], text() + "x": []],
                    numbers: [text(): numbers[Int(random.next() % 6)], text() + "y": 7]
                )
            )
        }
        #expect(alike > 500 && different > 500)
    }
}
