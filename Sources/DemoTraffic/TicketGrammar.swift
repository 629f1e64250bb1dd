import Foundation

/// Seeded support tickets, distributed as those of `Registry/demo/training/grammar.py`, which the model was trained on.
///
/// A ticket is built from phrases, then roughened: typos, lost capitals, lost umlauts, lost punctuation. What it asks
/// for is decided before the noise, so the right answer never depends on a damaged word.
struct TicketGrammar: Sendable {
    let shift: TicketShift

    /// A ticket.
    func ticket(using random: inout some RandomNumberGenerator) -> Ticket {
        let locale: Ticket.Locale = random.happens(1 - shift.germanShare) ? .english : .german
        let words = locale == .english ? TicketPhrases.english : TicketPhrases.german
        let intent = random.pick(Ticket.Intent.allCases, or: .track)
        let priority = Self.priority(at: Double.random(in: 0..<1, using: &random))
        let order = random.happens(0.85) ? String(Int.random(in: 10_000..<100_000, using: &random)) : nil
        let item = random.pick(words.items)

        let isNumberInRequest = order != nil && random.happens(0.7)
        let reference = random.pick(isNumberInRequest ? words.referencesWithNumber : words.referencesWithoutNumber)
            .filling("n", order ?? "").filling("item", item)
        let request = random.pick(words.requests[intent] ?? []).filling("ref", reference)
        var parts = [sentence(request, using: &random)]
        if let order, !isNumberInRequest { parts.append(random.pick(words.numbersApart).filling("n", order)) }
        if order == nil, random.happens(0.3) { parts.append(random.pick(words.noNumber)) }
        if let reasons = words.reasons[intent], random.happens(0.3) { parts.insert(random.pick(reasons), at: 0) }

        var extras: [String] = []
        for _ in 0..<asides(using: &random) {
            extras.append(
                random.pick(words.asides)
                    .filling("p", String(Int.random(in: 5..<900, using: &random)))
                    .filling("d", String(Int.random(in: 2..<9, using: &random)))
                    .filling("y", Self.twoDigits(Int.random(in: 8..<26, using: &random)))
            )
        }
        if let cues = words.cues[priority] { extras.append(random.pick(cues)) }
        for extra in extras { parts.insert(extra, at: random.happens(0.25) ? 0 : parts.count) }

        let isLong = shift == .length
        if random.happens(0.45) || isLong { parts.insert(random.pick(words.greetings), at: 0) }
        if random.happens(0.4) || isLong {
            parts.append(random.pick(words.closings).filling("name", random.pick(words.names)))
        }
        return Ticket(
            text: Self.roughened(parts.joined(separator: " "), locale, using: &random),
            locale: locale,
            intent: intent,
            order: order,
            priority: priority
        )
    }

    /// 25 % can wait, 40 % say nothing about time, 35 % are urgent.
    private static func priority(at place: Double) -> Ticket.Priority {
        place < 0.25 ? .low : place < 0.65 ? .normal : .high
    }

    private static func twoDigits(_ year: Int) -> String { year < 10 ? "0\(year)" : String(year) }

    private func asides(using random: inout some RandomNumberGenerator) -> Int {
        if shift == .length { return 3 }
        return random.happens(0.25) ? 1 : 0
    }

    /// `text` with a capital and an end.
    private func sentence(_ text: String, using random: inout some RandomNumberGenerator) -> String {
        let end = Self.isQuestion(text) ? "?" : random.pick([".", ".", ".", "!", ""])
        return text.prefix(1).uppercased() + text.dropFirst() + end
    }

    private static let questionWords: Set<String> = [
        "where", "when", "has", "can", "what", "how", "wo", "wann", "wurde", "wie", "kann", "wohin",
    ]

    private static func isQuestion(_ text: String) -> Bool {
        questionWords.contains(text.prefix { $0 != " " }.lowercased())
    }
}

// MARK: - Noise

extension TicketGrammar {
    /// `text` as a hurried customer types it.
    static func roughened(
        _ text: String,
        _ locale: Ticket.Locale,
        using random: inout some RandomNumberGenerator
    ) -> String {
        var words = text.split(separator: " ", omittingEmptySubsequences: false).map(Array.init)
        let slips = random.pick([0, 0, 0, 1, 1, 2], or: 0)
        let candidates = words.indices.filter { words[$0].count >= 5 && words[$0].allSatisfy(\.isLetter) }
        for index in candidates.shuffled(using: &random).prefix(slips) {
            words[index] = slipped(words[index], using: &random)
        }
        var text = words.map { String($0) }.joined(separator: " ")
        if locale == .german, random.happens(0.3) { text = withoutUmlauts(text) }
        if random.happens(0.25) { text = text.lowercased() }
        if random.happens(0.15) { text = withoutPunctuation(text) }
        return text
    }

    /// A word of five letters or more with one slip of the finger inside; the first and the last letter stay.
    static func slipped(_ word: [Character], using random: inout some RandomNumberGenerator) -> [Character] {
        var word = word
        let place = Int.random(in: 1..<(word.count - 2), using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: word.swapAt(place, place + 1)
        case 1: word.remove(at: place)
        case 2: word.insert(word[place], at: place)
        default: word[place] = neighbours[word[place]] ?? word[place]
        }
        return word
    }

    /// The key beside a key.
    private static let neighbours: [Character: Character] = [
        "a": "s", "e": "r", "i": "o", "o": "p", "n": "m", "t": "z", "r": "t", "s": "d", "u": "i", "d": "f",
    ]

    private static let transcriptions: [Character: String] = [
        "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
    ]

    static func withoutUmlauts(_ text: String) -> String {
        text.reduce(into: "") { $0 += transcriptions[$1] ?? String($1) }
    }

    /// Without full stops and commas; a price keeps its point, or it would look like an order.
    static func withoutPunctuation(_ text: String) -> String {
        let characters = Array(text)
        return String(
            characters.indices.lazy.filter { index in
                guard characters[index] == "." || characters[index] == "," else { return true }
                return index + 1 < characters.count && characters[index + 1].isASCII && characters[index + 1].isNumber
            }.map { characters[$0] }
        )
    }
}

extension String {
    /// The text with `{name}` replaced.
    fileprivate func filling(_ name: String, _ value: String) -> String {
        replacingOccurrences(of: "{\(name)}", with: value)
    }
}
