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
        self.icon = HTMLText(icon + "\u{fe0e}")
        self.word = HTMLText(word)
        self.tone = HTMLText(tone.rawValue)
    }
}
