import Foundation
import RegistryRecords
public import RegistryTypes
public import UserDocuments
public import Wording

/// How close a trigger is.
public struct TriggerReading: Hashable, Sendable {
    /// How a trigger stands.
    public enum State: String, Codable, Sendable, CaseIterable {
        /// Nothing that it is about was seen: neither quiet nor firing.
        case unknown
        /// It does not fire.
        case quiet
        /// It fires, and the cause is not told apart yet.
        case suspected
        /// It fires, and the held-back share suffers too.
        case shared
        /// It would fire by what one key asks, and what the others asked contradicts it.
        case oneKey = "one key"
        /// It returns the release.
        case fired
    }

    /// The trigger.
    public let trigger: RollbackTrigger
    /// How it stands.
    public let state: State
    /// The service level that is closest; nil when the trigger is not about one, or nothing is known.
    public let indicator: Name?
    /// What is measured: a burn rate, the evidence, or engine failures; nil when unknown.
    public let value: Double?
    /// The value at which it fires.
    public let limit: Double
    /// The keys that the others contradict; nil for none, and where that was not kept.
    public let oddKeys: OddKeys?

    /// Makes the value from its fields.
    public init(
        trigger: RollbackTrigger,
        state: State,
        indicator: Name?,
        value: Double?,
        limit: Double,
        oddKeys: OddKeys? = nil
    ) {
        self.trigger = trigger
        self.state = state
        self.indicator = indicator
        self.value = value
        self.limit = limit
        self.oddKeys = oddKeys
    }
}

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
                    level == nil ? .unknown : .quiet
                } else if burning.allSatisfy(\.isBurnOfOddKeys) {
                    .oneKey
                } else {
                    burning.allSatisfy(\.heldBackBurn.isBurning) ? .shared : .suspected
                }
            return TriggerReading(
                trigger: trigger,
                state: state,
                indicator: decided?.kind == .burn ? decided?.indicator : level?.indicator.name,
                value: level?.burn.rate,
                limit: limit,
                oddKeys: level?.oddKeys
            )
        case .worseThanPrevious(let what, _):
            // Without answers of both there is no comparison.
            let level = levels.filter { level in
                level.indicator.degradation?.rawValue == what && level.counts.candidate.valid > 0
                    && level.counts.heldBack.valid > 0
            }.max { $0.comparison.highestLogEvidence < $1.comparison.highestLogEvidence }
            let limit = evidenceLimit(for: Degradation(rawValue: what))
            let state: TriggerReading.State =
                if decided?.kind == .worseThanPrevious {
                    .fired
                } else if let level {
                    level.isOfOddKeys(limit: limit) ? .oneKey : .quiet
                } else {
                    .unknown
                }
            return TriggerReading(
                trigger: trigger,
                state: state,
                indicator: level?.indicator.name,
                value: level.map { exp($0.comparison.highestLogEvidence) },
                limit: exp(limit),
                oddKeys: level?.oddKeys
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
