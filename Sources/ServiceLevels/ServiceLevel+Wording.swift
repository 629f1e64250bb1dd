import RegistryRecords
import RegistryTypes
import UserDocuments
import Wording

extension ServiceLevel {
    /// Where it stands, in one sentence.
    func sentence(
        _ counts: SLICounts,
        _ state: SLOStatus.State,
        left: Double?,
        pace: BurnRate?,
        exhaustion: Double?,
        behind: Double
    ) -> String {
        let window = NumberText.setTime(Double(document.windowSeconds))
        let clock = behind > 60 ? "; the clock stands \(NumberText.elapsed(behind)) before the newest event" : ""
        guard let left, let share = counts.share else {
            let found =
                counts.valid == 0
                ? "no valid events in the last \(window)"
                : "\(NumberText.count(counts.valid)) valid events in the last \(window), at least "
                    + "\(NumberText.count(document.minSamples)) are needed"
            return "\(document.name) of \(model) is unknown: \(found)\(clock)"
        }
        let digits = document.budget < 0.001 ? 4 : 3
        var text = "\(document.name) of \(model) is \(state.rawValue): \(NumberText.good(share, digits)) of "
        text += "\(NumberText.count(counts.valid)) events in the last \(window) were good, "
        text += "target \(NumberText.good(document.target, 4)); "
        text += Self.budget(left)
        if let pace, let rate = pace.rate {
            text += "; it burned \(NumberText.burn(rate)) times as fast as it may over "
            text += NumberText.setTime(Double(pace.seconds))
        }
        if let exhaustion, exhaustion > 0 { text += ", and at this pace is gone in \(NumberText.elapsed(exhaustion))" }
        return text + clock
    }

    /// `74 % of the error budget is left`, or by how much it is overspent.
    private static func budget(_ left: Double) -> String {
        guard left < 0 else { return "\(NumberText.good(left, 1)) of the error budget is left" }
        return "the error budget is overspent by \(NumberText.overspent(left))"
    }
}
