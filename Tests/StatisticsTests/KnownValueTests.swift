import Foundation
import Statistics
import Testing

/// Facts that hold without any reference file: published tables, closed forms, and brute force.
struct KnownValueTests {
    static func isClose(_ x: Double?, _ y: Double, _ relative: Double = 1e-10) -> Bool {
        guard let x else { return false }
        return abs(x - y) <= relative * max(abs(y), 1e-300)
    }

    @Test func distributionsAgreeWithClosedForms() {
        // Cauchy is t with one degree of freedom; two degrees have a closed form as well.
        for t in [-40.0, -1, 0.001, 0.5, 3, 1e6] {
            let cauchy = t > 0 ? atan(1 / t) / Double.pi : 1 - atan(-1 / t) / Double.pi
            #expect(Self.isClose(StudentT.upperTail(t, df: 1), cauchy))
            let two = t > 0 ? 1 / ((2 + t * t).squareRoot() * ((2 + t * t).squareRoot() + t)) : nil
            if let two { #expect(Self.isClose(StudentT.upperTail(t, df: 2), two)) }
        }
        for p in [1e-12, 1e-4, 0.3, 0.5, 0.9, 0.9999] {
            #expect(Self.isClose(BetaDistribution.quantile(p, a: 1, b: 1), p, 1e-9))
            #expect(Self.isClose(BetaDistribution.quantile(p, a: 3, b: 1), cbrt(p), 1e-9))
            #expect(Self.isClose(ChiSquared.upperTail(-2 * log(p), df: 2), p, 1e-9))
        }
        #expect(Self.isClose(logGamma(0.5), 0.5 * log(Double.pi), 1e-13))
        #expect(Self.isClose(logGamma(11), log(3_628_800), 1e-14))
        let whole = (0...30).reduce(0.0) { $0 + (Binomial.pmf($1, n: 30, p: 0.37) ?? .nan) }
        #expect(Self.isClose(whole, 1, 1e-13))
    }

    @Test(arguments: [1.0, 2.5, 9, 49, 1999, 1e7], [1e-15, 1e-6, 0.01, 0.05, 0.4, 0.7, 0.999])
    func quantilesInvertTheirDistribution(df: Double, p: Double) throws {
        let t = try #require(StudentT.quantile(p, df: df))
        #expect(Self.isClose(StudentT.cdf(t, df: df), p, 1e-9))
        let z = try #require(StandardNormal.quantile(p))
        #expect(Self.isClose(StandardNormal.cdf(z), p, 1e-12))
    }

    /// Tango's restricted estimate against a search over the likelihood itself.
    @Test(arguments: [(5, 3, 100), (0, 4, 60), (12, 0, 300), (1, 1, 40)])
    func tangoAgreesWithBruteForce(worse: Int, better: Int, pairs: Int) throws {
        let tango = try #require(Tango(onlyCandidateBad: worse, onlyBaselineBad: better, pairs: pairs))
        let b = Double(worse)
        let c = Double(better)
        let n = Double(pairs)
        for hypothetical in [-0.2, -0.05, 0.01, 0.03, 0.1, 0.4] {
            // q = P(only baseline bad), q + D = P(only candidate bad).
            func likelihood(_ q: Double) -> Double {
                let rest = 1 - 2 * q - hypothetical
                func part(_ count: Double, _ p: Double) -> Double {
                    count == 0 ? 0 : p > 0 ? count * log(p) : -.infinity
                }
                return part(b, q + hypothetical) + part(c, q) + part(n - b - c, rest)
            }
            var low = max(0, -hypothetical)
            var high = (1 - hypothetical) / 2
            for _ in 0..<200 {
                let left = low + (high - low) / 3
                let right = high - (high - low) / 3
                if likelihood(left) < likelihood(right) { low = left } else { high = right }
            }
            let q = (low + high) / 2
            let variance = n * (2 * q + hypothetical - hypothetical * hypothetical)
            let expected = (b - c - n * hypothetical) / variance.squareRoot()
            let found = tango.score(at: hypothetical)
            #expect(abs(found - expected) < 1e-5 * (1 + abs(expected)), "\(hypothetical): \(found), \(expected)")
        }
        let upper = try #require(tango.upper(alpha: 0.05))
        #expect(abs(tango.score(at: upper) + 1.6448536269514729) < 1e-9)
        let mirrored = try #require(Tango(onlyCandidateBad: better, onlyBaselineBad: worse, pairs: pairs))
        #expect(mirrored.lower(alpha: 0.05) == -upper)
    }

    @Test func noFlipsStillBoundTheDifference() throws {
        let tango = try #require(Tango(onlyCandidateBad: 0, onlyBaselineBad: 0, pairs: 200))
        let z = 1.6448536269514729
        #expect(Self.isClose(tango.upper(alpha: 0.05), z * z / (200 + z * z)))
        #expect(McNemar(onlyCandidateBad: 0, onlyBaselineBad: 0)?.pDegradation == 0.5)
    }

    @Test(arguments: [1, 2, 3, 10, 47, 301])
    func mediansOfPairsAgreeWithBruteForce(count: Int) throws {
        // Many ties on purpose.
        let x = (0..<count).map { Double(($0 * 7919) % 23) / 4 - 2 }
        let y = (0..<(count + 2)).map { Double(($0 * 104_729) % 31) / 8 }
        var means: [Double] = []
        for i in x.indices { for j in i..<x.count { means.append((x[i] + x[j]) / 2) } }
        #expect(Wilcoxon(differences: x)?.pseudoMedian == median(means))
        let differences = x.flatMap { value in y.map { value - $0 } }
        #expect(MannWhitney(x, y)?.shift == median(differences))
    }

    @Test func ruleOfThree() throws {
        // 0 of n: the exact 95 % bound is close to 3/n.
        let upper = try #require(Proportion(bad: 0, n: 600)?.exactUpper(alpha: 0.05))
        #expect(abs(upper - 0.00498) < 1e-5)
        #expect(SampleSize.withoutEvents(limit: 0.005, alpha: 0.05) == 598)
    }

    @Test func aConstantSampleIsAFact() throws {
        let constant = try #require(PairedMean(differences: [Double](repeating: 0.1, count: 60)))
        #expect(constant.upper(alpha: 0.01) == 0.1)
        #expect(constant.lower(alpha: 0.01) == 0.1)
        #expect(constant.pDegradation() == 0)
        #expect(constant.pDegradation(tolerate: 0.1) == 1)
    }

    @Test func holmStopsWhereItsBookExampleDoes() {
        let adjusted = Multiplicity.holm([0.01, 0.04, 0.03, 0.005])
        for (found, expected) in zip(adjusted, [0.03, 0.06, 0.06, 0.02]) { #expect(Self.isClose(found, expected)) }
        #expect(Multiplicity.holm([]).isEmpty)
    }

    @Test func unitsDoNotMatter() throws {
        let values = (0..<80).map { 100 + Double(($0 * 37) % 50) }
        let more = values.enumerated().map { $0.element * (1.02 + 0.001 * Double($0.offset % 7)) }
        let reference = try #require(RatioOfMeans.paired(baseline: values, candidate: more))
        for scale in [1e-12, 1e-5, 1e9] {
            let scaled = try #require(
                RatioOfMeans.paired(baseline: values.map { $0 * scale }, candidate: more.map { $0 * scale })
            )
            #expect(Self.isClose(scaled.upper(alpha: 0.05), reference.upper(alpha: 0.05) ?? .nan))
            #expect(Self.isClose(scaled.pDegradation(), reference.pDegradation(), 1e-7))
        }
    }
}
