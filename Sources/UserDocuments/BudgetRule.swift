/// One line of an SLO's budget policy: what holds once less than a share of the error budget is left.
public struct BudgetRule: Hashable, Sendable, Codable {
    /// What holds.
    public enum Action: String, Codable, Sendable, CaseIterable {
        /// Promotions to the channel need a second look, and canaries on live traffic take half the share.
        case caution
        /// Only changes that make the service more reliable go in, and rollbacks; nothing is promoted automatically.
        case reliabilityOnly
        /// Nothing is promoted except by override; rollbacks always work.
        case freeze

        /// What holds, in words.
        public var words: String {
            switch self {
            case .caution: "look twice before a promotion; canaries on live traffic take half the share"
            case .reliabilityOnly: "only changes that make it more reliable; no automatic promotion"
            case .freeze: "no promotion except by override"
            }
        }
    }

    /// The share of the budget at or below which it holds, in 0...1.
    public let atMost: Double
    /// What holds.
    public let action: Action

    /// A line of a budget policy.
    public init(atMost: Double, action: Action) {
        self.atMost = atMost
        self.action = action
    }

    /// What holds when a document says nothing: caution up to half the budget, only reliability up to a quarter, and
    /// a freeze when it is gone (after the example policy of The Site Reliability Workbook, 2018, appendix B).
    public static let usual = [
        BudgetRule(atMost: 0.5, action: .caution),
        BudgetRule(atMost: 0.25, action: .reliabilityOnly),
        BudgetRule(atMost: 0, action: .freeze),
    ]
}
