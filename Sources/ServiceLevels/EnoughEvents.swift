import RegistryRecords
import RegistryTypes
import Statistics
import UserDocuments

/// How many events of a window say anything: what a level that saw less is, is unknown, and on unknown nothing is paged,
/// promoted or taken back.
extension SLODocument {
    /// The fewest valid events that can show that the target is reached. Of a sample the interval decides beyond them.
    var fewestEvents: Int { indicator.isSampled ? max(1, minSamples) : max(Self.neededEvents, minSamples) }

    /// Whether the events of its window say anything. Fewer than ``fewestEvents`` of a full count can show one thing
    /// only: that so many were bad that the target is missed, with a confidence of 95 %.
    func isTelling(_ counts: SLICounts) -> Bool {
        if counts.valid >= fewestEvents { return true }
        guard !indicator.isSampled, counts.valid >= max(1, minSamples) else { return false }
        return Proportion(bad: counts.bad, n: counts.valid)?.exactLower(alpha: 0.05).map { $0 > budget } ?? false
    }

    /// The 95 % interval of the share of good events, for a sample; nil where every event is counted.
    func interval(_ counts: SLICounts) -> [Double]? {
        guard indicator.isSampled else { return nil }
        return Proportion(bad: counts.bad, n: counts.valid)?.wilson(confidence: 0.95)
            .map { [1 - $0.upperBound, 1 - $0.lowerBound] }
    }

    /// How it stands with the counts of its whole window.
    func state(_ counts: SLICounts) -> SLOStatus.State {
        guard !indicator.isOff else { return .off }
        guard isTelling(counts), let bad = counts.badShare else { return .unknown }
        guard let interval = interval(counts) else { return bad <= budget ? .met : .missed }
        if interval[0] >= target { return .met }
        return interval[1] < target ? .missed : .undecided
    }

    /// The share of its error budget that is left; nil where nobody knows: of too few events, and of a sample that
    /// cannot tell. Its page asks the same of the past.
    func budgetLeft(_ counts: SLICounts) -> Double? {
        switch state(counts) {
        case .met, .missed: counts.badShare.map { 1 - $0 / budget }
        case .undecided, .unknown, .off: nil
        }
    }
}
