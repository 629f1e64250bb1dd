import Foundation
import SeededRandom
import StrictJSON
import TestSupport
import Testing

@testable import DemoTraffic

/// The tickets that are sent are those the model was trained on: the same phrases, the same shares.
struct TicketGrammarTests {
    static func tickets(_ count: Int, _ shift: TicketShift = .none, seed: UInt64 = 4701) -> [Ticket] {
        let grammar = TicketGrammar(shift: shift)
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in grammar.ticket(using: &random) }
    }

    /// The recorded tickets, which the Python grammar made.
    static func recorded() throws -> [Ticket] {
        let text = try String(contentsOf: Checkout.demo.appending(path: "traffic/week47.jsonl"), encoding: .utf8)
        return try text.split(separator: "\n").map { line in
            guard case .object(let row) = try JSONText.parse(String(line)),
                case .object(let variables) = row["variables"], case .string(let ticket) = variables["ticket"],
                case .string(let expected) = row["expected"], case .object(let tags) = row["tags"],
                case .string(let locale) = tags["locale"], case .object(let answer) = try JSONText.parse(expected),
                case .string(let intent) = answer["intent"], case .string(let priority) = answer["priority"]
            else { throw Unreadable(line: String(line)) }
            let order: String? = if case .string(let number) = answer["order"] { number } else { nil }
            let read = Ticket(
                text: ticket,
                locale: try #require(Ticket.Locale(rawValue: locale)),
                intent: try #require(Ticket.Intent(rawValue: intent)),
                order: order,
                priority: try #require(Ticket.Priority(rawValue: priority))
            )
            #expect(read.answer == expected)
            return read
        }
    }

    struct Unreadable: Error { let line: String }

    @Test func phrasesAreThoseOfTheTraining() throws {
        let source = try String(contentsOf: Checkout.demo.appending(path: "training/phrases.py"), encoding: .utf8)
        // Past the docstring, every quoted text is a key of a table or a phrase.
        let body = source.replacing(/^"""[\s\S]*?"""/, with: "").replacing(/(?m)^#.*$/, with: "")
        let quoted = body.matches(of: /"([^"]*)"/).map { String($0.1) }
        var expected: [String] = Ticket.Intent.allCases.map(\.rawValue) + Ticket.Priority.allCases.map(\.rawValue)
        let tables = 12
        expected += Array(repeating: Ticket.Locale.allCases.map(\.rawValue), count: tables).flatMap { $0 }
        for words in [TicketPhrases.english, .german] {
            expected += words.items + words.referencesWithNumber + words.referencesWithoutNumber + words.numbersApart
            expected += words.noNumber + words.asides + words.greetings + words.closings + words.names
            expected += words.requests.flatMap { [$0.key.rawValue] + $0.value }
            expected += words.reasons.flatMap { [$0.key.rawValue] + $0.value }
            expected += words.cues.flatMap { [$0.key.rawValue] + $0.value }
        }
        #expect(quoted.sorted() == expected.sorted())
    }

    /// Each share of 20,000 tickets lies within 5 standard errors of the share in the 2,000 recorded ones.
    @Test func sharesAreThoseOfTheRecordedTickets() throws {
        let made = Self.tickets(20_000), recorded = try Self.recorded()
        #expect(recorded.count == 2_000)
        func compare(_ what: String, _ has: (Ticket) -> Bool) {
            let share = Double(recorded.count(where: has)) / Double(recorded.count)
            let other = Double(made.count(where: has)) / Double(made.count)
            let pooled = (share * 2_000 + other * 20_000) / 22_000
            let error = (pooled * (1 - pooled) * (1.0 / 2_000 + 1.0 / 20_000)).squareRoot()
            #expect(abs(share - other) <= 5 * error, "\(what): recorded \(share), made \(other)")
        }
        for intent in Ticket.Intent.allCases { compare(intent.rawValue) { $0.intent == intent } }
        for priority in Ticket.Priority.allCases { compare(priority.rawValue) { $0.priority == priority } }
        compare("German") { $0.locale == .german }
        compare("no order") { $0.order == nil }
        compare("small letters only") { $0.text == $0.text.lowercased() }
        compare("umlauts") { $0.text.contains { "äöüß".contains($0) } }
        compare("no punctuation at the end") { ($0.text.last ?? " ").isLetter }
        compare("question mark") { $0.text.contains("?") }
        compare("greeting") { $0.text.prefix { $0 != " " }.hasSuffix(",") }
        compare("another number") { $0.text.contains(/\b\d{1,4}\b/) }
        compare("hash") { $0.text.contains("#") }
        for limit in [30, 50, 70, 90, 120] { compare("over \(limit)") { $0.text.count > limit } }
        // Typos, by the words that neither language's phrases have.
        let known = Set(
            Self.tickets(20_000, seed: 1).flatMap { Self.words($0.text) }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
                .filter { $0.value > 60 }.keys
        )
        compare("an unknown word") { Self.words($0.text).contains { !known.contains($0) } }
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter }.map(String.init).filter { $0.count >= 5 }
    }

    @Test(arguments: TicketShift.allCases)
    func everyAnswerIsDecidable(shift: TicketShift) throws {
        for ticket in Self.tickets(5_000, shift, seed: 9) {
            guard case .object(let answer) = try JSONText.parse(ticket.answer) else {
                Issue.record("\(ticket.answer)")
                continue
            }
            #expect(answer.keys.sorted() == ["intent", "order", "priority"])
            let numbers = ticket.text.matches(of: /\d{5,}/).map { String($0.0) }
            #expect(numbers == (ticket.order.map { [$0] } ?? []), "\(ticket.text)")
            #expect(!ticket.text.contains("{") && !ticket.text.contains("  "), "\(ticket.text)")
        }
    }

    @Test(arguments: [(TicketShift.none, 0.4), (.locale, 0.85), (.length, 0.4)])
    func shiftsMoveWhatTheySay(shift: TicketShift, german: Double) {
        let tickets = Self.tickets(10_000, shift, seed: 5)
        let share = Double(tickets.count { $0.locale == .german }) / 10_000
        #expect(abs(share - german) < 0.025)
        let letters = Double(tickets.reduce(0) { $0 + $1.text.count }) / 10_000
        #expect(shift == .length ? letters > 130 : letters < 90, "\(letters)")
    }

    @Test func theSameSeedGivesTheSameTickets() {
        #expect(Self.tickets(50, seed: 3) == Self.tickets(50, seed: 3))
        #expect(Self.tickets(50, seed: 3) != Self.tickets(50, seed: 4))
    }

    /// The first numbers of Vigna's reference implementation for the seed 1234567.
    @Test func generatorIsTheReference() {
        var random = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [
            6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        ]
        #expect(expected == expected.map { _ in random.next() })
    }

    @Test(arguments: [
        ("It was 12.99 in the sale. Thanks, Ben", "It was 12.99 in the sale Thanks Ben"), ("", ""), (".", ""),
        ("1,5.", "1,5"),
    ])
    func pricesKeepTheirPoint(text: String, without: String) {
        #expect(TicketGrammar.withoutPunctuation(text) == without)
    }

    @Test func slipsStayInsideTheWord() {
        var random = SplitMix64(seed: 8)
        for _ in 0..<500 {
            let word = TicketGrammar.slipped(Array("abcde"), using: &random)
            #expect(word.first == "a" && word.last == "e" && (4...6).contains(word.count))
        }
    }
}
