/// A state as icon, word and colour, so that no one of them carries the meaning alone. What has a state has a `badge`,
/// which stands beside its rows.
struct StatusBadge: Hashable, Sendable {
    /// How a state is coloured: the class in the style sheet.
    enum Tone: String, Sendable {
        case ok, bad, notice, info, off
    }

    /// One symbol; hidden from screen readers.
    let icon: HTMLText
    /// The state in words.
    let word: HTMLText
    /// The class in the style sheet.
    let tone: HTMLText

    /// A state. U+FE0E asks for the symbol as text, not as a coloured picture.
    init(_ icon: String, _ word: String, _ tone: Tone) {
        self.icon = .symbol(icon)
        self.word = HTMLText(word)
        self.tone = HTMLText(tone.rawValue)
    }

    /// What `words` say beyond the badge that stands beside them; nil where that is nothing, so that no row says
    /// "settled settled" or "missing traffic, missing traffic: no request".
    func beyond(_ words: String, limit: Int = 300) -> HTMLText? {
        guard words.hasPrefix(word.plain) else { return HTMLText(words, limit: limit) }
        let rest = words.dropFirst(word.plain.count)
        if rest.isEmpty { return nil }
        // A longer word that begins alike says something else.
        guard let sign = rest.first, " :;,".contains(sign) else { return HTMLText(words, limit: limit) }
        return HTMLText(String(rest.drop { " :;,".contains($0) }), limit: limit)
    }
}

extension HTMLText {
    /// A symbol that is asked for as text; a sign of ASCII is text already, and a selector behind it would hide.
    static func symbol(_ icon: String) -> HTMLText {
        HTMLText(icon.utf8.allSatisfy { $0 < 0x80 } ? icon : icon + "\u{fe0e}")
    }
}
