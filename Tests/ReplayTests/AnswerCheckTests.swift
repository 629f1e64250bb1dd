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

    @Test(
        arguments: [
            ("", 0.0), (nil, nil), ("no no no no no no no", 0), ("no no no no no no no no", 1),
            ("one two three four five six seven eight", 0),
            (String(repeating: "a", count: 33), 1), (String(repeating: "a", count: 32), 0),
            // Five of ten runs were there before, and four of nine.
            ("a b c d e f g h a b c d e", 0), ("a b c a b c a b c a b c d", 1),
            (String(repeating: "今日は", count: 8), 1), ("今日は晴れています。明日は雨が降るでしょう。", 0),
            ("So the sum is 4. " + String(repeating: "The answer is 4. ", count: 3), 1),
            // Equal for a person, other bytes for a program.
            ("e\u{301} \u{e9} e\u{301} x \u{e9} e\u{301} \u{e9} y", 0),
        ] as [(String?, Double?)]
    )
    func repetition(_ answer: String?, _ value: Double?) {
        #expect(AnswerCheck.repetition(answer) == value)
    }

    /// Many words are counted in one pass.
    @Test func longAnswersAreCountedOnce() {
        let words = (0..<50_000).lazy.map { "w\($0)" }.joined(separator: " ")
        #expect(AnswerCheck.repetition(words) == 0)
        #expect(AnswerCheck.repetition([words, words, words].joined(separator: " ")) == 1)
    }
}
