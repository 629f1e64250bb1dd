import Foundation
import Statistics
import Testing

/// The evidence against sums over every outcome there is.
@Suite struct OddsRatioEvidenceTests {
    private func choose(_ n: Int, _ k: Int) -> Double {
        guard k >= 0, k <= n else { return 0 }
        return (0..<k).reduce(1.0) { $0 * Double(n - $1) / Double($1 + 1) }
    }

    private func evidence(_ candidate: (bad: Int, all: Int), _ baseline: (bad: Int, all: Int)) -> Double {
        var evidence = OddsRatioEvidence()
        let isCounted = evidence.add(candidate: candidate, baseline: baseline)
        #expect(isCounted)
        return evidence.logEvidence
    }

    @Test(arguments: [(4, 1), (1, 4), (7, 3), (3, 3), (12, 5), (30, 2), (1, 1), (0, 5), (5, 0)])
    func aBlockIsWorthOneOnAverageWhenTheReleasesDoNotDiffer(_ candidate: Int, _ baseline: Int) {
        for bad in 0...(candidate + baseline) {
            var mean = 0.0
            for own in max(0, bad - baseline)...min(bad, candidate) {
                let probability =
                    choose(candidate, own) * choose(baseline, bad - own) / choose(candidate + baseline, bad)
                mean += probability * exp(evidence((own, candidate), (bad - own, baseline)))
            }
            #expect(abs(mean - 1) < 1e-12, "\(bad) bad of \(candidate) and \(baseline)")
        }
    }

    @Test func eachOddsRatioIsWorthWhatTheTwoDistributionsSay() {
        // 3 of 4 against 0 of 2: weights of 1, 2, 3 of the 3 bad ones are 4, 12, 4.
        var one = OddsRatioEvidence()
        let isCounted = one.add(candidate: (3, 4), baseline: (0, 2))
        #expect(isCounted)
        for (index, ratio) in OddsRatioEvidence.ratios.enumerated() {
            let weights = 4 * ratio + 12 * ratio * ratio + 4 * ratio * ratio * ratio
            let expected = (4 * ratio * ratio * ratio / weights) / (4.0 / 20)
            #expect(abs(one.logEvidencePerRatio[index] - log(expected)) < 1e-12)
        }
    }

    @Test func rareEventsGiveWhatTheFormForRatesGives() {
        var odds = OddsRatioEvidence()
        var rates = RateRatioEvidence()
        for _ in 0..<5 {
            let isCounted = odds.add(candidate: (3, 800_000), baseline: (1, 200_000))
            #expect(isCounted)
            let isRateCounted = rates.add(share: 0.8, candidate: 3, baseline: 1)
            #expect(isRateCounted)
        }
        for (index, ratio) in RateRatioEvidence.ratios.enumerated() {
            let same = OddsRatioEvidence.ratios.firstIndex(of: ratio).map { odds.logEvidencePerRatio[$0] } ?? .nan
            #expect(abs(same - rates.logEvidencePerRatio[index]) < 1e-3)
        }
    }

    @Test func aVeryLargeBlockCostsNothingAndIsWorthNoMoreThanItsExactForm() {
        let exact = evidence((6000, 20_000), (3000, 20_000))
        let large = evidence((60_000, 200_000), (30_000, 200_000))
        #expect(exact > 100 && large > 100)
        #expect(evidence((60_000, 200_000), (60_000, 200_000)) < 0)
    }

    @Test(
        arguments: [
            ((-1, 5), (0, 5)), ((0, 5), (-1, 5)), ((6, 5), (0, 5)), ((0, -1), (0, 5)), ((1, 5), (9, 5)),
            ((Int.max, Int.max), (Int.max, Int.max)),
        ] as [((Int, Int), (Int, Int))]
    )
    func countsThatMakeNoSenseAreNotCounted(_ candidate: (Int, Int), _ baseline: (Int, Int)) {
        var evidence = OddsRatioEvidence()
        let isCounted = evidence.add(candidate: (candidate.0, candidate.1), baseline: (baseline.0, baseline.1))
        #expect(!isCounted)
        #expect(evidence == OddsRatioEvidence())
    }

    @Test func storedEvidenceIsTakenUpOnlyWhenItIsWhole() {
        let count = OddsRatioEvidence.ratios.count
        #expect(OddsRatioEvidence(logEvidencePerRatio: [Double](repeating: 1, count: count)) != nil)
        #expect(OddsRatioEvidence(logEvidencePerRatio: [Double](repeating: .nan, count: count)) == nil)
        #expect(OddsRatioEvidence(logEvidencePerRatio: []) == nil)
    }
}
