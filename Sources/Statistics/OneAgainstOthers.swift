import Foundation

/// Whether several sources contradict one of them that has many bad cases: asked what it was asked, they would have shown
/// more.
///
/// The others together have a smaller share of bad cases by the exact test of two shares (Fisher 1935), with an error of
/// 1 %, and still do without any one of them: no single one decides that another is odd. So at least two others are needed,
/// each with enough cases together with the rest, and nothing is odd among fewer than three.
public struct OneAgainstOthers: Equatable, Sendable {
    /// The source in question.
    public let own: Proportion
    /// The other sources.
    public let others: [Proportion]

    /// The probability at most with which equal sources contradict one of them by chance, at one look.
    public static let error = 0.01
    /// The fewest others that contradict.
    public static let fewestOthers = 2
    /// Below this probability they lean to it: some more cases decide.
    public static let leaning = 0.1
    /// So many cases of the others, none of them bad, lean to it too.
    private static let fewestCases = 5
    /// Tables with more bad cases are judged by two exact bounds, each at half of the error: the sum over the tail would
    /// take long, and is no sharper there.
    private static let maxTerms = 500

    /// `own` beside `others`; of these, those without cases say nothing.
    public init(own: Proportion, others: [Proportion]) {
        self.own = own
        self.others = others
    }

    /// Whether the others contradict it.
    public var isContradicted: Bool {
        guard own.bad > 0, others.count >= Self.fewestOthers, isWorse(than: together, by: Self.error) else {
            return false
        }
        return others.allSatisfy { one in
            isWorse(than: Proportion(bad: bad - one.bad, n: all - one.n), by: Self.error)
        }
    }

    /// Whether the others, at least two, together seem to contradict it, surely or not yet: all bad cases are its own while
    /// they had some, or few enough are theirs.
    public var isLeaning: Bool {
        guard own.bad > 0, others.count >= Self.fewestOthers else { return false }
        return bad == 0 && all >= Self.fewestCases || isWorse(than: together, by: Self.leaning)
    }

    private var bad: Int { others.reduce(0) { $0 + $1.bad } }
    private var all: Int { others.reduce(0) { $0 + $1.n } }
    private var together: Proportion? { Proportion(bad: bad, n: all) }

    private func isWorse(than others: Proportion?, by error: Double) -> Bool {
        guard let others, own.share > others.share else { return false }
        guard own.bad + others.bad <= Self.maxTerms else {
            guard let lowest = own.exactLower(alpha: error / 2),
                let highest = others.exactUpper(alpha: error / 2)
            else { return false }
            return lowest > highest
        }
        return TwoProportions(candidate: own, baseline: others).pDegradationExact < error
    }
}
