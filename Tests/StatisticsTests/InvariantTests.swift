import Foundation
import SeededRandom
import Statistics
import Testing

/// What must hold for any samples: swapped arms turn the sign, another unit changes nothing, more of the same is surer.
struct InvariantTests {
    private static func isClose(_ x: Double?, _ y: Double?, _ relative: Double = 1e-9) -> Bool {
        guard let x, let y else { return x == nil && y == nil }
        return abs(x - y) <= relative * max(abs(x), abs(y), 1e-300)
    }

    /// Skewed differences with ties and zeros, as scores and times have them.
    private static func differences(_ n: Int, _ random: inout SplitMix64) -> [Double] {
        (0..<n).map { _ in
            let draw = random.normal()
            return draw < -0.8 ? 0 : exp(0.7 * draw) - 1.2
        }
    }

    @Test(arguments: 0..<20)
    func swappedArmsTurnTheSign(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let values = Self.differences(20 + 7 * seed, &random)
        let there = try #require(PairedMean(differences: values))
        let back = try #require(PairedMean(differences: values.map { -$0 }))
        #expect(Self.isClose(there.upper(alpha: 0.05), back.lower(alpha: 0.05).map { -$0 }))
        let skewed = try #require(SkewedMean(differences: values))
        let turned = try #require(SkewedMean(differences: values.map { -$0 }))
        #expect(Self.isClose(skewed.hallUpper(alpha: 0.05), turned.hallLower(alpha: 0.05).map { -$0 }))
        #expect(Self.isClose(skewed.abcUpper(alpha: 0.01), turned.abcLower(alpha: 0.01).map { -$0 }))
        let worse = seed * 3
        let better = 40 - 2 * seed
        let one = try #require(Tango(onlyCandidateBad: worse, onlyBaselineBad: better, pairs: 200))
        let other = try #require(Tango(onlyCandidateBad: better, onlyBaselineBad: worse, pairs: 200))
        #expect(Self.isClose(one.upper(alpha: 0.03), other.lower(alpha: 0.03).map { -$0 }))
        let harm = try #require(McNemar(onlyCandidateBad: worse, onlyBaselineBad: better))
        let gain = try #require(McNemar(onlyCandidateBad: better, onlyBaselineBad: worse))
        #expect(Self.isClose(harm.pDegradation + gain.pDegradation, 1))
        #expect(harm.pMid == gain.pMid)
    }

    /// A cost in dollars, in microdollars, or in a unit so large that numbers become tiny: the answer is the same.
    @Test(arguments: [1e-9, 1e-3, 0.3, 7, 1e9])
    func anotherUnitChangesNothing(unit: Double) throws {
        var random = SplitMix64(seed: 11)
        let values = Self.differences(90, &random)
        let groups = (0..<90).map { $0 / 3 }
        let here = try #require(PairedMean(differences: values))
        let there = try #require(PairedMean(differences: values.map { unit * $0 }))
        #expect(Self.isClose(there.upper(alpha: 0.05), here.upper(alpha: 0.05).map { unit * $0 }))
        #expect(Self.isClose(there.pDegradation(), here.pDegradation()))
        let clustered = try #require(Clusters(differences: values, clusters: groups))
        let scaled = try #require(Clusters(differences: values.map { unit * $0 }, clusters: groups))
        #expect(Self.isClose(clustered.designEffect, scaled.designEffect))
        let plain = try #require(Heterogeneity([(0.1, 0.05), (0.3, 0.04), (-0.2, 0.2)]))
        let units = try #require(
            Heterogeneity([(0.1 * unit, 0.05 * unit), (0.3 * unit, 0.04 * unit), (-0.2 * unit, 0.2 * unit)])
        )
        #expect(Self.isClose(plain.q, units.q))
        let test = try #require(Self.mixtureRatio(values, 1, 0.5))
        let other = try #require(Self.mixtureRatio(values.map { unit * $0 }, unit * unit, 0.5 * unit * unit))
        #expect(Self.isClose(test.logRatio, other.logRatio))
    }

    private static func mixtureRatio(_ values: [Double], _ variance: Double, _ mixing: Double) -> MixtureRatio? {
        var test = MixtureRatio(variance: variance, mixing: mixing)
        for value in values { test?.add(value) }
        return test
    }

    @Test func everyHarmAddedMovesTheBoundsUp() throws {
        for pairs in [40, 300, 5000] {
            var before = -Double.infinity
            var surer = 1.0
            for worse in 0...20 {
                let tango = try #require(Tango(onlyCandidateBad: worse, onlyBaselineBad: 4, pairs: pairs))
                let upper = try #require(tango.upper(alpha: 0.05))
                #expect(upper > before && upper >= tango.difference)
                before = upper
                let p = try #require(McNemar(onlyCandidateBad: worse, onlyBaselineBad: 4)).pDegradation
                #expect(p < surer)
                surer = p
            }
        }
    }

    // MARK: Clusters

    @Test func clustersOfOneAreNoClusters() throws {
        var random = SplitMix64(seed: 5)
        let values = Self.differences(60, &random)
        let alone = try #require(Clusters(differences: values, clusters: Array((0..<60).reversed())))
        #expect(alone.values == values && alone.designEffect == 1)
    }

    /// The error of the cluster values is that of Miller's formula, apart from the correction of its number; and turns that
    /// all say the same count as one.
    @Test func clustersCarryTheirOwnError() throws {
        var random = SplitMix64(seed: 6)
        let sizes = (0..<30).map { 1 + $0 % 4 }
        let groups = sizes.enumerated().flatMap { [Int](repeating: $0.offset, count: $0.element) }
        let values = Self.differences(groups.count, &random)
        let clusters = try #require(Clusters(differences: values, clusters: groups))
        let error = try #require(PairedMean(differences: clusters.values)).standardError
        let plain = try #require(clusteredStandardError(of: values, clusters: groups))
        #expect(Self.isClose(error, plain * (30.0 / 29).squareRoot()))
        #expect(Self.isClose(PairedMean(differences: clusters.values)?.mean, PairedMean(differences: values)?.mean))

        let single = Self.differences(40, &random)
        let repeated = try #require(
            Clusters(differences: single.flatMap { [$0, $0, $0] }, clusters: (0..<120).map { $0 / 3 })
        )
        #expect(
            Self.isClose(
                PairedMean(differences: repeated.values)?.standardError,
                PairedMean(differences: single)?.standardError
            )
        )
        #expect(repeated.designEffect > 2.9 && repeated.designEffect < 3.2)
        #expect(Clusters(differences: [1], clusters: []) == nil)
        #expect(Clusters(differences: [], clusters: []) == nil)
        #expect(Clusters(differences: [1, .nan], clusters: [0, 0]) == nil)
    }

    @Test func groupsThatDifferAreSeen() throws {
        let same = try #require(Heterogeneity([(0.1, 0.02), (0.11, 0.03), (0.09, 0.02)]))
        #expect(same.pValue > 0.5)
        let different = try #require(Heterogeneity([(0, 0.01), (0, 0.01), (0.1, 0.02)]))
        #expect(different.pValue < 0.001 && different.degreesOfFreedom == 2)
        // By hand: weights 4, 4, 1 of the smallest error, mean 1/90, Q = 2 (10/9)^2 + (40/9)^2.
        #expect(Self.isClose(different.pooled, 1 / 90.0) && Self.isClose(different.q, 1800 / 81.0))
        #expect(Heterogeneity([(0.1, 0.02), (0.3, 0)]) == nil)
    }

    // MARK: Looks

    /// The published table of five equal looks at 2.5 % (O'Brien & Fleming by Lan & DeMets).
    @Test func theTableOfFiveLooks() throws {
        let test = try #require(GroupSequential(information: [0.2, 0.4, 0.6, 0.8, 1], alpha: 0.025))
        for (found, wanted) in zip(test.boundaries, [4.877, 3.357, 2.680, 2.290, 2.031]) {
            #expect(abs(found - wanted) < 1e-3)
        }
    }

    /// Random walks cross the boundaries as often as promised.
    @Test(arguments: [(0.05, AlphaSpending.obrienFleming), (0.05, .pocock), (0.2, .obrienFleming)])
    func theRateIsKept(alpha: Double, spending: AlphaSpending) throws {
        let information = [0.1, 0.3, 0.35, 0.7, 1]
        let test = try #require(GroupSequential(information: information, alpha: alpha, spending: spending))
        var random = SplitMix64(seed: 19)
        let runs = 20_000
        var crossed = 0
        for _ in 0..<runs {
            var place = 0.0
            var before = 0.0
            for (share, boundary) in zip(information, test.boundaries) {
                place += (share - before).squareRoot() * random.normal()
                before = share
                if place / share.squareRoot() > boundary {
                    crossed += 1
                    break
                }
            }
        }
        let error = (alpha * (1 - alpha) / Double(runs)).squareRoot()
        #expect(abs(Double(crossed) / Double(runs) - alpha) < 3.5 * error, "\(crossed) of \(runs)")
    }

    @Test func oneLookIsNoSequence() throws {
        for alpha in [1e-6, 0.0025, 0.01, 0.05, 0.3] {
            let test = try #require(GroupSequential(information: [1], alpha: alpha))
            #expect(Self.isClose(test.levels[0], alpha))
        }
        // A stage that ends early has not spent everything.
        let cut = try #require(GroupSequential(information: [0.25, 0.5], alpha: 0.05))
        #expect(cut.levels[1] < 0.01)
    }

    @Test func looksAreOrderedAndFinite() throws {
        let many = (1...40).map { Double($0) / 40 }
        let test = try #require(GroupSequential(information: many, alpha: 0.01))
        #expect(zip(test.boundaries, test.boundaries.dropFirst()).allSatisfy { $0 >= $1 - 1e-6 })
        #expect(test.levels.allSatisfy { $0 >= GroupSequential.smallestLevel && $0 <= 0.01 })
        // More looks cost: each of them is stricter at the end than a single one.
        #expect(test.levels[39] < 0.01 && test.levels[39] > 0.005)
        #expect(test == GroupSequential(information: many, alpha: 0.01))
    }

    @Test(arguments: [[], [0], [0.5, 0.5], [0.6, 0.4], [1.1], [.nan], [-1], (1...101).map { Double($0) / 101 }])
    func looksThatAreNone(_ information: [Double]) {
        #expect(GroupSequential(information: information, alpha: 0.05) == nil)
        #expect(GroupSequential(information: [1], alpha: 0) == nil)
        #expect(GroupSequential(information: [1], alpha: .nan) == nil)
        #expect(GroupSequential(information: [1], alpha: 0.5) == nil)
    }

    @Test func mixtureRatiosOfNothing() throws {
        #expect(MixtureRatio(variance: 0, mixing: 1) == nil && MixtureRatio(variance: 1, mixing: .nan) == nil)
        var test = try #require(MixtureRatio(variance: 1, mixing: 1))
        #expect(test.pAnytime == 1 && test.logRatio == 0)
        test.add(.nan)
        #expect(test.n == 0)
    }
}
