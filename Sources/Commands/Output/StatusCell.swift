import RegistryTypes

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
        case .inconclusive: self = .unknown
        }
    }
}
