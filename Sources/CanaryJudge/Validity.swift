import Foundation
import Statistics
import UserDocuments
import Wording

extension JudgedRun {
    /// The chance that a test of the comparison itself calls a sound one broken.
    private static let alarmLevel = 0.001
    /// Pairs below which the order and the baseline's own noise say nothing.
    private static let fewestPairs = 20

    /// Why nothing follows from this comparison, one sentence each; empty where it is a valid one. Asked before the verdict:
    /// a broken comparison is neither good nor bad news about the candidate.
    func whyInvalid() -> [String] {
        guard pairing == .paired else { return unequalConditions() }
        return unequalConditions() + brokenOrder() + brokenBaseline()
    }

    private func unequalConditions() -> [String] {
        conditions.filter { Array($0.baseline.utf8) != Array($0.candidate.utf8) }
            .map {
                "the comparison is not valid: \($0.name) was \($0.baseline) for the baseline and \($0.candidate) "
                    + "for the candidate"
            }
    }

    /// Whether one arm ran first too often, or running first made a difference.
    private func brokenOrder() -> [String] {
        guard let candidateFirst, candidateFirst.count >= Self.fewestPairs else { return [] }
        let first = candidateFirst.count { $0 }
        let others = candidateFirst.count - first
        var found: [String] = []
        if !isOrderDrawn, let coin = McNemar(onlyCandidateBad: first, onlyBaselineBad: others),
            coin.pExact < Self.alarmLevel
        {
            found.append(
                "the comparison is not valid: the candidate ran first in \(NumberText.count(first)) of "
                    + "\(NumberText.count(candidateFirst.count)) pairs, which no fair coin does"
            )
        }
        // Times that are only shown decide nothing, so they make no verdict invalid either.
        for definition in definitions where definition.type == .duration && !definition.watchOnly {
            let (differences, places) = self.differences(definition, samples[definition.metric]?.candidate ?? [])
            let whenFirst = zip(differences, places).filter { $1 < candidateFirst.count && candidateFirst[$1] }.map(\.0)
            let whenSecond = zip(differences, places).filter { $1 < candidateFirst.count && !candidateFirst[$1] }
                .map(\.0)
            guard whenFirst.count >= Self.fewestPairs, whenSecond.count >= Self.fewestPairs,
                let test = Welch(whenFirst, whenSecond), test.pTwoSided < Self.alarmLevel
            else { continue }
            let size = NumberText.decimal(100 * abs(expm1(test.difference)), 1)
            found.append(
                "the comparison is not valid: \(definition.metric) depends on which release ran first "
                    + "(\(size) % between the two orders)"
            )
        }
        return found
    }

    /// Whether the baseline, asked twice, differs from itself by more than chance.
    private func brokenBaseline() -> [String] {
        definitions.compactMap { definition in
            guard let again = repeatedBaseline[definition.metric] else { return nil }
            let (differences, _) = differences(definition, again)
            guard differences.count >= Self.fewestPairs else { return nil }
            let p: Double?
            switch definition.type {
            case .binary:
                let worse = differences.count { $0 > 0 }
                let better = differences.count { $0 < 0 }
                p = McNemar(onlyCandidateBad: worse, onlyBaselineBad: better)?.pMid
            case .duration, .amount, .score: p = PairedMean(differences: differences)?.pTwoSided()
            }
            guard let p, p < Self.alarmLevel else { return nil }
            return "the comparison is not valid: the baseline differs from itself on \(definition.metric) in "
                + "\(NumberText.count(differences.count)) requests that it answered twice"
        }
    }

    /// Differences of `other` from the baseline's first answers, of times on the logarithm, with the pairs they belong to.
    private func differences(_ definition: CheckDefinition, _ other: [Double?]) -> ([Double], [Int]) {
        let own = samples[definition.metric] ?? MetricSamples(baseline: [], candidate: [])
        let clean = CleanSamples(
            MetricSamples(baseline: own.baseline, candidate: other),
            type: definition.type,
            pairing: .paired
        )
        var differences: [Double] = []
        var places: [Int] = []
        for index in clean.baseline.indices {
            guard let base = clean.baseline[index], let value = clean.candidate[index] else { continue }
            differences.append(definition.type == .duration ? log(value / base) : value - base)
            places.append(own.place(of: index))
        }
        return (differences, places)
    }
}
