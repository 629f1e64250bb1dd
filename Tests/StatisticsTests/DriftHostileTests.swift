import SeededRandom
import Statistics
import Testing

/// What the measures of drift do with input that makes no sense, and a few values known by hand.
@Suite struct DriftHostileTests {
    @Test func tablesThatDoNotFitAreRefused() throws {
        #expect(Homogeneity([1, 2], [1]) == nil)
        #expect(Homogeneity([-1, 2], [1, 1]) == nil)
        #expect(Homogeneity([0, 0], [1, 1]) == nil)
        #expect(Homogeneity([.nan], [1]) == nil)
        #expect(Homogeneity([], []) == nil)
        let constant = try #require(Homogeneity([5, 0], [7, 0]))
        #expect(constant.degreesOfFreedom == 0)
        #expect(constant.pValue(of: constant.chiSquared) == 1)
        #expect(constant.cramersV == nil)
    }

    @Test func rareCategoriesArePooledUntilTheyCount() throws {
        let table = try #require(Homogeneity([90, 5, 2, 2, 1], [90, 4, 1, 3, 2]))
        let pooled = table.pooled()
        #expect(pooled.first == [90, 10])
        #expect(pooled.second == [90, 10])
        #expect(pooled.smallestExpected >= 5)
        let large = try #require(Homogeneity([50, 50], [60, 40]))
        #expect(large.pooled() == large)
        #expect(try #require(Homogeneity([3], [4])).pooled().degreesOfFreedom == 0)
    }

    @Test func fishersTestOfLadyTastingTea() throws {
        // 3 of 4 against 1 of 4: 34 of 70 orders are at most as likely.
        #expect(abs(try #require(fisherExact((3, 1), (1, 3))) - 34.0 / 70) < 1e-12)
        #expect(fisherExact((0, 0), (1, 3)) == 1)
        #expect(fisherExact((-1, 2), (1, 3)) == nil)
        let large = try #require(fisherExact((500_000, 500_000), (499_000, 501_000)))
        #expect(large > 0.15 && large < 0.165)
    }

    @Test func binnedRanksAgreeWithTheTestOnValues() throws {
        var numbers = SplitMix64(seed: 3)
        let x = (0..<300).map { _ in Double(numbers.below(20)) }
        let y = (0..<200).map { _ in Double(numbers.below(22)) }
        func counts(_ values: [Double]) -> [Double] {
            (0..<22).map { bin in Double(values.filter { $0 == Double(bin) }.count) }
        }
        let binned = try #require(BinnedRanks(counts(x), counts(y)))
        let exact = try #require(MannWhitney(y, x))
        #expect(abs(binned.cliffsDelta - exact.cliffsDelta) < 1e-12)
        #expect(abs(binned.pTwoSided - exact.pNormal(.twoSided, continuity: false)) < 1e-12)
        #expect(BinnedRanks([1], [1, 2]) == nil)
        #expect(BinnedRanks([0], [1]) == nil)
        #expect(try #require(BinnedRanks([5], [7])).pTwoSided == 1)
    }

    @Test func kernelsAndFeaturesRefuseRaggedRows() {
        #expect(KernelTwoSample([[1], [2, 3]], [[1], [2]], gamma: 1) == nil)
        #expect(KernelTwoSample([[1]], [[1], [2]], gamma: 1) == nil)
        #expect(KernelTwoSample([[1], [.infinity]], [[1], [2]], gamma: 1) == nil)
        let test = KernelTwoSample([[1], [2]], [[1], [2]], gamma: 1)
        #expect(test?.statistic(order: [0, 0, 1, 2]) == nil)
        #expect(test?.pValue(count: 19, seed: 1).map { $0 > 0 && $0 <= 1 } == true)
        #expect(KernelTwoSample.medianSquaredDistance([[1]]) == nil)
        #expect(RandomFeatures(seed: 1, width: 0, medianSquaredDistance: 1) == nil)
        #expect(RandomFeatures(seed: 1, width: 3, medianSquaredDistance: .nan) == nil)
        let random = RandomFeatures(seed: 1, width: 3, medianSquaredDistance: 2)
        #expect(random?.features(of: [Double](repeating: 0, count: 2)) == nil)
        #expect(random == RandomFeatures(seed: 1, width: 3, medianSquaredDistance: 2))
        #expect(DiscrepancyNull(features: [[1, 2]]) == nil)
        #expect(DiscrepancyNull(features: [[1], [1]])?.pValue(of: 0) == 1)
    }

    @Test(arguments: [0.01, 0.5, 1, 3, 9, 127, 10_000])
    func chiSquareQuantilesGoBack(_ df: Double) throws {
        for p in [1e-9, 0.01, 0.5, 0.95, 0.999_999] {
            let x = try #require(ChiSquared.quantile(p, df: df))
            let back = 1 - (try #require(ChiSquared.upperTail(x, df: df)))
            // A quantile below the smallest number is 0, and 0 has probability 0.
            #expect(abs(back - p) < 1e-9 || x < 1e-290)
        }
        #expect(ChiSquared.quantile(1, df: df) == nil)
        #expect(ChiSquared.quantile(.nan, df: df) == nil)
    }

    @Test func chartsIgnoreWhatIsNoNumber() throws {
        var chart = try #require(CumulativeSum(allowance: 0.5, limit: 2))
        let alarms = [1.5, .nan, 1.5, 1].map { chart.add($0) }
        #expect(alarms == [false, false, false, true])
        #expect(CumulativeSum(allowance: -1, limit: 2) == nil)
        #expect(CumulativeSum(allowance: 0, limit: 2)?.runLength == nil)
    }
}
