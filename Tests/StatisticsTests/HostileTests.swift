import Statistics
import Testing

/// Empty, tiny and absurd input gives nil or a number, never a trap.
struct HostileTests {
    static let numbers: [Double] = [
        .nan, .infinity, -.infinity, 0, -0.0, 1, -1, 0.5, 2, 1e-300, 1e308, -1e308, .leastNonzeroMagnitude, 1e9,
    ]
    static let samples: [[Double]] = [
        [], [0], [1, 1], [1, 2, 3], [.nan], [.infinity, 1], [1, .nan, 3], [1e308, 1e308, -1e308], [0, 0, 0, 0],
        [.leastNonzeroMagnitude, 0, 1e-300], [-1, -2], [5, 5, 5, 5, 5.000000000000001],
    ]

    @Test(arguments: numbers)
    func distributions(_ x: Double) {
        for y in Self.numbers {
            _ = StandardNormal.quantile(x)
            _ = StandardNormal.cdf(x)
            _ = logGamma(x)
            _ = ChiSquared.upperTail(x, df: y)
            _ = StudentT.upperTail(x, df: y)
            _ = StudentT.quantile(x, df: y)
            _ = KolmogorovSmirnov.limitUpperTail(x)
            for n in [-1, 0, 1, 7, 1_000_000] {
                _ = Binomial.pmf(n / 2, n: n, p: x)
                _ = Binomial.cdf(n / 2, n: n, p: x)
                _ = Binomial.upperTail(n / 2, n: n, p: x)
            }
            for z in Self.numbers {
                _ = BetaDistribution.cdf(x, a: y, b: z)
                _ = BetaDistribution.quantile(x, a: y, b: z)
                _ = Tango(onlyCandidateBad: x, onlyBaselineBad: y, pairs: z)?.upper(alpha: 0.05)
                _ = SampleSize.pairedMean(standardDeviation: x, margin: y, degradation: z, alpha: 0.05, power: 0.8)
                _ = SampleSize.pairedBinary(discordant: x, margin: y, degradation: z, alpha: 0.05, power: 0.8)
                _ = SampleSize.unpairedBinary(
                    baseline: x,
                    candidate: y,
                    ratio: z,
                    margin: 0.01,
                    alpha: 0.05,
                    power: 0.8
                )
                _ = ConfidenceSequence(alpha: x, oneSided: true, tightest: y)?.radius(t: z, sigma: x)
            }
            _ = Tango(onlyCandidateBad: 3, onlyBaselineBad: 1, pairs: 90)?.upper(alpha: x)
            _ = Tango(onlyCandidateBad: 3, onlyBaselineBad: 1, pairs: 90)?.score(at: x)
            _ = Proportion(bad: 3, n: 90)?.wilson(confidence: x)
            _ = Proportion(bad: 3, n: 90)?.clopperPearson(confidence: x)
            _ = SampleSize.withoutEvents(limit: x, alpha: y)
            var evidence = RateRatioEvidence()
            _ = evidence.add(share: x, candidate: 3, baseline: 5)
        }
    }

    @Test(arguments: samples)
    func arrays(_ x: [Double]) {
        _ = Moments(x)
        _ = median(x)
        _ = PairedMean(differences: x)?.upper(alpha: 0.05)
        _ = SkewedMean(differences: x)?.hallUpper(alpha: 0.05)
        _ = SkewedMean(differences: x)?.abcUpper(alpha: 0.05)
        _ = Wilcoxon(differences: x)?.pseudoMedian
        _ = Wilcoxon(differences: x)?.pExact(.greater)
        _ = Wilcoxon(differences: x)?.pNormal(.twoSided, zeros: .pratt, continuity: true)
        _ = Multiplicity.holm(x)
        _ = Multiplicity.benjaminiHochberg(x)
        _ = DistributionShift.decileEdges(x).map { DistributionShift.histogram(x, edges: $0) }
        for q in [-1, 0, 0.3, 1, Double.nan] {
            _ = quantile(q, ofSorted: x)
            _ = QuantileInterval(q, ofSorted: x.filter { !$0.isNaN }.sorted(), confidence: 0.9)
        }
        for y in Self.samples {
            _ = Welch(x, y)?.upper(alpha: 0.05)
            _ = Welch(x, y)?.pDegradation()
            _ = MannWhitney(x, y)?.shift
            _ = MannWhitney(x, y)?.pExact(.twoSided)
            _ = MannWhitney(x, y)?.pNormal(.less, continuity: true)
            _ = KolmogorovSmirnov(x, y)?.pExact
            _ = RatioOfMeans.paired(baseline: x, candidate: y)?.upper(alpha: 0.05)
            _ = RatioOfMeans.unpaired(baseline: x, candidate: y)?.upper(alpha: 0.05)
            _ = clusteredStandardError(of: x, clusters: y.map { $0 > 1 ? 1 : 0 })
            _ = DistributionShift.populationStability(expected: x, actual: y)
            _ = DistributionShift.jensenShannon(x, y)
            _ = wasserstein(x, y)
            _ = wasserstein(x, y, weights: (x, y))
        }
    }

    @Test func countsThatCannotBeAreRefused() {
        #expect(McNemar(onlyCandidateBad: -1, onlyBaselineBad: 2) == nil)
        #expect(McNemar(onlyCandidateBad: .max, onlyBaselineBad: 1) == nil)
        #expect(Tango(onlyCandidateBad: 3, onlyBaselineBad: 3, pairs: 5) == nil)
        #expect(Tango(onlyCandidateBad: 0, onlyBaselineBad: 0, pairs: 0) == nil)
        #expect(Proportion(bad: 1, n: 0) == nil)
        #expect(Proportion(bad: 2, n: 1) == nil)
        #expect(Moments([]) == nil)
        #expect(PairedMean(differences: [1]) == nil)
        #expect(logSignEvidence(onlyCandidateBad: -1, onlyBaselineBad: 0) == nil)
        #expect(
            SampleSize.pairedMean(standardDeviation: 1, margin: 0.1, degradation: 0.1, alpha: 0.05, power: 0.8) == nil
        )
    }
}
