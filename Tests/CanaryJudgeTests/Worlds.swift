import CanaryJudge
import SeededRandom
import UserDocuments

/// Seeded randomness for simulations.
struct Seeded: RandomNumberGenerator {
    private var source: SplitMix64

    init(_ seed: UInt64) { source = SplitMix64(seed: seed) }

    mutating func next() -> UInt64 { source.next() }

    mutating func uniform() -> Double {
        Double.random(in: 0..<1, using: &self)
    }

    /// Sum of twelve uniforms minus six: normal enough for worlds, and the same everywhere.
    mutating func normal() -> Double {
        var total = -6.0
        for _ in 0..<12 { total += uniform() }
        return total
    }
}

extension CheckDefinition {
    /// A definition and its exceptions from the defaults.
    static func make(
        _ metric: String,
        _ type: Metric.Kind,
        worse: Worse = .higher,
        margin: Double,
        _ change: (inout CheckDefinition) -> Void = { _ in }
    ) -> CheckDefinition {
        var definition = CheckDefinition(name: metric, metric: metric, type: type, worse: worse, margin: margin)
        change(&definition)
        return definition
    }
}

extension MetricSamples {
    /// Yes/no pairs with known flips, 1 = good, spread evenly so that no order matters.
    static func flips(worse: Int, better: Int, of pairs: Int, bothBad: Int = 0) -> MetricSamples {
        var baseline = [Double?](repeating: 1, count: pairs)
        var candidate = [Double?](repeating: 1, count: pairs)
        for index in 0..<worse { candidate[index] = 0 }
        for index in worse..<(worse + better) { baseline[index] = 0 }
        for index in (worse + better)..<(worse + better + bothBad) {
            baseline[index] = 0
            candidate[index] = 0
        }
        return MetricSamples(baseline: baseline, candidate: candidate)
    }

    /// `values` against themselves changed by `change`.
    static func changed(_ values: [Double], _ change: (Int, Double) -> Double?) -> MetricSamples {
        MetricSamples(baseline: values, candidate: values.enumerated().map { change($0.offset, $0.element) })
    }
}
