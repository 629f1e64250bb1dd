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

    /// The share of the error budget that is left after the events of its window; nil where they say nothing.
    func budgetLeft(_ counts: SLICounts) -> Double? {
        isTelling(counts) ? counts.badShare.map { 1 - $0 / budget } : nil
    }
}
