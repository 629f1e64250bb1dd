import Foundation
import RegistryTypes
import StrictJSON
import TestSupport
import Testing
import TrafficLog

@Suite struct RedactionTests {
    static let key = Array("a key for these tests".utf8)

    static func redact(_ text: String) -> String {
        var redactor = Redactor(key: key)
        return redactor.redact(text)
    }

    @Test(arguments: Planted.cases)
    func plantedValuesAreReplaced(_ planted: Planted.Case) {
        let redacted = Self.redact(planted.text)
        #expect(redacted == planted.redacted)
        for secret in planted.secrets { #expect(!redacted.contains(secret)) }
    }

    @Test(arguments: Planted.withinMargin)
    func harmlessTextsStay(_ text: String) {
        #expect(Self.redact(text) == text)
    }

    @Test func demoTicketsStay() throws {
        let set = try TrafficSet(data: Data(contentsOf: Checkout.demo.appending(path: "traffic/week47.jsonl")))
        #expect(set.requests.count > 100)
        for text in set.requests.flatMap({ Array($0.variables.values) + [$0.expected ?? ""] }) {
            #expect(Self.redact(text) == text)
        }
    }

    @Test(arguments: Planted.cases)
    func redactingTwiceChangesNothing(_ planted: Planted.Case) {
        #expect(Self.redact(planted.redacted) == planted.redacted)
    }

    /// Random texts over the signs that the rules look for.
    static func hostile(_ seed: UInt64, length: Int) -> String {
        var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        return (0..<length).map { _ in parts[next(parts.count)] }.joined()
    }

    private static let parts = [
        "4111", "1111", "@", "a", "b.de", ".", "-", " ", "  ", "+", "(", ")", "/", "0", "030", "49", "DE89", "3704",
        "0044", "0532", "0130", "00", ":", "::", "1", "255", "%40", "ü", "\u{a0}", "\u{2009}", "\u{2013}", "<", ">",
        "\n", "\\n", "\"", "sk-", "srn_", "eyJ", "abcdefghijklmnop", "Q7x", "password", "=", ": ", "Bearer ",
        "tel ",
        "＠", "１", "\u{200b}", "&#64;", "&", "#", ";", "\\u0040", "\\", "(at)", "[dot]", " is ", "pass",
        "Ym9iQGV4YW1wbGUuY29t", "a ",
        "-----BEGIN ", "-----END ", "-----", "KEY", "_", "1234567", "请", "\u{1F600}", "x", "19", "2026", "'",
    ]

    @Test func hostileTextsAreStable() {
        for seed in 1...4000 as ClosedRange<UInt64> {
            let text = Self.hostile(seed, length: 24)
            let once = Self.redact(text)
            #expect(Self.redact(once) == once, "seed \(seed): \(text.debugDescription)")
        }
    }

    /// What makes careless rules quadratic: four times the text takes about four times the time, not sixteen.
    @Test(
        arguments: [
            "a", "a@", "@", "aaaa@aaaa.", "1", "1 ", "12-", "1.", "+1", "(", "0", "0 0", "4111 ", "eyJ-", "eyJ.", "sk-",
            "token:", "token=!", "bearer ", "password ", "-----BEGIN ", "-----END ", "-", "DE89 ", "DE8", "::", "a:",
            "1:",
            "1.1.1.1-", "%40", "\\n", "ü", "\u{a0}1", "tel ", "<", "x@y.zz ", "＠", "１ ", "\u{200b}", "a\u{200b}", "&",
            "&#", "&#64", "&#64;", "\\u0040", "\\u", "(", "(at",
            "a(at)", "a (at) ", "a @ ", "a b c @ d e f . g ", "password is ", "is ", "pass=", "pass",
            "hooks.slack.com/", "/",
            "Ym9iQGV4", "YW1w/", "%2E", "𝟏", "01 ", "01 02 ", "02-", "(01)", "://", "a://b:", "a://b:c@", "password='",
            "password=' ", "password=\"a ", "pwd:'a\\'", "\" ", "'", "\\u{", "\\u{40}", "\\U000000", "ⓑ", "\u{e0041}",
            "--token ",
            "<token>",
        ]
    )
    func fourTimesTheTextTakesFourTimesTheTime(_ part: String) {
        let ratio = ProcessorTime.ratio(
            of: { #expect(!Self.redact(String(repeating: part, count: $0 / part.utf8.count)).isEmpty) },
            from: 1 << 14
        )
        #expect(ratio < 9, "\(ratio) times")
    }

    /// Two parts in turns, such as `01 `, of which each replacement may bring another number to light.
    @Test func whatComesInTurnsIsStable() {
        let parts = Self.parts
        for first in parts {
            for second in parts {
                let part = first + second
                let text = String(repeating: part, count: (1 << 12) / part.utf8.count)
                let once = Self.redact(text)
                #expect(Self.redact(once) == once, "\(part.debugDescription)")
            }
        }
    }

    // MARK: A request

    @Test func theSameValueHasTheSameNumberInAllTexts() {
        var redactor = Redactor(key: Self.key)
        let redacted = redactor.redact(
            RequestBody(
                variables: ["ticket": "I am eve@example.com, not bob@example.com", "at": "see bob@example.com"],
                settings: ["stop": .array([.string("bob@example.com")]), "temperature": .number(0.5)],
                answers: [#"{"mail":"Bob@example.com"}"#],
                answerTokens: [1, 2, 3]
            )
        )
        #expect(redacted.body.variables == ["at": "see <EMAIL_1>", "ticket": "I am <EMAIL_2>, not <EMAIL_1>"])
        #expect(redacted.body.answers == [#"{"mail":"<EMAIL_1>"}"#])
        #expect(redacted.body.answerTokens == nil)
        #expect(redacted.body.settings == ["stop": .array([.string("<EMAIL_1>")]), "temperature": .number(0.5)])
        #expect(redacted.body.redactions == ["EMAIL": 5])
        #expect(Set(redacted.marks.keys) == ["EMAIL_1", "EMAIL_2"])

        // A correction on another day: the numbers go on.
        var later = Redactor(key: Self.key, marks: redacted.marks)
        #expect(later.redact("new@example.com eve@example.com") == "<EMAIL_3> <EMAIL_2>")
        // Without the key nothing can be joined.
        var stranger = Redactor(key: [1], marks: redacted.marks)
        #expect(stranger.redact("eve@example.com") == "<EMAIL_3>")
    }

    /// What was thought, what was called and what was offered is text of the request as well.
    @Test func thinkingCallsAndToolsAreRedacted() {
        let mail = "bob@example.com"
        func body(_ text: String) -> RequestBody {
            RequestBody(
                messages: [
                    ChatMessage(
                        role: .assistant,
                        text: text,
                        thinking: text,
                        calls: [ToolCall(id: text, name: text, arguments: text)]
                    ),
                    ChatMessage(role: .tool, text: text, answers: text, name: text),
                ],
                answers: [""],
                answerTokens: [1],
                thinking: [text],
                calls: [[ToolCall(id: text, name: text, arguments: text)]],
                tools: text,
                invalidBytes: 2
            )
        }
        var redactor = Redactor(key: Self.key)
        let redacted = redactor.redact(body(mail)).body
        let expected = body("<EMAIL_1>")
        #expect(redacted.messages == expected.messages)
        #expect(redacted.thinking == expected.thinking)
        #expect(redacted.calls == expected.calls)
        #expect(redacted.tools == expected.tools)
        #expect(redacted.invalidBytes == 2)
        // The tokens would spell what was redacted.
        #expect(redacted.answerTokens == nil)
        var other = Redactor(key: Self.key)
        #expect(other.redact(body("nothing")).body.answerTokens == [1])
    }

    @Test func anUntouchedAnswerKeepsItsTokens() {
        var redactor = Redactor(key: Self.key)
        let body = RequestBody(variables: ["t": "bob@example.com"], answers: ["ok"], answerTokens: [7])
        #expect(redactor.redact(body).body.answerTokens == [7])
    }
}
