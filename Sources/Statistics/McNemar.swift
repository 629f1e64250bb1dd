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
    public var pHarmExact: Double {
        Binomial.upperTail(onlyCandidateBad, n: discordant, p: 0.5) ?? 1
    }

    /// One-sided mid-p value of "the candidate is not worse"; 0.5 without discordant pairs.
    public var pDegradation: Double {
        let beyond = Binomial.upperTail(onlyCandidateBad + 1, n: discordant, p: 0.5) ?? 1
        return beyond + 0.5 * (Binomial.pmf(onlyCandidateBad, n: discordant, p: 0.5) ?? 0)
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
