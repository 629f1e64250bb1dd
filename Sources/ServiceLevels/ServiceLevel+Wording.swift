import RegistryRecords
import RegistryTypes
import UserDocuments

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
        let window = SLOWording.time(Double(document.windowSeconds))
        let clock = behind > 60 ? "; the clock stands \(SLOWording.about(behind)) before the newest event" : ""
        guard let left, let share = counts.share else {
            let found =
                counts.valid == 0
                ? "no valid events in the last \(window)"
                : "\(SLOWording.count(counts.valid)) valid events in the last \(window), at least "
                    + "\(SLOWording.count(document.minSamples)) are needed"
            return "\(document.name) of \(model) is unknown: \(found)\(clock)"
        }
        let digits = document.budget < 0.001 ? 4 : 2
        var text = "\(document.name) of \(model) is \(state.rawValue): \(SLOWording.percent(share, digits: digits)) of "
        text += "\(SLOWording.count(counts.valid)) events in the last \(window) were good, "
        text += "target \(SLOWording.percent(document.target, digits: 4)); "
        text += Self.budget(left)
        if let pace, let rate = pace.rate {
            text += "; it burned \(SLOWording.number(rate, digits: rate < 10 ? 1 : 0)) times as fast as it may over "
            text += SLOWording.time(Double(pace.seconds))
        }
        if let exhaustion, exhaustion > 0 { text += ", and at this pace is gone in \(SLOWording.about(exhaustion))" }
        return text + clock
    }

    /// `74 % of the error budget is left`, or by how much it is overspent.
    private static func budget(_ left: Double) -> String {
        guard left < 0 else { return "\(SLOWording.percent(left, digits: 1)) of the error budget is left" }
        // Rounded away from zero: an overspent budget never reads as spent by nothing.
        let over = SLOWording.percent((-left * 1000).rounded(.up) / 1000, digits: 1)
        return "the error budget is overspent by \(over)"
    }
}
