import Foundation
import RegistryRecords
import Statistics
import UserDocuments

extension Measurement {
    // MARK: Amounts and scores

    static func amount(_ definition: CheckDefinition, _ pairs: [Pair], _ policy: JudgePolicy) -> Measurement {
        var measurement = Measurement(definition, aspect: "amount", policy: policy)
        let (baseline, candidate, clusters) = complete(pairs)
        measurement.samples = baseline.count
        measurement.missing = pairs.count - baseline.count
        measurement.baseline = Moments(baseline)?.mean
        measurement.candidate = Moments(candidate)?.mean
        let (from, to) = definition.worse == .higher ? (baseline, candidate) : (candidate, baseline)
        if let ratio = RatioOfMeans.linearised(baseline: from, candidate: to) {
            let mean = measurement.measure(ratio.differences, clusters, constant: ratio.constant, explains: false)
            if let mean, abs(mean.skewness) > 2 {
                if measurement.minimumIsDefault(policy) {
                    measurement.minimum = 200
                } else if measurement.samples < 200 {
                    measurement.notes.append("very skewed: with fewer than 200 pairs the bounds are rough")
                }
            }
        } else if baseline.count > 1 {
            // A mean of zero has no ratio: compare the amounts themselves, in units of the larger mean.
            let scale = max(measurement.baseline ?? 0, measurement.candidate ?? 0)
            measurement.unit = .own
            measurement.margin = definition.margin * (scale > 0 ? scale : 1)
            measurement.tolerate = definition.tolerate * (scale > 0 ? scale : 1)
            measurement.measure(zip(from, to).map { $1 - $0 }, clusters, explains: false)
            measurement.notes.append("compared as a difference because a mean is 0")
        }
        return measurement
    }

    static func score(_ definition: CheckDefinition, _ pairs: [Pair], _ policy: JudgePolicy) -> Measurement {
        var measurement = Measurement(definition, aspect: "score", policy: policy)
        let (baseline, candidate, clusters) = complete(pairs)
        let sign = definition.worse == .higher ? 1.0 : -1.0
        let differences = zip(baseline, candidate).map { sign * ($1 - $0) }
        measurement.samples = differences.count
        measurement.missing = pairs.count - differences.count
        measurement.baseline = Moments(baseline)?.mean
        measurement.candidate = Moments(candidate)?.mean
        let largest = zip(baseline, candidate).reduce(0) { max($0, abs($1.0), abs($1.1)) }
        measurement.measure(differences, clusters, noiseOfInputs: largest, isSkewed: true)
        let onlyCandidateMissing = pairs.lazy.filter { $0.baseline != nil && $0.candidate == nil }.count
        let onlyBaselineMissing = pairs.lazy.filter { $0.baseline == nil && $0.candidate != nil }.count
        if let test = McNemar(onlyCandidateBad: onlyCandidateMissing, onlyBaselineBad: onlyBaselineMissing),
            test.pMid < 0.01, measurement.blocked == nil
        {
            measurement.blocked =
                "scores are missing not at random: \(onlyCandidateMissing) only from the candidate, "
                + "\(onlyBaselineMissing) only from the baseline"
        }
        return measurement
    }

    /// Fills in bounds and p-value of a mean of paired differences, or of one value a cluster where these hang together.
    ///
    /// - Parameters:
    ///   - noiseOfInputs: size of the values whose rounding the differences carry; nil where it is small beside them.
    ///   - constant: the mean, where it is known and not estimated.
    ///   - isSkewed: whether to take the outer envelope of Student's and Hall's bounds.
    ///   - explains: whether a sentence may say what carries the mean.
    @discardableResult
    mutating func measure(
        _ differences: [Double],
        _ groups: [Int],
        noiseOfInputs: Double? = nil,
        constant: Double? = nil,
        isSkewed: Bool = false,
        explains: Bool = true
    ) -> PairedMean? {
        var values = differences
        if let grouped = Clusters(differences: differences, clusters: groups), grouped.largest > 1 {
            values = grouped.values
            clusters = values.count
            designEffect = grouped.designEffect
        }
        let mean: PairedMean? =
            if let constant {
                PairedMean(constant: constant, n: values.count)
            } else if let noiseOfInputs {
                PairedMean(values, noiseOfInputs: noiseOfInputs)
            } else {
                PairedMean(differences: values)
            }
        guard let mean else { return nil }
        effect = Effect(
            estimate: mean.mean,
            lower: mean.lower(alpha: alphaPass),
            upper: mean.upper(alpha: alphaPass),
            pDegradation: mean.pDegradation(tolerate: tolerate)
        )
        noise = .differences(
            standardDeviation: clusters == nil
                ? mean.standardDeviation : mean.standardError * Double(differences.count).squareRoot()
        )
        guard mean.standardDeviation > 0 else { return mean }
        if explains { self.differences = differences }
        if isSkewed, let skewed = SkewedMean(differences: values), let plain = effect {
            // Neither bound is right for every skewed sample; the outer envelope is never the optimistic one.
            effect = Effect(
                estimate: plain.estimate,
                lower: skewed.hallLower(alpha: alphaPass).map { min($0, plain.lower) } ?? plain.lower,
                upper: skewed.hallUpper(alpha: alphaPass).map { max($0, plain.upper) } ?? plain.upper,
                pDegradation: plain.pDegradation
            )
            effect?.tests = [.mean(lower: plain.lower)]
            if abs(mean.skewness) > 2, values.count < 100 {
                notes.append("very skewed: with fewer than 100 pairs the bounds are rough")
            }
        }
        return mean
    }

    /// That a few requests carry the mean; nil where they do not. Costs a sort, so it is asked for once a report.
    var whatCarriesTheMean: String? {
        guard let mean = Moments(differences)?.mean else { return nil }
        // Where 1/sqrt 2 of the values lie on one side, half of all pairwise means do, and with them the typical one.
        let beyond = differences.count { $0 >= margin }
        let surely = Int((Double(differences.count) * 0.5.squareRoot()).rounded(.up)) + 1
        if (mean >= margin ? beyond : differences.count - beyond) >= surely { return nil }
        let isTypicalBeyond = PairwiseMeans.medianReaches(margin, of: differences)
        if mean >= margin, !isTypicalBeyond {
            let driving = drivers(of: mean, differences)
            return "driven by \(driving) of \(differences.count) requests, the typical one is within the margin"
        }
        guard mean < margin, isTypicalBeyond else { return nil }
        return "the typical request is past the margin, a few far better ones hide it in the mean"
    }

    /// How many requests, most degradation first, carry a mean past the margin.
    private func drivers(of mean: Double, _ differences: [Double]) -> Int {
        var remaining = mean * Double(differences.count)
        var driving = 0
        for difference in differences.sorted(by: >) {
            guard driving < differences.count - 1, remaining / Double(differences.count - driving) >= margin
            else { break }
            remaining -= difference
            driving += 1
        }
        return driving
    }

    static func geometricMean(_ values: [Double]) -> Double? {
        Moments(values.map { log($0) }).map { exp($0.mean) }
    }
}

/// The means of all pairs of differences, each with itself included.
enum PairwiseMeans {
    /// Whether their median (Hodges & Lehmann 1963) is at least `bound`. To count the means that reach a bound takes one sort;
    /// to find their median takes many passes.
    static func medianReaches(_ bound: Double, of differences: [Double]) -> Bool {
        let sorted = differences.sorted()
        let means = sorted.count * (sorted.count + 1) / 2
        var reaching = 0
        // The larger one of a pair is, the smaller the other may be.
        var first = sorted.count
        for index in sorted.indices {
            while first > 0, (sorted[index] + sorted[first - 1]) / 2 >= bound { first -= 1 }
            reaching += sorted.count - max(first, index)
        }
        if 2 * reaching != means { return 2 * reaching > means }
        // The bound is between the two means in the middle.
        return (Wilcoxon(differences: differences)?.pseudoMedian).map { $0 >= bound } ?? false
    }
}

extension PairedMean {
    /// A mean that is taken as constant when the differences scatter by no more than the rounding of inputs of size
    /// `noiseOfInputs`.
    init?(_ differences: [Double], noiseOfInputs: Double) {
        guard let lowest = differences.min(), let highest = differences.max() else { return nil }
        if differences.count > 1, highest - lowest <= 8 * noiseOfInputs.ulp {
            // Equal arms are equal to the last bit; anything else is as exact as its middle.
            self.init(constant: lowest == highest ? lowest : lowest + (highest - lowest) / 2, n: differences.count)
        } else {
            self.init(differences: differences)
        }
    }
}

/// ln(1 + x), named so that files without Foundation can use it.
func logOnePlus(_ x: Double) -> Double {
    log1p(x)
}
