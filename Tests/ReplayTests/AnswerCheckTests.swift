import Foundation
import RegistryTypes
import Replay
import Testing
import UserDocuments

/// Yes, no, or cannot be said.
@Suite struct AnswerCheckTests {
    @Test(
        arguments: [
            ("a", "a", 1.0), (" a\n", "a", 1), ("a", "\t a \r\n", 1), ("a b", "a  b", 0), ("A", "a", 0), ("", "", 1),
            ("", "a", 0), (nil, "a", 0), (nil, nil, nil), ("a", nil, nil),
            // Canonically equal for Swift, other bytes for a program that reads the answer.
            ("e\u{301}", "\u{e9}", 0),
            ("\u{a0}a", "a", 0),
        ] as [(String?, String?, Double?)]
    )
    func exactMatch(_ answer: String?, _ expected: String?, _ value: Double?) {
        #expect(AnswerCheck.exactMatch(answer, expected: expected) == value)
    }

    @Test(
        arguments: [
            (#"{"intent":"refund"}"#, 1.0), (#" {"intent":"track"} "#, 1), (#"{"intent":"dance"}"#, 0),
            (#"{"intent":"refund""#, 0), ("", 0), (nil, 0), (#"{"intent":"refund","intent":"track"}"#, 0),
        ] as [(String?, Double)]
    )
    func jsonValid(_ answer: String?, _ value: Double) throws {
        #expect(AnswerCheck.jsonValid(answer, schema: try Demo.prompt(schema: true).output) == value)
        #expect(AnswerCheck.jsonValid(answer, schema: nil) == nil)
    }
}
