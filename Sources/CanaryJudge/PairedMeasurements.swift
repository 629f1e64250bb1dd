import Foundation
import RegistryRecords
import Statistics
import UserDocuments
import Wording

extension Measurement {
    /// All checks of one definition over paired samples.
    ///
    /// - Parameter clusters: which group of requests that hang together each pair belongs to; nil where each stands alone.
    static func paired(
        _ definition: CheckDefinition,
        _ samples: MetricSamples,
        _ policy: JudgePolicy,
        clusters: [Int]? = nil
    ) -> [Measurement] {
        let clean = CleanSamples(samples, type: definition.type, pairing: .paired)
        let groups = clusters.flatMap { $0.count == clean.baseline.count ? $0 : nil }
        let pairs = clean.baseline.indices.map { index in
            Pair(
                baseline: clean.baseline[index],
                candidate: clean.candidate[index],
                cluster: groups?[index] ?? index
            )
        }
        var measured: [Measurement] =
            switch definition.type {
            case .duration: durations(definition, pairs, policy)
            case .amount: [amount(definition, pairs, policy)]
            case .binary: binary(definition, pairs, policy, isRepeated: clean.isRepeated)
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

    struct Pair {
        let baseline: Double?
        let candidate: Double?
        let cluster: Int
    }

    /// What came of a pair where only good and bad count.
    private struct Outcome {
        let baselineBad: Bool
        let candidateBad: Bool
        let cluster: Int
    }

    /// Pairs in which both arms have a value.
    static func complete(_ pairs: [Pair]) -> (baseline: [Double], candidate: [Double], clusters: [Int]) {
        var baseline: [Double] = []
        var candidate: [Double] = []
        var clusters: [Int] = []
        for pair in pairs {
            guard let base = pair.baseline, let trial = pair.candidate else { continue }
            baseline.append(base)
            candidate.append(trial)
            clusters.append(pair.cluster)
        }
        return (baseline, candidate, clusters)
    }

    // MARK: Binary

    private static func binary(
        _ definition: CheckDefinition,
        _ pairs: [Pair],
        _ policy: JudgePolicy,
        isRepeated: Bool
    ) -> [Measurement] {
        var measurement = Measurement(definition, aspect: "rate", policy: policy)
        let badValue = definition.worse == .higher ? 1.0 : 0.0
        if isRepeated {
            measurement.countShares(pairs, bad: badValue)
            return [measurement]
        }
        var noAnswer = 0
        var counted: [Outcome] = []
        counted.reserveCapacity(pairs.count)
        for pair in pairs {
            guard let base = pair.baseline else { continue }
            let trial = pair.candidate
            // Intention to treat: a candidate that gives nothing to score did not give a good answer.
            if trial == nil { noAnswer += 1 }
            counted.append(
                Outcome(
                    baselineBad: base == badValue,
                    candidateBad: trial == nil || trial == badValue,
                    cluster: pair.cluster
                )
            )
        }
        measurement.missing = pairs.count - counted.count
        measurement.count(counted)
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
        guard let limit = definition.newlyBadLimit else { return [measurement] }
        return [measurement, newlyBad(definition, measurement, limit, policy)]
    }

    /// Requests that were good before and are bad now, as a limit of their own: a candidate that mends as many as it
    /// breaks has no worse rate, and those whose requests it breaks still lose.
    private static func newlyBad(
        _ definition: CheckDefinition,
        _ rate: Measurement,
        _ limit: Double,
        _ policy: JudgePolicy
    ) -> Measurement {
        var measurement = Measurement(definition, aspect: "newly bad", policy: policy, shareMargin: limit)
        measurement.samples = rate.samples
        measurement.missing = rate.missing
        measurement.clusters = rate.clusters
        guard let flips = rate.flips, let share = Proportion(bad: flips.gotWorse, n: rate.samples) else {
            return measurement
        }
        // Requests that hang together say less: as many as stand alone and have the same share.
        let size = max(1, Int(Double(rate.samples) / max(1, rate.designEffect ?? 1)))
        let bad = Int((share.share * Double(size)).rounded())
        let (upper, lower) = (
            Proportion(bad: bad, n: size)?.exactUpper(alpha: measurement.alphaPass),
            Proportion(bad: size - bad, n: size)?.exactUpper(alpha: measurement.alphaPass)
        )
        measurement.baseline = 0
        measurement.candidate = share.share
        measurement.effect = Effect(
            estimate: share.share,
            lower: lower.map { min(1 - $0, share.share) },
            upper: upper.map { max($0, share.share) },
            pDegradation: Binomial.upperTail(bad, n: size, p: limit) ?? 1
        )
        measurement.noise = .flips(worse: share.share, better: 0)
        measurement.notes.append("\(flips.gotWorse) of \(rate.samples) were good before and are bad now")
        return measurement
    }

    /// Fills in the effect of paired yes/no outcomes: Tango's bounds, McNemar's mid-p (exact for few flips when the
    /// definition asks for it), Tango's score p-value when some degradation is tolerated.
    private mutating func count(_ pairs: [Outcome]) {
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
        if tolerate == 0 {
            let isExact = definition.exactWhenFew && test.discordant < 10
            effect?.tests = [.flips(test, pairs: Double(pairs.count), isExact: isExact)]
        }
        noise = .flips(worse: Double(worse) / Double(pairs.count), better: Double(better) / Double(pairs.count))
        count(clusters: pairs, worse: worse, better: better)
    }

    /// Widens the effect of yes/no outcomes that come in clusters: the clustered interval, and never less than the score
    /// interval of as many pairs as would say as much if each stood alone (Rao & Scott 1992); the first is short where
    /// flips are few, the second where they gather.
    private mutating func count(clusters pairs: [Outcome], worse: Int, better: Int) {
        let differences = pairs.map { Double(($0.candidateBad ? 1 : 0) - ($0.baselineBad ? 1 : 0)) }
        guard let plain = effect, let grouped = Clusters(differences: differences, clusters: pairs.map(\.cluster)),
            grouped.largest > 1
        else { return }
        clusters = grouped.values.count
        designEffect = max(1, grouped.designEffect)
        guard let mean = PairedMean(differences: grouped.values) else {
            effect = nil
            return
        }
        let size = Double(pairs.count)
        let shrink = mean.standardDeviation > 0 ? 1 / max(1, grouped.designEffect) : Double(grouped.values.count) / size
        let score = Tango(
            onlyCandidateBad: Double(worse) * shrink,
            onlyBaselineBad: Double(better) * shrink,
            pairs: size * shrink
        )
        let fewer = McNemar(
            onlyCandidateBad: Int((Double(worse) * shrink).rounded()),
            onlyBaselineBad: Int((Double(better) * shrink).rounded())
        )
        effect = Effect(
            estimate: plain.estimate,
            lower: [plain.lower, mean.lower(alpha: alphaPass), score?.lower(alpha: alphaPass)].compactMap(\.self).min(),
            upper: [plain.upper, mean.upper(alpha: alphaPass), score?.upper(alpha: alphaPass)].compactMap(\.self).max(),
            // Exact, because the normal approximation of a few flips that gather is far too sure.
            pDegradation: [
                plain.pDegradation, mean.pDegradation(tolerate: tolerate),
                tolerate > 0 ? score?.pDegradation(tolerate: tolerate) : fewer?.pDegradationExact,
            ]
            .compactMap(\.self).max() ?? 1
        )
        if tolerate == 0 {
            effect?.tests = plain.tests + [.mean(lower: mean.lower(alpha: alphaPass))]
            if let fewer { effect?.tests.append(.flips(fewer, pairs: size * shrink, isExact: true)) }
        }
        if mean.standardDeviation > 0 {
            noise = .differences(standardDeviation: mean.standardError * size.squareRoot())
        }
    }

    /// Fills in the effect of a yes/no metric that was asked several times a request: the share of bad answers of each
    /// request, so that repeats make a request surer and never count as requests.
    private mutating func countShares(_ pairs: [Pair], bad: Double) {
        func share(_ value: Double) -> Double { bad == 1 ? value : 1 - value }
        var shares: [Double] = []
        var groups: [Int] = []
        var sums = (baseline: 0.0, candidate: 0.0)
        for pair in pairs {
            guard let base = pair.baseline else { continue }
            let trial = pair.candidate.map(share) ?? 1
            sums.baseline += share(base)
            sums.candidate += trial
            shares.append(trial - share(base))
            groups.append(pair.cluster)
        }
        samples = shares.count
        missing = pairs.count - shares.count
        guard !shares.isEmpty else { return }
        let size = Double(shares.count)
        baseline = share(sums.baseline / size)
        candidate = share(sums.candidate / size)
        measure(shares, groups, noiseOfInputs: 1, isSkewed: true)
    }

    // MARK: Durations

    private static func durations(_ definition: CheckDefinition, _ pairs: [Pair], _ policy: JudgePolicy)
        -> [Measurement]
    {
        let sign = definition.worse == .higher ? 1.0 : -1.0
        let (baseline, candidate, clusters) = complete(pairs)
        // Requests the candidate did not finish: worse than any limit, but without a place in a mean.
        let differences = zip(baseline, candidate).map { sign * (log($1) - log($0)) }

        var centre = Measurement(definition, aspect: "centre", policy: policy)
        centre.missing = pairs.count - differences.count
        centre.samples = differences.count
        centre.baseline = geometricMean(baseline)
        centre.candidate = geometricMean(candidate)
        // A logarithm carries the rounding of its argument, so a constant ratio scatters by a few of these.
        let largest = zip(baseline, candidate).reduce(1) { max($0, abs(log($1.0)), abs(log($1.1))) }
        centre.measure(differences, clusters, noiseOfInputs: largest)

        var result = [centre]
        if let factor = definition.tailFactor {
            result.append(tail(definition, pairs, differences, factor, policy))
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
        _ pairs: [Pair],
        _ differences: [Double],
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
        var unfinished = 0
        var finished = 0
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(pairs.count)
        for pair in pairs where pair.baseline != nil {
            if pair.candidate == nil {
                unfinished += 1
                outcomes.append(Outcome(baselineBad: false, candidateBad: true, cluster: pair.cluster))
            } else {
                let difference = differences[finished]
                finished += 1
                outcomes.append(
                    Outcome(
                        baselineBad: difference < -threshold,
                        candidateBad: difference > threshold,
                        cluster: pair.cluster
                    )
                )
            }
        }
        tail.missing = pairs.count - outcomes.count
        tail.count(outcomes)
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
        var outcomes: [Outcome] = []
        for pair in pairs {
            guard let base = pair.baseline else { continue }
            outcomes.append(
                Outcome(
                    baselineBad: isOver(base),
                    candidateBad: pair.candidate.map(isOver) ?? true,
                    cluster: pair.cluster
                )
            )
        }
        measurement.missing = pairs.count - outcomes.count
        measurement.count(outcomes)
        if !outcomes.isEmpty {
            let size = Double(outcomes.count)
            measurement.baseline = Double(outcomes.lazy.filter(\.baselineBad).count) / size
            measurement.candidate = Double(outcomes.lazy.filter(\.candidateBad).count) / size
        }
        return measurement
    }
}
