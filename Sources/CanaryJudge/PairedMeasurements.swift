import Foundation
import RegistryRecords
import Statistics
import UserDocuments
import Wording

extension Measurement {
    /// All checks of one definition over paired samples.
    static func paired(_ definition: CheckDefinition, _ samples: MetricSamples, _ policy: JudgePolicy) -> [Measurement]
    {
        let clean = CleanSamples(samples, type: definition.type, pairing: .paired)
        let pairs = Array(zip(clean.baseline, clean.candidate))
        var measured: [Measurement] =
            switch definition.type {
            case .duration: durations(definition, pairs, policy)
            case .amount: [amount(definition, pairs, policy)]
            case .binary: [binary(definition, pairs, policy)]
            case .score: [score(definition, pairs, policy)]
            }
        if let why = samples.whyMissing {
            for index in measured.indices where measured[index].blocked == nil {
                measured[index].blocked = CheckSentences.tooManyMissing(measured[index], policy).map { "\($0): \(why)" }
            }
        }
        if clean.unusable > 0 {
            let values = clean.unusable == 1 ? "1 value was" : "\(clean.unusable) values were"
            for index in measured.indices {
                measured[index].notes.append("\(values) not usable and counted as missing")
            }
        }
        return measured
    }

    private typealias Pair = (baseline: Double?, candidate: Double?)

    /// Pairs in which both arms have a value.
    private static func complete(_ pairs: [Pair]) -> (baseline: [Double], candidate: [Double]) {
        var baseline: [Double] = []
        var candidate: [Double] = []
        for case (let base?, let trial?) in pairs {
            baseline.append(base)
            candidate.append(trial)
        }
        return (baseline, candidate)
    }

    // MARK: Binary

    private static func binary(_ definition: CheckDefinition, _ pairs: [Pair], _ policy: JudgePolicy) -> Measurement {
        var measurement = Measurement(definition, aspect: "rate", policy: policy)
        let badValue = definition.worse == .higher ? 1.0 : 0.0
        var noAnswer = 0
        var counted: [(baselineBad: Bool, candidateBad: Bool)] = []
        for case (let base?, let trial) in pairs {
            // Intention to treat: a candidate that gives nothing to score did not give a good answer.
            if trial == nil { noAnswer += 1 }
            counted.append((base == badValue, trial == nil || trial == badValue))
        }
        measurement.missing = pairs.count - counted.count
        measurement.count(counted, policy)
        if let flips = measurement.flips, measurement.samples > 0 {
            let size = Double(measurement.samples)
            let baselineBad = Double(flips.gotBetter + flips.bothBad) / size
            let candidateBad = Double(flips.gotWorse + flips.bothBad) / size
            measurement.baseline = definition.worse == .higher ? baselineBad : 1 - baselineBad
            measurement.candidate = definition.worse == .higher ? candidateBad : 1 - candidateBad
            if definition.rateLimit != nil {
                measurement.ownRateUpper = Proportion(bad: flips.gotWorse + flips.bothBad, n: measurement.samples)?
                    .exactUpper(alpha: measurement.alphaPass)
            }
            if let veto = definition.vetoCount, flips.gotWorse >= max(1, veto) { measurement.vetoedBy = flips.gotWorse }
        }
        if noAnswer > 0 {
            measurement.notes.append("\(noAnswer) without a value from the candidate count as bad")
        }
        return measurement
    }

    /// Fills in the effect of paired yes/no outcomes: Tango's bounds, McNemar's mid-p (exact for few flips when the
    /// definition asks for it), Tango's score p-value when some degradation is tolerated.
    private mutating func count(_ pairs: [(baselineBad: Bool, candidateBad: Bool)], _ policy: JudgePolicy) {
        var worse = 0
        var better = 0
        var bothBad = 0
        for pair in pairs {
            switch (pair.baselineBad, pair.candidateBad) {
            case (false, true): worse += 1
            case (true, false): better += 1
            case (true, true): bothBad += 1
            case (false, false): break
            }
        }
        samples = pairs.count
        flips = CheckResult.Flips(
            gotWorse: worse,
            gotBetter: better,
            bothGood: pairs.count - worse - better - bothBad,
            bothBad: bothBad
        )
        guard let tango = Tango(onlyCandidateBad: worse, onlyBaselineBad: better, pairs: pairs.count),
            let test = McNemar(onlyCandidateBad: worse, onlyBaselineBad: better)
        else { return }
        let pDegradation =
            if tolerate > 0 {
                tango.pDegradation(tolerate: tolerate)
            } else if definition.exactWhenFew, test.discordant < 10 {
                test.pDegradationExact
            } else {
                test.pDegradation
            }
        effect = Effect(
            estimate: tango.difference,
            lower: tango.lower(alpha: alphaPass),
            upper: tango.upper(alpha: alphaPass),
            pDegradation: pDegradation
        )
        noise = .flips(worse: Double(worse) / Double(pairs.count), better: Double(better) / Double(pairs.count))
    }

    // MARK: Durations

    private static func durations(_ definition: CheckDefinition, _ pairs: [Pair], _ policy: JudgePolicy)
        -> [Measurement]
    {
        let sign = definition.worse == .higher ? 1.0 : -1.0
        let (baseline, candidate) = complete(pairs)
        // Requests the candidate did not finish: worse than any limit, but without a place in a mean.
        let unfinished = pairs.lazy.filter { $0.baseline != nil && $0.candidate == nil }.count
        let differences = zip(baseline, candidate).map { sign * (log($1) - log($0)) }

        var centre = Measurement(definition, aspect: "centre", policy: policy)
        centre.missing = pairs.count - differences.count
        centre.samples = differences.count
        centre.baseline = geometricMean(baseline)
        centre.candidate = geometricMean(candidate)
        // A logarithm carries the rounding of its argument, so a constant ratio scatters by a few of these.
        let largest = zip(baseline, candidate).reduce(1) { max($0, abs(log($1.0)), abs(log($1.1))) }
        centre.measure(mean: PairedMean(differences, noiseOfInputs: largest), differences: differences)

        var result = [centre]
        if let factor = definition.tailFactor {
            result.append(tail(definition, differences, unfinished, pairs.count, factor, policy))
        }
        if let limit = definition.limit {
            result.append(overLimit(definition, pairs, limit, policy))
        }
        return result
    }

    /// Requests that became slower by more than a factor against those that became faster by it. The factor is the
    /// definition's, or four robust standard deviations of the run's own noise where that is more; it does not
    /// change when the arms are swapped, which is what makes McNemar's test exact here.
    private static func tail(
        _ definition: CheckDefinition,
        _ differences: [Double],
        _ unfinished: Int,
        _ pairCount: Int,
        _ factor: Double,
        _ policy: JudgePolicy
    ) -> Measurement {
        var tail = Measurement(definition, aspect: "tail", policy: policy, shareMargin: definition.tailMargin)
        guard factor > 1, factor.isFinite else {
            tail.blocked = "the tail factor must be above 1: correct it in the canary document"
            return tail
        }
        let noise = 4 * 1.4826 * (median(differences.map { abs($0) }) ?? 0)
        let threshold = max(log(factor), noise)
        var outcomes = differences.map { (baselineBad: $0 < -threshold, candidateBad: $0 > threshold) }
        outcomes += [(baselineBad: Bool, candidateBad: Bool)](repeating: (false, true), count: unfinished)
        tail.missing = pairCount - outcomes.count
        tail.count(outcomes, policy)
        if let flips = tail.flips {
            tail.notes.append(
                "\(flips.gotWorse) more than \(NumberText.decimal(exp(threshold), 1))x slower, "
                    + "\(flips.gotBetter) faster"
            )
        }
        if unfinished > 0 { tail.notes.append("\(unfinished) that the candidate did not finish count as slower") }
        return tail
    }

    private static func overLimit(
        _ definition: CheckDefinition,
        _ pairs: [Pair],
        _ limit: Double,
        _ policy: JudgePolicy
    ) -> Measurement {
        var measurement = Measurement(definition, aspect: "limit", policy: policy, shareMargin: definition.limitMargin)
        guard limit > 0, limit.isFinite else {
            measurement.blocked = "the limit must be above 0: correct it in the canary document"
            return measurement
        }
        func isOver(_ value: Double) -> Bool { definition.worse == .higher ? value > limit : value < limit }
        var outcomes: [(baselineBad: Bool, candidateBad: Bool)] = []
        for case (let base?, let trial) in pairs {
            outcomes.append((isOver(base), trial.map(isOver) ?? true))
        }
        measurement.missing = pairs.count - outcomes.count
        measurement.count(outcomes, policy)
        if !outcomes.isEmpty {
            let size = Double(outcomes.count)
            measurement.baseline = Double(outcomes.lazy.filter(\.baselineBad).count) / size
            measurement.candidate = Double(outcomes.lazy.filter(\.candidateBad).count) / size
        }
        return measurement
    }

    // MARK: Amounts and scores

    private static func amount(_ definition: CheckDefinition, _ pairs: [Pair], _ policy: JudgePolicy) -> Measurement {
        var measurement = Measurement(definition, aspect: "amount", policy: policy)
        let (baseline, candidate) = complete(pairs)
        measurement.samples = baseline.count
        measurement.missing = pairs.count - baseline.count
        measurement.baseline = Moments(baseline)?.mean
        measurement.candidate = Moments(candidate)?.mean
        let (from, to) = definition.worse == .higher ? (baseline, candidate) : (candidate, baseline)
        if let ratio = RatioOfMeans.paired(baseline: from, candidate: to) {
            measurement.measure(mean: ratio, differences: [])
            if abs(ratio.skewness) > 2 {
                if measurement.minimumIsDefault(policy) {
                    measurement.minimum = 200
                } else if measurement.samples < 200 {
                    measurement.notes.append("very skewed: with fewer than 200 pairs the bounds are rough")
                }
            }
        } else if let differences = PairedMean(differences: zip(from, to).map { $1 - $0 }) {
            // A mean of zero has no ratio: compare the amounts themselves, in units of the larger mean.
            let scale = max(measurement.baseline ?? 0, measurement.candidate ?? 0)
            measurement.unit = .own
            measurement.margin = definition.margin * (scale > 0 ? scale : 1)
            measurement.tolerate = definition.tolerate * (scale > 0 ? scale : 1)
            measurement.measure(mean: differences, differences: [])
            measurement.notes.append("compared as a difference because a mean is 0")
        }
        return measurement
    }

    private static func score(_ definition: CheckDefinition, _ pairs: [Pair], _ policy: JudgePolicy) -> Measurement {
        var measurement = Measurement(definition, aspect: "score", policy: policy)
        let (baseline, candidate) = complete(pairs)
        let sign = definition.worse == .higher ? 1.0 : -1.0
        let differences = zip(baseline, candidate).map { sign * ($1 - $0) }
        measurement.samples = differences.count
        measurement.missing = pairs.count - differences.count
        measurement.baseline = Moments(baseline)?.mean
        measurement.candidate = Moments(candidate)?.mean
        let largest = zip(baseline, candidate).reduce(0) { max($0, abs($1.0), abs($1.1)) }
        let mean = PairedMean(differences, noiseOfInputs: largest)
        measurement.measure(mean: mean, differences: differences)
        if let mean, mean.standardDeviation > 0, let skewed = SkewedMean(differences: differences),
            let plain = measurement.effect
        {
            // Neither bound is right for every skewed sample; the outer envelope is never the optimistic one.
            measurement.effect = Effect(
                estimate: plain.estimate,
                lower: skewed.hallLower(alpha: measurement.alphaPass).map { min($0, plain.lower) } ?? plain.lower,
                upper: skewed.hallUpper(alpha: measurement.alphaPass).map { max($0, plain.upper) } ?? plain.upper,
                pDegradation: plain.pDegradation
            )
            if abs(mean.skewness) > 2, differences.count < 100 {
                measurement.notes.append("very skewed: with fewer than 100 pairs the bounds are rough")
            }
        }
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

    /// Fills in t bounds and p-value of a mean, and says so when a few requests carry it.
    private mutating func measure(mean: PairedMean?, differences: [Double]) {
        guard let mean else { return }
        effect = Effect(
            estimate: mean.mean,
            lower: mean.lower(alpha: alphaPass),
            upper: mean.upper(alpha: alphaPass),
            pDegradation: mean.pDegradation(tolerate: tolerate)
        )
        noise = .differences(standardDeviation: mean.standardDeviation)
        guard mean.standardDeviation > 0, let typical = Wilcoxon(differences: differences)?.pseudoMedian else { return }
        if mean.mean >= margin, typical < margin {
            let driving = drivers(of: mean.mean, differences)
            notes.append("driven by \(driving) of \(differences.count) requests, the typical one is within the margin")
        } else if mean.mean < margin, typical >= margin {
            notes.append("the typical request is past the margin, a few far better ones hide it in the mean")
        }
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

    private static func geometricMean(_ values: [Double]) -> Double? {
        Moments(values.map { log($0) }).map { exp($0.mean) }
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
