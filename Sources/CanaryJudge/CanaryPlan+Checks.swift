import Foundation
public import RegistryRecords
import RegistryTypes
import Statistics
public import UserDocuments

extension PlannedStage {
    /// The level of the stage's last look in a run of `requests` pairs without an extension, `step` pairs from look to look.
    func level(_ alpha: Double, requests: Int, lookEvery step: Int?) -> Double {
        switch self {
        case .only:
            return step.flatMap { LookSchedule(every: $0, upTo: requests) }?.levels(alpha: alpha).last ?? alpha
        case .first(let end), .extended(let end):
            guard let looks = LookSchedule(every: step ?? requests, upTo: requests, extendedTo: end) else {
                return alpha
            }
            let levels = looks.levels(alpha: alpha)
            return self == .extended(to: end) ? levels[levels.count - 1] : levels[looks.pairs.count - 1]
        }
    }
}

extension CanaryPlan {
    /// What each check of a document would need, and what `requests` pairs could show.
    ///
    /// - Parameters:
    ///   - earlier: what a run like it found, with the promise that it was held to; nil where nothing ran yet, and then no
    ///     number is known.
    public static func checks(
        of document: CanaryDocument,
        requests: Int,
        stage: PlannedStage = .only,
        after earlier: (checks: [CheckResult], promise: CanaryDocument.Promise)?
    ) -> [PlannedCheck] {
        let policy = JudgePolicy(document.promise)
        let parts = document.checks.map { CheckDefinition($0) }.flatMap { definition in
            aspects(of: definition).map {
                (definition, Measurement(definition, aspect: $0.name, policy: policy, shareMargin: $0.margin))
            }
        }
        let deciding = parts.count { !$0.0.watchOnly }
        return parts.map { definition, measurement in
            // A run that is looked at has less of its rate left for its last look.
            let alpha = stage.level(
                measurement.alphaPass,
                requests: requests,
                lookEvery: document.compare.lookEvery
            )
            let noise = earlier.flatMap { earlier in
                earlier.checks.first {
                    $0.metric == definition.metric && $0.aspect == measurement.aspect && $0.unit == measurement.unit
                }
                .flatMap { self.noise(of: $0, JudgePolicy(earlier.promise)) }
            }
            let needed = noise.flatMap { noise in
                requestsNeeded(
                    margin: measurement.margin,
                    noise: noise,
                    alphaPass: alpha,
                    decidingChecks: max(1, deciding)
                )
            }
            return PlannedCheck(
                title: measurement.title,
                metric: definition.metric,
                aspect: measurement.aspect,
                unit: measurement.unit,
                margin: measurement.margin,
                critical: definition.critical,
                watchOnly: definition.watchOnly,
                minimum: measurement.minimum,
                requestsNeeded: needed.map {
                    max(
                        $0,
                        measurement.minimum,
                        requestsWithoutDifference(room: measurement.margin, alphaPass: alpha) ?? 0
                    )
                },
                detectable: noise.flatMap { detectable($0, requests: requests, alpha: alpha) }
            )
        }
    }

    /// The checks that a definition gives, with the margin of those that count requests.
    private static func aspects(of definition: CheckDefinition) -> [(name: String, margin: Double?)] {
        switch definition.type {
        case .binary: [("rate", nil)]
        case .amount: [("amount", nil)]
        case .score: [("score", nil)]
        case .duration:
            [("centre", nil)] + (definition.tailFactor == nil ? [] : [("tail", definition.tailMargin)])
                + (definition.limit == nil ? [] : [("limit", definition.limitMargin)])
        }
    }

    /// The noise that an earlier result shows; nil where it shows none, as nothing was measured.
    static func noise(of result: CheckResult, _ policy: JudgePolicy) -> Noise? {
        guard result.samples > 0, result.isWithoutEvidence != true, result.estimate != nil else { return nil }
        if let flips = result.flips, result.clusters == nil {
            return .discordant(Double(flips.gotWorse + flips.gotBetter) / Double(result.samples))
        }
        if result.lower == result.upper { return .differences(standardDeviation: 0) }
        let alpha = result.critical ? min(policy.alphaPass, policy.criticalAlphaPass) : policy.alphaPass
        guard let detectable = result.detectable, let z = StandardNormal.quantile(1 - alpha),
            let power = StandardNormal.quantile(0.8), z + power > 0
        else { return nil }
        return .differences(standardDeviation: detectable / (z + power) * Double(result.samples).squareRoot())
    }

    /// The smallest degradation that `requests` pairs of this noise could rule out with 80 % power.
    private static func detectable(_ noise: Noise, requests: Int, alpha: Double) -> Double? {
        guard requests > 0, let z = StandardNormal.quantile(1 - alpha), let power = StandardNormal.quantile(0.8) else {
            return nil
        }
        let size = Double(requests)
        switch noise {
        case .discordant(let share): return max((z + power) * (share / size).squareRoot(), z * z / (size + z * z))
        case .differences(let deviation):
            return max((z + power) * deviation / size.squareRoot(), -expm1(log(alpha) / size) * (deviation > 0 ? 0 : 1))
        }
    }
}
