import Statistics
import Testing

@testable import CanaryJudge

/// What a count says is what the median itself says.
struct PairwiseMeansTests {
    /// Lengths up to 40 with many ties, bounds on values, between them and beyond them all.
    @Test func aCountSaysWhatTheMedianSays() throws {
        var random = Seeded(61)
        var seen = (reached: 0, missed: 0)
        for length in 1...40 {
            for _ in 0..<20 {
                let differences = (0..<length).map { _ in (random.uniform() * 6).rounded() / 2 - 1 }
                let median = try #require(Wilcoxon(differences: differences)?.pseudoMedian)
                for bound in [-2, -0.5, 0, 0.25, 0.5, 0.75, 1, 1.25, 3, median, median.nextUp, median.nextDown] {
                    let reaches = PairwiseMeans.medianReaches(bound, of: differences)
                    #expect(reaches == (median >= bound), "\(differences) at \(bound)")
                    if reaches { seen.reached += 1 } else { seen.missed += 1 }
                }
            }
        }
        #expect(seen.reached > 1000 && seen.missed > 1000)
        #expect(!PairwiseMeans.medianReaches(0, of: []))
    }
}
