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
