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
