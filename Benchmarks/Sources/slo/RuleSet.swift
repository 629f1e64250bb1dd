import RegistryRecords
import RegistryTypes
import ServiceLevels
import UserDocuments

/// The four pairs of windows of the workbook under one of the guards that are compared.
struct RuleSet {
    /// What keeps a rule from firing by chance.
    enum Guard: String, CaseIterable {
        /// Nothing: the table as published.
        case raw
        /// At least 10 events in the long window.
        case min10
        /// At least 3 bad events in the long window.
        case err3
        /// The lower 95 % bound of the long window is over the budget.
        case bound
        /// Both of these.
        case both = "bound+e3"
        /// What this project does: both, the rate brought to half of the highest, and silence changes nothing.
        case ours
    }

    /// Whether each pair stands.
    struct Standing {
        var page = false
        var ticket = false
    }

    static let document = BurnAlert.usual(windowSeconds: 30 * 86_400)
    /// The windows of the pairs, in seconds.
    static let windows = document.flatMap { [$0.longSeconds, $0.shortSeconds] }

    let kind: Guard
    private let rules: [BurnRule]
    private var stands: [Bool]

    init(_ kind: Guard, budget: Double) {
        self.kind = kind
        rules = Self.document.map { alert in
            let rate = alert.factor(windowSeconds: 30 * 86_400)
            func rule(_ minimumBad: Int, _ alpha: Double?) -> BurnRule {
                BurnRule(budget: budget, rate: rate, isClamped: false, minimumBad: minimumBad, alpha: alpha)
            }
            return switch kind {
            case .raw, .min10: rule(0, nil)
            case .err3: rule(3, nil)
            case .bound: rule(0, 0.05)
            case .both: rule(3, 0.05)
            case .ours: BurnRule(rate: rate, budget: budget)
            }
        }
        stands = rules.map { _ in false }
    }

    /// Whether pages and tickets stand with these events of the windows: long and short of each pair in turn.
    mutating func evaluate(_ counts: [SLICounts]) -> Standing {
        var standing = Standing()
        for (index, rule) in rules.enumerated() {
            let long = counts[2 * index]
            var isBurning = rule.isBurning(long: long, short: counts[2 * index + 1])
            if kind == .min10, long.valid < 10 { isBurning = false }
            stands[index] = isBurning ?? (kind == .ours && stands[index])
            guard stands[index] else { continue }
            switch Self.document[index].severity {
            case .page: standing.page = true
            case .ticket: standing.ticket = true
            }
        }
        return standing
    }
}
