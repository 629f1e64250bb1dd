import AnswerMetrics
import RegistryRecords
import Testing
import UserDocuments

@testable import Replay

/// Equal JSON is not equal text: what counts as the same where the prompt has a schema.
@Suite struct JSONEqualityTests {
    @Test(
        arguments: [
            (#"{"a":1,"b":[1,2]}"#, #"{ "b" : [1, 2], "a": 1.0 }"#, true),
            (#"{"a":1}"#, #"{"a":1e0}"#, true), (#"[100]"#, #"[1E2]"#, true), (#"-0"#, #"0"#, true),
            (#"{"a":"\u00e9"}"#, "{\"a\":\"\u{e9}\"}", true), (#""\/""#, #""/""#, true),
            (#"{"a":null}"#, #"{}"#, false), (#"[1,2]"#, #"[2,1]"#, false), (#"{"a":"1"}"#, #"{"a":1}"#, false),
            (#"true"#, #"1"#, false), (#"0.1"#, #"0.10"#, true), (#"0.1"#, #"0.2"#, false),
            // Canonically equal for Swift, other scalars for whoever reads the answer.
            ("{\"a\":\"e\u{301}\"}", "{\"a\":\"\u{e9}\"}", false),
            // Neighbours beyond 2^53 are not the same number.
            (#"9007199254740993"#, #"9007199254740992"#, false),
            (#"18446744073709551615"#, #"18446744073709551614"#, false),
        ] as [(String, String, Bool)]
    )
    func compares(_ left: String, _ right: String, _ areEqual: Bool) {
        #expect(JSONEquality.areEqual(left, right) == areEqual)
        #expect(JSONEquality.areEqual(right, left) == areEqual)
        #expect(AnswerCheck.exactMatch(left, expected: right, as: .json) == (areEqual ? 1 : 0))
    }

    /// No JSON, a key twice, or a number that no 64 bits hold: what is left is the text.
    @Test(
        arguments: [
            "refund", "", "{", #"{"a":1,"a":1}"#, "123456789012345678901234567890", "{\"a\":1} x", "[1,]", "NaN",
            String(repeating: "[", count: 5000),
        ]
    )
    func whatIsNoJSONIsText(_ text: String) {
        #expect(JSONEquality.areEqual(text, text) == nil)
        #expect(AnswerCheck.exactMatch(text, expected: text, as: .json) == 1)
        #expect(AnswerCheck.exactMatch(text + " ", expected: "\n" + text, as: .json) == 1)
        #expect(AnswerCheck.exactMatch(text, expected: "{}", as: .json) == 0)
    }

    @Test func textStaysText() {
        #expect(AnswerCheck.exactMatch(#"{"a":1}"#, expected: #"{"a": 1}"#) == 0)
        #expect(AnswerComparison(nil) == .text)
    }
}
