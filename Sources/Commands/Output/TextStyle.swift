import RegistryTypes

/// How text for a person is drawn: decided once from flags, environment and terminal, then passed to every report.
struct TextStyle: Hashable, Sendable {
    /// Whether signs and bars are drawn with ASCII only.
    var ascii = false
    /// Whether tones become colours.
    var colour = false
    /// Whether tables show their wide columns.
    var wide = false
    /// Character cells in a line; nil when the output is no terminal and nothing is cut.
    var columns: Int?
    /// The moment ages are counted to.
    var now: Timestamp
}

/// What a piece of text says about its subject; a colour at most repeats what the words say.
enum Tone: Hashable, Sendable {
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
