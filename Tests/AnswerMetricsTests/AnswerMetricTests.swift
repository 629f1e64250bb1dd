import Testing

@testable import AnswerMetrics

/// Values by hand, and what texts of somebody else may cost.
@Suite struct AnswerMetricTests {
    @Test(
        arguments: [
            ("72", 72), ("The answer is 72.", 72), ("1,234.5 of 2,000", 2000), ("it fell by -3.5 %", -3.5), ("3-5", 5),
            ("−4", -4), ("2026-11-30", 30), ("A12", nil), ("no number", nil), ("", nil), ("1e3", 1000), ("1,23", 23),
            ("12,345,678", 12_345_678), ("1e999", nil), ("f(-2)", -2), ("(3)-2", 2), ("5.", 5), (".5", 5), ("1 000", 0),
            ("#### 18", 18), ("１２", nil), ("2x3", 2),
        ] as [(String, Double?)]
    )
    func theLastNumber(_ text: String, _ number: Double?) {
        #expect(AnswerNumber.last(in: text) == number)
    }

    @Test func tolerances() {
        #expect(
            NumberTolerance(absolute: 0.5).allows(10.5, for: 10)
                && !NumberTolerance(absolute: 0.5).allows(10.6, for: 10)
        )
        #expect(
            NumberTolerance(relative: 0.01).allows(-99, for: -100)
                && !NumberTolerance(relative: 0.01).allows(98, for: 100)
        )
        #expect(NumberTolerance().allows(3, for: 3) && !NumberTolerance().allows(3.0001, for: 3))
        #expect(!NumberTolerance(relative: 0.5).allows(.nan, for: 3))
    }

    @Test(
        arguments: [
            ("ab", "xaby", false, true), ("AB", "xaby", false, false), ("AB", "xaby", true, true),
            ("", "", false, true),
            ("aab", "aaaab", false, true), ("É", "caf\u{e9}", true, true), ("e\u{301}", "\u{e9}", false, false),
            ("straße", "STRASSE", true, false), ("a", "", false, false),
        ] as [(String, String, Bool, Bool)]
    )
    func textsThatOccur(_ part: String, _ text: String, _ ignoresCase: Bool, _ occurs: Bool) {
        #expect(TextSearch.occurs(part, in: text, ignoresCase: ignoresCase) == occurs)
    }

    @Test(
        arguments: [
            ("(?i)refund", "Your REFUND", true), (#"\bcat\b"#, "a catalog", false), (#"^\{.*\}$"#, #"{"a": 1}"#, true),
            (#"\d{3}-\d{4}"#, "call 555-1234 now", true), (#"\u{20AC}\s?\d"#, "€ 5", true), ("[^\\]]", "]", false),
            ("[]a]", "]", true), ("[a-]", "-", true), ("(a*)*b", "aaaa", false), ("a||b", "", true),
            ("é", "e\u{301}", false),
            ("(?i)É", "é", true), ("(?i)[À-Ö]", "é", true), ("^$", "", true), (".", "\n", false),
            (#"\w+@\w+"#, "ü@日", true),
            ("x{0}y", "y", true), ("(){100}a", "a", true),
        ]
    )
    func patternsByHand(_ source: String, _ text: String, _ occurs: Bool) throws {
        #expect(try AnswerPattern(source).occurs(in: text) == occurs)
    }

    @Test(
        arguments: [
            ("", PatternError.empty), ("(?i)", .empty), ("*a", .nothingToRepeat(place: 1)),
            ("a**", .nothingToRepeat(place: 3)),
            ("(a", .unbalanced(place: 1)), ("a)", .unbalanced(place: 2)), ("[a", .unbalanced(place: 1)),
            ("[z-a]", .badRange(place: 2)), ("a{3,2}", .badRange(place: 2)), ("a{101}", .badRange(place: 2)),
            ("a{x}", .badRange(place: 2)), (#"(a)\1"#, .unknown("\\1", place: 4)),
            ("(?=a)", .unknown("(?=a", place: 1)),
            (#"\p{L}"#, .unknown("\\p", place: 1)), ("a++", .unknown("possessive repetition", place: 3)),
            ("((a{100}){100}){100}", .tooLarge), (String(repeating: "a", count: 501), .tooLong),
            (String(repeating: "(", count: 30) + "a" + String(repeating: ")", count: 30), .tooDeep),
            ("\\", .unbalanced(place: 1)),
            (#"\u{110000}"#, .unknown("\\u{110000", place: 1)),
        ]
    )
    func whatIsNoPattern(_ source: String, _ error: PatternError) {
        #expect(throws: error) { try AnswerPattern(source) }
        #expect(!error.description.isEmpty && !error.description.utf8.contains(0x0a))
    }

    /// The answer of a 4-bit copy: right, and then one sentence until its limit. Half of its runs of four words are new, so that
    /// counting runs alone does not see it.
    @Test func aSentenceUntilTheLimit() {
        let answer =
            "Paris is the capital of France, and has been for most of its history since Clovis made it his seat in 508. "
        let loop = answer + String(repeating: "It lies on the river Seine. ", count: 4)
        #expect(AnswerLoop.ends(loop) && AnswerLoop.ends(String(loop.dropLast(11))))
        #expect(
            !AnswerLoop.ends(answer)
                && !AnswerLoop.ends(answer + "It lies on the river Seine. It lies on the river Seine.")
        )
        #expect(!AnswerLoop.ends("no no no no no no no no no no") && !AnswerLoop.ends(""))
        #expect(AnswerLoop.canEnd(answer) && !AnswerLoop.canEnd("short"))
    }

    @Test(
        arguments: [
            (#"{"intent":"refund","n":1.0}"#, #"{"n":1,"intent":"refund"}"#, "intent", true, 1.0),
            (#"{"intent":"track"}"#, #"{"n":1,"intent":"refund"}"#, "intent", false, 0),
            ("", #"{"intent":"x"}"#, "intent", false, 0),
            (#"{"a":{"b/c":[1]}}"#, #"{"a":{"b/c":[1]},"d":null}"#, "/a/b~1c", true, 0.5),
            (#"{"a":1}"#, #"{"b":1}"#, "intent", nil, 0), ("{}", "refund", "intent", nil, nil),
            ("{}", "{}", "a", nil, nil),
            (#"{"a":12345678901234567890123}"#, #"{"a":12345678901234567890123}"#, "a", nil, nil),
        ] as [(String, String, String, Bool?, Double?)]
    )
    func fields(_ answer: String, _ expected: String, _ path: String, _ isMet: Bool?, _ share: Double?) throws {
        let path = try #require(FieldPath(path)), wanted = AnswerFields(expected), given = AnswerFields(answer)
        #expect(wanted.flatMap { $0.isMet(by: given, at: path) } == isMet)
        #expect(wanted.flatMap { $0.shareMet(by: given) } == share)
    }

    @Test func labelsAndNumbersOfFields() throws {
        let fields = try #require(AnswerFields(#"{"a":"x","b":3,"c":true,"d":null,"e":[1],"f":2.5,"g":"about 4 €"}"#))
        func label(_ name: String) throws -> String? {
            fields.label(at: try #require(FieldPath(name))).map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(try ["a", "b", "c", "d", "e", "z"].map(label) == ["x", "3", "true", "null", nil, nil])
        func number(_ name: String) throws -> Double? { fields.number(at: try #require(FieldPath(name))) }
        #expect(try ["b", "f", "g", "a", "c"].map(number) == [3, 2.5, 4, nil, nil])
        #expect(
            FieldPath("") == nil && FieldPath("/a~2") == nil && FieldPath("/1/2/3/4/5/6/7/8/9") == nil
                && FieldPath("a\n") == nil
        )
    }

    @Test(
        arguments: [
            (#"{"name":"find","arguments":{"id":1}}"#, #"{ "id": 1.0 }"#, true, true),
            (#"[{"type":"function","function":{"name":"find","arguments":"{\"id\":1}"}}]"#, #"{"id":1}"#, true, true),
            (#"[{"name":"find"}]"#, "{}", true, true), (#"[{"name":"find"}]"#, "", true, true),
            (#"[{"name":"find"}]"#, #"{"id":1}"#, true, false),
            (#"[{"name":"find"},{"name":"find"}]"#, "{}", false, false),
        ]
    )
    func calls(_ expected: String, _ arguments: String, _ hasName: Bool, _ hasArguments: Bool) throws {
        let calls = try #require(ExpectedCalls(expected)), made = [(name: "find", arguments: arguments)]
        #expect(calls.areMet(by: made, comparesArguments: false) == hasName)
        #expect(calls.areMet(by: made, comparesArguments: true) == hasArguments)
        #expect(!calls.areMet(by: [], comparesArguments: false))
        #expect(!calls.areMet(by: [(name: "find", arguments: "not JSON")], comparesArguments: true))
    }

    @Test(arguments: [
        "refund", "{}", "[]", "[1]", #"{"name":""}"#, #"{"name":"f","arguments":[1]}"#, #"[{"name":"f"},"x"]"#,
    ])
    func whatIsNoCall(_ text: String) { #expect(ExpectedCalls(text) == nil) }

    @Test func wordsOfScripts() {
        func words(_ text: String) -> [String] {
            AnswerWords.words(of: text).map { word in word.reduce(into: "") { $0.unicodeScalars.append($1) } }
        }
        #expect(words("Don't STOP_me, ÄRGER!") == ["don", "t", "stop", "me", "ärger"])
        #expect(words("今日は5時") == ["今", "日", "は", "5", "時"])
        #expect(words(String(repeating: "a", count: 33)).count == 33)
        #expect(AnswerWords("anything", expected: " ... ").tokenF1 == nil)
        #expect(AnswerWords("", expected: "word").tokenF1 == 0 && AnswerWords("", expected: "word").rougeL == 0)
    }

    @Test func howFarTheyAgree() {
        #expect(EditSimilarity.commonBeginning(of: "abcX", "abcd") == 0.75)
        #expect(EditSimilarity.commonBeginning(of: "", "abcd") == 0)
        #expect(EditSimilarity.commonBeginning(of: "abcdef", "abc") == 1)
        #expect(EditSimilarity.commonBeginning(of: "a", "") == nil)
    }

    /// Counted in steps, not in seconds: what would take too long has no value, and long beside short always has one.
    @Test func longTextsAreBounded() throws {
        let long = String(repeating: "ab ", count: 350_000), other = String(repeating: "ba ", count: 350_000)
        #expect(EditSimilarity.of(long, other) == nil)
        #expect(try #require(EditSimilarity.of(long, "ab")) < 0.001)
        #expect(try #require(EditSimilarity.of(long, long)) == 1)
        #expect(AnswerWords(long, expected: "ab ab").rougeL.map { $0 < 0.001 } == true)
        #expect(AnswerWords(long, expected: other).tokenF1 == 0)
        #expect(AnswerLoop.ends(long))
        #expect(try !AnswerPattern("(a|aa)+c").occurs(in: String(repeating: "a", count: 200_000)))
        #expect(
            TextSearch.occurs(String(repeating: "a", count: 100) + "b", in: String(repeating: "a", count: 1_000_000))
                == false
        )
        #expect(AnswerNumber.last(in: String(repeating: "1,", count: 500_000)) == 1)
        #expect(ExpectedCalls(String(repeating: "[", count: 500_000)) == nil)
        let fields = "{" + (0..<50_000).map { "\"f\($0)\":\($0)" }.joined(separator: ",") + "}"
        #expect(AnswerFields(fields)?.shareMet(by: AnswerFields(fields)) == 1)
    }
}
