import Foundation
import RegistryRecords
import RegistryTypes
import UserDocuments

extension RolloutWatch {
    /// How close each trigger of the policy is, in its order; for people, who see what the next step decides on.
    public var readings: [TriggerReading] { triggers.map(reading) }

    private func reading(_ trigger: RollbackTrigger) -> TriggerReading {
        switch trigger {
        case .burn(let limit, _, _):
            let level = levels.filter { $0.burn.rate != nil }.max { ($0.burn.rate ?? 0) < ($1.burn.rate ?? 0) }
            let burning = levels.filter(\.burn.isBurning)
            let state: TriggerReading.State =
                if decided?.kind == .burn {
                    .fired
                } else if burning.isEmpty {
                    .quiet
                } else {
                    burning.allSatisfy(\.heldBackBurn.isBurning) ? .shared : .suspected
                }
            return TriggerReading(
                trigger: trigger,
                state: state,
                indicator: decided?.kind == .burn ? decided?.indicator : level?.indicator.name,
                value: level?.burn.rate,
                limit: limit
            )
        case .worseThanPrevious(let what, _):
            let level = levels.filter { $0.indicator.degradation?.rawValue == what && $0.counts.valid > 0 }
                .max { $0.comparison.highestLogEvidence < $1.comparison.highestLogEvidence }
            return TriggerReading(
                trigger: trigger,
                state: decided?.kind == .worseThanPrevious ? .fired : .quiet,
                indicator: level?.indicator.name,
                value: level.map { exp($0.comparison.highestLogEvidence) },
                limit: exp(evidenceLimit(for: Degradation(rawValue: what)))
            )
        case .engineFailures(let limit):
            let isOver = engine.totals.candidate.bad >= limit
            return TriggerReading(
                trigger: trigger,
                state: decided?.kind == .engineFailures ? .fired : isOver ? .shared : .quiet,
                indicator: nil,
                value: Double(engine.totals.candidate.bad),
                limit: Double(limit)
            )
        }
    }
}
