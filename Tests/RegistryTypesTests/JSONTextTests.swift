import StrictJSON
import Testing

/// JSON is read exactly.
@Suite struct JSONTextTests {
    static let readable: [(text: String, value: JSONValue)] = [
        ("null", .null), (" true\n", .bool(true)), ("false", .bool(false)), ("0", .number(0)), ("-0", .number(0)),
        ("-12.5e+1", .number(-125)), ("1E2", .number(100)), ("\"\"", .string("")),
        ("\"a\\n\\t\\r\\b\\f\\/\\\\\\\"\"", .string("a\n\t\r\u{8}\u{c}/\\\"")),
        ("\"\\u00e4\\ud83d\\ude00ä\"", .string("ä😀ä")), ("\"\\u0000\"", .string("\0")),
        ("[]", .array([])), ("[1, [2]]", .array([.number(1), .array([.number(2)])])),
        ("{}", .object([:])),
        ("{\"a\": {\"b\": null}, \"\": 1}", .object(["a": .object(["b": .null]), "": .number(1)])),
    ]

    @Test(arguments: readable)
    func reads(_ text: String, _ value: JSONValue) throws {
        #expect(try JSONText.parse(text) == value)
        let stored = try CanonicalJSON.encode(value)
        #expect(try CanonicalJSON.decode(JSONValue.self, from: stored) == value)
    }

    static let refused: [(text: String, error: JSONTextError)] = [
        ("", .endsEarly), (" ", .endsEarly), ("[", .endsEarly), ("{\"a\"", .endsEarly), ("\"a", .endsEarly),
        ("tru", .endsEarly), ("\"\\u12", .endsEarly), ("\"\\ud800\"", .endsEarly),
        ("trie", .unexpected(offset: 2)), ("True", .unexpected(offset: 0)), ("'a'", .unexpected(offset: 0)),
        ("[1,]", .unexpected(offset: 3)), ("[1 2]", .unexpected(offset: 3)), ("{a: 1}", .unexpected(offset: 1)),
        ("{\"a\":1,}", .unexpected(offset: 7)), ("NaN", .unexpected(offset: 0)), ("\u{feff}1", .unexpected(offset: 0)),
        ("1 2", .trailing(offset: 2)), ("{} x", .trailing(offset: 3)), ("1.5.2", .trailing(offset: 3)),
        ("01", .badNumber(offset: 0)), ("-", .badNumber(offset: 0)), ("1.", .badNumber(offset: 0)),
        ("1e", .badNumber(offset: 0)), ("[1e999]", .badNumber(offset: 1)), ("--1", .badNumber(offset: 0)),
        ("\"a\nb\"", .badString(offset: 0)), ("\"\\x\"", .badString(offset: 0)), ("\"\\udc00\"", .badString(offset: 0)),
        ("\"\\ud800abcdef\"", .badString(offset: 0)), ("\"\\ud800\\u0041\"", .badString(offset: 0)),
        ("\"\\u+123\"", .badString(offset: 0)),
        ("{\"a\":1,\"\\u0061\":2}", .duplicateKey("a")),
    ]

    @Test(arguments: refused)
    func refuses(_ text: String, _ error: JSONTextError) {
        #expect(throws: error) { try JSONText.parse(text) }
    }

    @Test func nestingIsReadToItsLimitAndRefusedPastIt() throws {
        func nest(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONText.parse(nest(JSONText.maximumDepth))
        #expect(throws: JSONTextError.tooDeep(offset: JSONText.maximumDepth)) {
            try JSONText.parse(nest(JSONText.maximumDepth + 1))
        }
        #expect(throws: JSONTextError.self) { try JSONText.parse(String(repeating: "[", count: 1_000_000)) }
    }

    @Test func keysThatLookEqualAreDifferentKeys() throws {
        let value = try JSONText.parse("{\"\u{e9}\": 1, \"e\": 2}")
        #expect(value == .object(["\u{e9}": .number(1), "e": .number(2)]))
    }

    /// A member as it is written, wherever it stands, and nothing that only looks like it.
    @Test(
        arguments: [
            (#"{"a": 1}"#, "1"), (#"{"b":{"a":2}, "a" : [1,  {"z": 1, "y": 2}] , "c": 3}"#, #"[1,  {"z": 1, "y": 2}]"#),
            (#"{"\u0061": "\u0061"}"#, #""\u0061""#), (#"{}"#, nil), (#"{"b": "a"}"#, nil), (" {\"a\":null}", "null"),
        ] as [(String, String?)]
    )
    func aMemberIsGivenAsItIsWritten(_ text: String, _ member: String?) throws {
        #expect(try JSONText.member("a", of: text) == member)
    }

    @Test func onlyObjectsHaveMembers() {
        for text in ["[]", "1", "", "{", #"{"b"#, #"{"b": }"#] {
            #expect(throws: JSONTextError.self) { try JSONText.member("a", of: text) }
        }
    }
}
