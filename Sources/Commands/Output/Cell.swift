/// A piece of text with a tone.
struct Cell: Hashable, Sendable, ExpressibleByStringInterpolation {
    let text: String
    let tone: TextTone

    init(_ text: String, _ tone: TextTone = .plain) {
        self.text = text
        self.tone = tone
    }

    init(stringLiteral value: String) { self.init(value) }

    /// What stands where nothing is known.
    static let nothing = Cell("-", .faint)

    /// The text as it goes to the output: safe, in the wanted characters, not yet coloured.
    func plain(_ style: TextStyle) -> String { Symbols.drawn(SafeText.line(text), style) }

    /// `plain`, cut to `width` cells, coloured when the style asks for it.
    func drawn(_ style: TextStyle, cutTo width: Int? = nil) -> String {
        var shown = plain(style)
        if let width { shown = DisplayWidth.cut(shown, to: width, ascii: style.ascii) }
        guard style.colour, let attribute = tone.attribute, !shown.isEmpty else { return shown }
        return "\u{1b}[\(attribute)m\(shown)\u{1b}[0m"
    }
}
