import RegistryRecords
import Statistics
import UserDocuments
import Wording

extension JudgedRun {
    /// Pairs below which a slice is not described.
    private static let fewestPairs = 30
    /// More values of a key than these are not slices but requests.
    private static let maxValues = 100
    /// The share of false flags among the flagged slices (Benjamini & Hochberg 1995).
    private static let falseFlags = 0.1
    /// Below this the effect is said to differ between slices.
    private static let unevenLevel = 0.01

    /// Adds what the checks found slice by slice, and where the mean over all slices hides something.
    func describeSlices(_ judgment: inout Judgment) {
        var policy = policy
        // One interval of 90 % for every slice, whatever the check was held to.
        policy.alphaPass = 0.05
        policy.criticalAlphaPass = 0.05
        policy.minimumPairs = Self.fewestPairs
        var found: [(result: SliceResult, p: Double, isPastMargin: Bool)] = []
        var uneven: [UnevenCheck] = []
        for key in slices.keys.sorted(by: { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }) {
            let values = Set((slices[key] ?? []).compactMap(\.self))
                .sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
            if values.count > Self.maxValues {
                judgment.reasons.append(
                    "\(key) has \(NumberText.count(values.count)) values, \(Self.maxValues) of them are described"
                )
            }
            var groups: [String: [(estimate: Double, standardError: Double)]] = [:]
            var order: [String] = []
            for value in values.prefix(Self.maxValues) {
                let part = slice(key, value)
                for measurement in definitions.flatMap({ part.measure($0, policy) })
                where measurement.samples >= Self.fewestPairs {
                    guard let effect = measurement.effect else { continue }
                    let title = measurement.title
                    let result = SliceResult(
                        key: key,
                        value: value,
                        check: title,
                        samples: measurement.samples,
                        estimate: effect.estimate,
                        lower: effect.lower,
                        upper: effect.upper,
                        pAdjusted: nil,
                        isFlagged: false
                    )
                    found.append((result, effect.pDegradation, effect.estimate >= measurement.margin))
                    if let error = FollowUp.standardError(measurement.noise, Double(measurement.samples)) {
                        if groups[title] == nil { order.append(title) }
                        groups[title, default: []].append((effect.estimate, error))
                    }
                }
            }
            for title in order {
                guard let test = Heterogeneity(groups[title] ?? []), test.pValue < Self.unevenLevel else { continue }
                uneven.append(UnevenCheck(key: key, check: title, q: test.q, p: test.pValue))
            }
        }
        let adjusted = Multiplicity.benjaminiHochberg(found.map(\.p))
        let results = zip(found, adjusted).map { entry, p in
            SliceResult(
                key: entry.result.key,
                value: entry.result.value,
                check: entry.result.check,
                samples: entry.result.samples,
                estimate: entry.result.estimate,
                lower: entry.result.lower,
                upper: entry.result.upper,
                pAdjusted: p,
                isFlagged: entry.isPastMargin && p <= Self.falseFlags
            )
        }
        judgment.slices = results.filter(\.isFlagged) + results.filter { !$0.isFlagged }
        judgment.uneven = uneven
        for slice in results where slice.isFlagged {
            judgment.reasons.append(
                "\(slice.check) is worse where \(slice.key) is \(slice.value) (\(NumberText.count(slice.samples)) requests)"
            )
        }
        for check in uneven {
            judgment.reasons.append(
                "\(check.check): the effect is not the same for every \(check.key), look at its slices"
            )
        }
    }
}

extension Measurement {
    /// The name of its check among others of the same metric, as a result has it.
    var title: String {
        switch aspect {
        case "tail", "limit", "newly bad": "\(definition.name) (\(aspect))"
        default: definition.name
        }
    }
}
