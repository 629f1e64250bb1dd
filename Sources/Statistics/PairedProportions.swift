/// McNemar's test on the discordant pairs of two yes/no measurements (McNemar 1947; the mid-p form is the one
/// Fagerland, Lydersen & Laake 2013 recommend).
public struct McNemar: Sendable, Equatable {
    /// Pairs in which only the candidate is bad.
    public let onlyCandidateBad: Int
    /// Pairs in which only the baseline is bad.
    public let onlyBaselineBad: Int

    /// - Returns: nil for a negative count or counts whose sum is not an `Int`.
    public init?(onlyCandidateBad: Int, onlyBaselineBad: Int) {
        guard onlyCandidateBad >= 0, onlyBaselineBad >= 0,
            !onlyCandidateBad.addingReportingOverflow(onlyBaselineBad).overflow
        else { return nil }
        self.onlyCandidateBad = onlyCandidateBad
        self.onlyBaselineBad = onlyBaselineBad
    }

    /// Number of discordant pairs.
    public var discordant: Int { onlyCandidateBad + onlyBaselineBad }

    /// One-sided exact p-value of "the candidate is not worse".
    public var pDegradationExact: Double {
        Binomial.upperTail(onlyCandidateBad, n: discordant, p: 0.5) ?? 1
    }

    /// One-sided mid-p value of "the candidate is not worse"; 0.5 without discordant pairs.
    public var pDegradation: Double {
        let beyond = Binomial.upperTail(onlyCandidateBad + 1, n: discordant, p: 0.5) ?? 1
        return beyond + 0.5 * (Binomial.pmf(onlyCandidateBad, n: discordant, p: 0.5) ?? 0)
    }

    /// The smallest difference of two shares over `pairs` that ``pDegradation`` (``pDegradationExact`` if `isExact`) does not
    /// reject at `alpha`, for as many discordant pairs as there are: above 0 exactly where the p-value is below `alpha`.
    public func lower(alpha: Double, pairs: Double, isExact: Bool = false) -> Double? {
        guard discordant > 0, pairs > 0, alpha > 0, alpha < 0.5 else { return nil }
        let share =
            onlyCandidateBad == 0
            ? 0
            : bisect(0, 1) { share in
                guard let reached = Binomial.upperTail(onlyCandidateBad, n: discordant, p: share),
                    let beyond = Binomial.upperTail(onlyCandidateBad + 1, n: discordant, p: share)
                else { return .nan }
                return (isExact ? reached : (reached + beyond) / 2) - alpha
            }
        return share.map { (2 * $0 - 1) * Double(discordant) / pairs }
    }

    /// Two-sided exact p-value of "both are equally often bad alone".
    public var pExact: Double {
        min(1, 2 * (Binomial.cdf(min(onlyCandidateBad, onlyBaselineBad), n: discordant, p: 0.5) ?? 1))
    }

    /// Two-sided mid-p value; 1 without discordant pairs.
    public var pMid: Double {
        guard discordant > 0 else { return 1 }
        let smaller = min(onlyCandidateBad, onlyBaselineBad)
        let below = Binomial.cdf(smaller - 1, n: discordant, p: 0.5) ?? 1
        return min(1, 2 * (below + 0.5 * (Binomial.pmf(smaller, n: discordant, p: 0.5) ?? 0)))
    }

    /// Chi-squared statistic with continuity correction (Edwards 1948), 1 degree of freedom.
    public var chiSquared: Double {
        guard discordant > 0 else { return 0 }
        let excess = max(0, abs(Double(onlyCandidateBad - onlyBaselineBad)) - 1)
        return excess * excess / Double(discordant)
    }

    /// Two-sided p-value of ``chiSquared``.
    public var pChiSquared: Double {
        ChiSquared.upperTail(chiSquared, df: 1) ?? 1
    }
}

/// Score interval and test for the difference of two paired shares (Tango 1998).
///
/// The difference is (only candidate bad - only baseline bad) / pairs: positive = candidate worse. Counts may be
/// fractional so that a planner can ask what the bound would be with more pairs of the same kind.
public struct Tango: Sendable, Equatable {
    /// Pairs in which only the candidate is bad.
    public let onlyCandidateBad: Double
    /// Pairs in which only the baseline is bad.
    public let onlyBaselineBad: Double
    /// All pairs.
    public let pairs: Double

    /// - Returns: nil for no pairs, a negative count or more discordant pairs than pairs.
    public init?(onlyCandidateBad: Double, onlyBaselineBad: Double, pairs: Double) {
        guard pairs > 0, pairs.isFinite, onlyCandidateBad >= 0, onlyBaselineBad >= 0,
            onlyCandidateBad + onlyBaselineBad <= pairs
        else { return nil }
        self.onlyCandidateBad = onlyCandidateBad
        self.onlyBaselineBad = onlyBaselineBad
        self.pairs = pairs
    }

    /// Counts as they were observed.
    public init?(onlyCandidateBad: Int, onlyBaselineBad: Int, pairs: Int) {
        self.init(
            onlyCandidateBad: Double(onlyCandidateBad),
            onlyBaselineBad: Double(onlyBaselineBad),
            pairs: Double(pairs)
        )
    }

    /// Observed difference of the shares, -1 to 1.
    public var difference: Double { (onlyCandidateBad - onlyBaselineBad) / pairs }

    /// Wald standard error of ``difference``; 0 without discordant pairs.
    public var standardError: Double {
        let share = (onlyCandidateBad + onlyBaselineBad) / pairs
        return max(0, (share - difference * difference) / pairs).squareRoot()
    }

    /// The score statistic T(D) at a hypothetical difference -1 <= D <= 1; 0 where it is 0/0.
    public func score(at hypothetical: Double) -> Double {
        let b = onlyCandidateBad
        let c = onlyBaselineBad
        let numerator = b - c - pairs * hypothetical
        if numerator == 0 { return 0 }
        let linear = -b - c + (2 * pairs - b + c) * hypothetical
        let constant = -c * hypothetical * (1 - hypothetical)
        let root = max(0, linear * linear - 8 * pairs * constant).squareRoot()
        // The two forms of the same root of the quadratic; each loses digits where the other does not.
        let q: Double
        if linear > 0 {
            q = -2 * constant / (linear + root)
        } else {
            q = (root - linear) / (4 * pairs)
        }
        let variance = pairs * (2 * q + hypothetical * (1 - hypothetical))
        return numerator / max(0, variance).squareRoot()
    }

    /// One-sided upper bound at confidence 1 - `alpha`: solves T(U) = -z.
    public func upper(alpha: Double) -> Double? {
        guard let z = StandardNormal.quantile(1 - alpha), z.isFinite else { return nil }
        if onlyCandidateBad == 0, onlyBaselineBad == 0 { return z <= 0 ? nil : z * z / (pairs + z * z) }
        if difference >= 1 { return 1 }
        return bisect(difference, 1) { score(at: $0) + z }
    }

    /// One-sided lower bound at confidence 1 - `alpha`: the upper bound with the arms swapped.
    public func lower(alpha: Double) -> Double? {
        Tango(onlyCandidateBad: onlyBaselineBad, onlyBaselineBad: onlyCandidateBad, pairs: pairs)?
            .upper(alpha: alpha).map { -$0 }
    }

    /// One-sided p-value of "the difference is at least `margin`": small = not inferior.
    public func pNonInferior(margin: Double) -> Double {
        StandardNormal.cdf(score(at: margin))
    }

    /// One-sided p-value of "the difference is at most `tolerate`": small = worse.
    public func pDegradation(tolerate: Double) -> Double {
        StandardNormal.upperTail(score(at: tolerate))
    }
}
