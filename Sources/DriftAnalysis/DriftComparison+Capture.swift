import RegistryRecords
import Statistics
import Wording

extension DriftComparison {
    /// By how much more often a field may be missing before its family cannot be believed.
    private static let missingLimit = 0.05

    /// What is wrong with the measurements: looked for before anything else is believed.
    func faults(_ shifts: [SignalShift]) -> [DriftFault] {
        var faults: [DriftFault] = []
        for shift in shifts where shift.family == .capture {
            guard let gain = shift.effect, gain > Self.missingLimit, let p = shift.pValue, p < 0.001,
                let before = shift.reference, let now = shift.current
            else { continue }
            faults.append(
                DriftFault(
                    field: shift.signal.title,
                    family: shift.signal.family,
                    reason: "\(shift.signal.title) is missing in \(now) of the requests, in the reference in \(before)"
                )
            )
        }
        let answers = current.counts(of: .completionTokens)
        for signal in DriftSignal.allCases where signal.isCaptured {
            // Without any answer nothing can be measured of answers: that is for the errors to tell.
            if signal.isOfAnswers, answers.present + answers.missing == 0 { continue }
            let before = reference.summary.counts(of: signal)
            let now = current.counts(of: signal)
            // Nothing is said at all: not even that it is missing.
            if before.present >= DriftReference.minRequests, 2 * before.present > reference.summary.requests,
                now.present + now.missing == 0
            {
                faults.append(
                    DriftFault(
                        field: signal.title,
                        family: signal.family,
                        reason: "\(signal.title) is not measured any more"
                    )
                )
            }
        }
        if let fault = strangePrompt() { faults.append(fault) }
        if current.dropped > 0, 20 * current.dropped > current.requests {
            faults.append(
                DriftFault(
                    field: "records",
                    family: nil,
                    reason: "\(current.dropped) records were dropped, \(current.requests) kept: a part is compared"
                )
            )
        }
        return faults
    }

    /// A prompt version that the reference never held answers for the input by itself.
    private func strangePrompt() -> DriftFault? {
        let slot = DriftSignal.prompt.slot
        let cells = CategoryCells(reference.summary.categories[slot], current.categories[slot])
        let new = cells.unseen.reduce(0) { $0 + $1.count }
        let all = current.categories[slot].count
        guard !cells.reference.isEmpty, reference.summary.categories[slot].count > 0, all > 0,
            Double(new) > Self.missingLimit * Double(all), let name = cells.unseen.first?.value
        else { return nil }
        let share = NumberText.share(Double(new) / Double(all))
        return DriftFault(
            field: DriftSignal.prompt.title,
            family: nil,
            reason: "\(share) of the requests used \(name), which the reference never saw: set a new baseline"
        )
    }

    /// Values that the reference never held, with exact intervals of their share.
    func unseen() -> [DriftUnseen] {
        DriftSignal.categories.compactMap { signal in
            let before = reference.summary.categories[signal.slot]
            let now = current.categories[signal.slot]
            let cells = CategoryCells(before, now)
            let requests = cells.unseen.reduce(0) { $0 + $1.count }
            guard requests > 0, before.count > 0, let share = Proportion(bad: requests, n: now.count),
                let interval = share.clopperPearson(confidence: 0.95)
            else { return nil }
            return DriftUnseen(
                signal: signal.rawValue,
                values: cells.unseen.prefix(5).map(\.value),
                requests: requests,
                share: share.share,
                lower: interval.lowerBound,
                upper: interval.upperBound,
                unremarkable: min(1, 3 / Double(before.count))
            )
        }
    }
}
