import Foundation
import RegistryRecords
import RegistryTypes
import Statistics
import UserDocuments

/// How many requests a canary needs: before a run from assumed noise, after it from the noise it measured.
public enum CanaryPlan {
    /// What is known about a check's noise before the run.
    public enum Noise: Sendable, Hashable {
        /// Standard deviation of the paired differences on the scale of the effect (durations: of log ratios).
        case differences(standardDeviation: Double)
        /// Share of pairs in which the arms disagree about good and bad.
        case discordant(Double)
    }

    /// Requests with which a check of this margin passes a candidate of true degradation `degradation`, with enough power that
    /// all `decidingChecks` conclude together in 80 % of runs.
    ///
    /// - Parameters:
    ///   - margin: accepted degradation on the scale of the effect: points as shares, percentages as ln(1 + x).
    ///   - degradation: assumed true degradation, below the margin.
    ///   - alphaPass: chance of a wrong pass.
    /// - Returns: nil when no number of requests can do it.
    public static func requestsNeeded(
        margin: Double,
        noise: Noise,
        degradation: Double = 0,
        alphaPass: Double,
        decidingChecks: Int = 1
    ) -> Int? {
        let power = jointPower(decidingChecks)
        switch noise {
        case .differences(let standardDeviation):
            return SampleSize.pairedMean(
                standardDeviation: standardDeviation,
                margin: margin,
                degradation: degradation,
                alpha: alphaPass,
                power: power
            )
        case .discordant(let share):
            // However rarely the arms disagree, the score bound of n equal pairs is still z^2 / (n + z^2).
            guard
                let needed = SampleSize.pairedBinary(
                    discordant: share,
                    margin: margin,
                    degradation: degradation,
                    alpha: alphaPass,
                    power: power
                ),
                let floor = requestsWithoutFlips(margin: margin, alphaPass: alphaPass)
            else { return nil }
            return max(needed, floor)
        }
    }

    /// Requests with which every deciding check of a canary probably passes a candidate without degradation: the largest
    /// need, and never below a check's minimum.
    ///
    /// - Parameter noise: by name of the definition, for the rate, centre, mean or amount that ``CheckDefinition/margin``
    ///   limits; a deciding check without an entry makes the answer nil, because nothing is known about it.
    public static func requestsNeeded(
        for definitions: [CheckDefinition],
        noise: [String: Noise],
        policy: JudgePolicy = JudgePolicy()
    ) -> Int? {
        let deciding = definitions.filter { !$0.watchOnly }
        var largest: Int?
        for definition in deciding {
            let aspect = definition.type == .duration ? "centre" : "rate"
            let measurement = Measurement(definition, aspect: aspect, policy: policy)
            guard measurement.blocked == nil, let noise = noise[definition.name],
                let needed = requestsNeeded(
                    margin: measurement.margin,
                    noise: noise,
                    alphaPass: measurement.alphaPass,
                    decidingChecks: deciding.count
                )
            else { return nil }
            largest = max(largest ?? 0, needed, measurement.minimum)
        }
        return largest
    }

    /// Pairs without any flip that prove a margin: the smallest n with z^2 / (n + z^2) and the exact bound of 0 of n both
    /// below it.
    static func requestsWithoutFlips(margin: Double, alphaPass: Double) -> Int? {
        guard margin > 0, margin < 1, let z = StandardNormal.quantile(1 - alphaPass), z.isFinite,
            let exact = requestsWithoutDifference(room: margin, alphaPass: alphaPass)
        else { return nil }
        let n = z * z * (1 - margin) / margin
        return n < 1e9 ? max(Int(n) + 1, exact) : nil
    }

    /// Requests of which none differs that prove less than `room` of all to differ: the smallest n with
    /// 1 - alpha^(1/n) < room.
    static func requestsWithoutDifference(room: Double, alphaPass: Double) -> Int? {
        guard room > 0, alphaPass > 0, alphaPass < 1 else { return nil }
        guard room < 1 else { return 1 }
        let n = log(alphaPass) / log1p(-room)
        return n < 1e9 ? Int(n) + 1 : nil
    }

    /// Power per check so that all of `checks` conclude together in 80 % of runs.
    static func jointPower(_ checks: Int) -> Double {
        1 - 0.2 / Double(max(1, checks))
    }
}

/// What the noise of a run says about the next one.
struct FollowUp {
    /// Requests in all that would probably decide the check; nil when no sensible number would.
    private(set) var requestsNeeded: Int?
    /// The smallest margin this run could have certified with 80 % power, on the scale of the effect.
    private(set) var detectable: Double?

    /// More than this many requests is "cannot be told", not a plan.
    private static let largest = 1_000_000.0

    init(_ measurement: Measurement, policy: JudgePolicy, decidingChecks: Int) {
        // Of the whole run, not of an early look, whose level is a small part of it.
        let alpha = policy.alphaPass(for: measurement.definition)
        guard let z = StandardNormal.quantile(1 - alpha), z.isFinite, z > 0 else { return }
        let size = Double(measurement.samples)
        if let error = FollowUp.standardError(measurement.noise, size), let z80 = StandardNormal.quantile(0.8) {
            let certifiable = (z + z80) * error
            // Without differences the error reads 0, which the bounds do not believe either.
            if case .flips = measurement.noise {
                detectable = max(certifiable, z * z / (size + z * z))
            } else {
                detectable = certifiable > 0 ? certifiable : Evidence(measurement).shareThatMayDiffer
            }
        }
        let allowed = policy.maxMissing * Double(measurement.total)
        guard measurement.blocked == nil, measurement.samples > 0, Double(measurement.missing) <= allowed else {
            return
        }
        var needed = Double(measurement.minimum)
        if let effect = measurement.effect {
            let power = CanaryPlan.jointPower(decidingChecks)
            let alphaFail = policy.alphaFail / Double(decidingChecks)
            guard let zPower = StandardNormal.quantile(power), let zFail = StandardNormal.quantile(1 - alphaFail),
                zPower.isFinite, zFail.isFinite
            else { return }
            let more =
                effect.estimate < measurement.margin
                ? FollowUp.toPass(measurement, effect, alpha: alpha, z: z, zPower: zPower)
                : FollowUp.toFail(measurement, effect, z: zFail, zPower: zPower)
            guard let more else { return }
            needed = max(needed, more)
            if let clusters = measurement.clusters, clusters < Measurement.fewestClusters {
                needed = max(needed, size / Double(max(1, clusters)) * Double(Measurement.fewestClusters))
            }
            if let limit = measurement.definition.rateLimit, measurement.aspect == "rate" {
                guard let proof = FollowUp.toProve(limit, measurement, alpha: alpha) else { return }
                needed = max(needed, proof)
            }
        }
        // Pairs without a value have to be paid for too.
        let requests = (needed * Double(measurement.total) / size).rounded(.up)
        guard requests <= FollowUp.largest else { return }
        requestsNeeded = max(Int(requests), measurement.total + 1)
    }

    /// Standard error of an effect of this noise on `size` pairs; nil where nothing is known.
    static func standardError(_ noise: Measurement.Noise, _ size: Double) -> Double? {
        guard size > 0 else { return nil }
        switch noise {
        case .differences(let standardDeviation): return standardDeviation / size.squareRoot()
        case .flips(let worse, let better):
            let net = worse - better
            return (max(0, worse + better - net * net) / size).squareRoot()
        case .split(let standardError): return standardError
        case .unknown: return nil
        }
    }

    /// Pairs for a pass if the true change is what was measured; an improvement counts as no change, because luck
    /// in a short run is not evidence to plan on.
    private static func toPass(
        _ measurement: Measurement,
        _ effect: Measurement.Effect,
        alpha: Double,
        z: Double,
        zPower: Double
    ) -> Double? {
        let distance = measurement.margin - max(0, effect.estimate)
        guard distance > 0 else { return nil }
        let size = Double(measurement.samples)
        if case .differences(let standardDeviation) = measurement.noise, standardDeviation == 0 {
            return CanaryPlan.requestsWithoutDifference(room: distance, alphaPass: alpha).map(
                Double.init
            )
        }
        switch measurement.noise {
        case .differences(let standardDeviation):
            return square((z + zPower) * standardDeviation / distance)
        case .split(let standardError):
            return size * square((z + zPower) * standardError / distance)
        case .flips(0, 0):
            return CanaryPlan.requestsWithoutFlips(margin: measurement.margin, alphaPass: alpha)
                .map(Double.init)
        case .flips(let worse, let better):
            let rates = worse >= better ? (worse, better) : ((worse + better) / 2, (worse + better) / 2)
            return smallest(from: 2) { pairs in
                let net = rates.0 - rates.1
                let error = (max(0, rates.0 + rates.1 - net * net) / pairs).squareRoot()
                let bound = Tango(onlyCandidateBad: rates.0 * pairs, onlyBaselineBad: rates.1 * pairs, pairs: pairs)?
                    .upper(alpha: alpha)
                return (bound ?? 1) + zPower * error < measurement.margin
            }
        case .unknown: return nil
        }
    }

    /// Pairs for a fail if the true change is what was measured.
    private static func toFail(
        _ measurement: Measurement,
        _ effect: Measurement.Effect,
        z: Double,
        zPower: Double
    ) -> Double? {
        let distance = effect.estimate - measurement.tolerate
        guard distance > 0, let error = standardError(measurement.noise, Double(measurement.samples)) else {
            return nil
        }
        var needed = Double(measurement.samples) * square((z + zPower) * error / distance)
        if case .flips(let worse, let better) = measurement.noise {
            // Under "no degradation" the flips are coin tosses: their spread is that of all discordant pairs.
            needed = max(needed, square((z + zPower) / distance) * (worse + better))
        }
        return needed
    }

    /// Requests that prove the candidate's own bad share below `limit` if it stays at what was measured.
    private static func toProve(_ limit: Double, _ measurement: Measurement, alpha: Double) -> Double? {
        guard let flips = measurement.flips, measurement.samples > 0 else { return nil }
        let share = Double(flips.gotWorse + flips.bothBad) / Double(measurement.samples)
        guard share < limit else { return nil }
        return smallest(from: 1) { requests in
            let bad = Int((share * requests).rounded(.up))
            let upper = Proportion(bad: bad, n: Int(requests))?.exactUpper(alpha: alpha)
            return (upper ?? 1) < limit
        }
    }

    /// The smallest whole number for which `holds`, by doubling and halving; nil beyond the largest plan.
    private static func smallest(from start: Double, where holds: (Double) -> Bool) -> Double? {
        var high = start
        while !holds(high) {
            high *= 2
            if high > 2 * largest { return nil }
        }
        var low = high == start ? start : high / 2
        while high - low > 1 {
            let middle = ((low + high) / 2).rounded(.down)
            if holds(middle) { high = middle } else { low = middle }
        }
        return high
    }

    private static func square(_ x: Double) -> Double {
        x * x
    }
}
