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

extension String {
    /// The text with `{name}` replaced.
    fileprivate func filling(_ name: String, _ value: String) -> String {
        replacingOccurrences(of: "{\(name)}", with: value)
    }
}
