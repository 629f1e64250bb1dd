import RegistryTypes

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

/// What a piece of text says about its subject; a colour at most repeats what the words say.
enum TextTone: Hashable, Sendable {
    case plain
    case good
    case bad
    case notice
    case faint
    case strong

    /// The number of the SGR attribute that draws this tone.
    var attribute: Int? {
        switch self {
        case .plain: nil
        case .good: 32
        case .bad: 31
        case .notice: 33
        case .faint: 2
        case .strong: 1
        }
    }
}

/// The six states that a row can show: an icon and a word, never a colour alone.
enum StatusCell: String, Hashable, Sendable {
    case pass = "✔"
    case fail = "✖"
    case notice = "▲"
    case waiting = "◷"
    case running = "◌"
    case unknown = "•"

    var tone: TextTone {
        switch self {
        case .pass: .good
        case .fail: .bad
        case .notice, .waiting: .notice
        case .running, .unknown: .plain
        }
    }

    /// The icon and `word` as one cell.
    func callAsFunction(_ word: String) -> Cell { Cell("\(rawValue) \(word)", tone) }

    /// The sign of a verdict.
    init(_ verdict: Verdict) {
        switch verdict {
        case .pass: self = .pass
        case .fail: self = .fail
        case .marginal: self = .notice
        case .inconclusive, .invalid: self = .unknown
        }
    }
}
