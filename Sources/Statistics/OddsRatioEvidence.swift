import Foundation

/// Evidence that may be looked at after every block of requests that went to two releases: an e-process over odds
/// ratios of bad events, from 2 × 2 tables whose margins are known (Fisher 1935).
///
/// The sharper form of ``RateRatioEvidence`` for a split that is observed instead of configured, and for bad events
/// that are not rare. Given the requests of both releases and how many were bad in all, the number that is the
/// candidate's is hypergeometric when the releases do not differ, and noncentral hypergeometric under an odds ratio. A
/// block multiplies the evidence by the ratio of the two, so it is 1 on average whatever the share of bad events is, and
/// blocks may differ in that: an incident of both releases is no evidence. Exact at any stopping time (Ville 1939). When
/// bad events are rare it agrees with the form for rates.
public struct OddsRatioEvidence: Sendable, Hashable {
    /// Odds ratios that are mixed with equal weight.
    public static let ratios = [1.1, 1.25, 1.5, 2, 3, 5, 10, 30, 100]
    private static let logRatios = ratios.map { log($0) }

    /// Tables with more possible outcomes than this are judged by the binomial form: its average is at most 1 too (the
    /// hypergeometric distribution has the smaller expectation of every convex function: Hoeffding 1963, theorem 4).
    private static let maxOutcomes = 10_000

    /// ln of the evidence for each of ``ratios``.
    public private(set) var logEvidencePerRatio = [Double](repeating: 0, count: ratios.count)

    /// No evidence yet: E = 1.
    public init() {}

    /// Evidence that was stored as ``logEvidencePerRatio``, to go on with.
    ///
    /// - Returns: nil unless there is one finite number for each of ``ratios``.
    public init?(logEvidencePerRatio: [Double]) {
        guard logEvidencePerRatio.count == Self.ratios.count, logEvidencePerRatio.allSatisfy(\.isFinite) else {
            return nil
        }
        self.logEvidencePerRatio = logEvidencePerRatio
    }

    /// Counts a block.
    ///
    /// - Parameters:
    ///   - candidate: Bad and all requests of the candidate in the block.
    ///   - baseline: Bad and all requests of the baseline in it.
    /// - Returns: false, and nothing counted, when the numbers make no sense. A block that one side had to itself makes
    ///   sense and tells nothing.
    public mutating func add(candidate: (bad: Int, all: Int), baseline: (bad: Int, all: Int)) -> Bool {
        guard candidate.bad >= 0, baseline.bad >= 0, candidate.bad <= candidate.all, baseline.bad <= baseline.all else {
            return false
        }
        let (bad, overflow) = candidate.bad.addingReportingOverflow(baseline.bad)
        guard !overflow else { return false }
        let lowest = max(0, bad - baseline.all)
        let highest = min(bad, candidate.all)
        guard lowest < highest else { return true }
        if highest - lowest > Self.maxOutcomes {
            let share = Double(candidate.all) / (Double(candidate.all) + Double(baseline.all))
            for (index, ratio) in Self.ratios.enumerated() {
                logEvidencePerRatio[index] +=
                    Double(candidate.bad) * Self.logRatios[index] - Double(bad) * log1p(share * (ratio - 1))
            }
            return true
        }
        // ln of the hypergeometric weights of each possible number, up to a constant.
        var weights = [0.0]
        weights.reserveCapacity(highest - lowest + 1)
        for number in lowest..<highest {
            let up = Double(bad - number) * Double(candidate.all - number)
            let down = Double(number + 1) * Double(baseline.all - bad + number + 1)
            weights.append(weights[number - lowest] + log(up / down))
        }
        let null = Self.logSum(weights, slope: 0)
        for (index, logRatio) in Self.logRatios.enumerated() {
            logEvidencePerRatio[index] +=
                Double(candidate.bad - lowest) * logRatio - Self.logSum(weights, slope: logRatio) + null
        }
        return true
    }

    /// ln E; act when it reaches ln(1/alpha).
    public var logEvidence: Double { Self.logSum(logEvidencePerRatio, slope: 0) - log(Double(Self.ratios.count)) }

    /// ln of the sum of exp(value + slope · index).
    private static func logSum(_ values: [Double], slope: Double) -> Double {
        var largest = -Double.infinity
        for (index, value) in values.enumerated() { largest = max(largest, value + slope * Double(index)) }
        var total = 0.0
        for (index, value) in values.enumerated() { total += exp(value + slope * Double(index) - largest) }
        return largest + log(total)
    }
}
