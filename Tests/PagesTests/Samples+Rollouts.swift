import Digests
import Foundation
import RegistryTypes
import StrictJSON
import WireFormat

/// How channels do, rollouts and incidents.
extension Samples {
    func rolloutRow(_ number: Int, _ state: String, words: String, override: Bool = false) -> RolloutRow {
        RolloutRow(
            id: identifier(number),
            model: model,
            channel: production,
            release: number + 1,
            previous: 1,
            settledRelease: 1,
            state: state,
            words: text(words),
            startedAt: ago(640),
            endedAt: state == "probation" ? nil : ago(620),
            startedBy: text("admin"),
            isOverride: override
        )
    }

    var hold: HoldRow {
        HoldRow(
            model: model,
            channel: production,
            reason: text("ro-1 was returned: wrong answers, 14 of 21 against 1 of 19 held back"),
            since: ago(618),
            by: "serin",
            rollout: identifier(1)
        )
    }

    func health(
        _ state: HealthRow.State,
        rollout: RolloutRow? = nil,
        hold: HoldRow? = nil,
        known: Bool = true,
        rollbackTo: Int? = nil,
        release: Int = 1,
        of other: String? = nil,
        unloaded: UnloadedRelease? = nil
    ) -> HealthRow {
        HealthRow(
            model: other.map { try! Name($0) } ?? model,
            channel: production,
            release: release,
            state: state,
            words: hostile ?? (known ? state.rawValue : "\(state.rawValue) for 12 min"),
            requestsPerSecond: known ? 4.9 : nil,
            errorShare: known ? 0.0002 : nil,
            p50Seconds: known ? 0.0212 : nil,
            p95Seconds: known ? 0.0388 : nil,
            p95History: (0..<30).map { (minute: Int) -> Double? in
                known && minute % 11 != 3 ? 0.03 + Double(minute * 7 % 13) / 1000 : nil
            },
            requestHistory: (0..<30).map { (minute: Int) -> Int in known && minute % 11 != 3 ? 280 + minute : 0 },
            budgetLeft: known ? 0.74 : nil,
            budgetSLO: known ? try! Name("availability") : nil,
            burnFast: known ? 0.3 : nil,
            rollout: rollout,
            hold: hold,
            dataUntil: known ? ago(1) : nil,
            rollbackTo: rollbackTo,
            unloaded: unloaded
        )
    }

    /// A live release that cannot be loaded.
    var unloaded: UnloadedRelease {
        UnloadedRelease(
            model: model,
            channel: production,
            release: 2,
            answering: 1,
            why: text("the bytes of model.gguf are damaged on disk"),
            next: text("serin publish PATH --model ticket-bot")
        )
    }

    func incident(_ number: Int, severity: String, closed: Bool) -> IncidentRow {
        IncidentRow(
            id: identifier(number),
            model: model,
            channel: .production,
            family: "quality",
            severity: severity,
            title: text("wrong answers of r2: 14 of 21"),
            openedAt: ago(622),
            closedAt: closed ? ago(90) : nil,
            release: 2
        )
    }

    func event(_ seconds: Double, _ kind: String, _ words: String, event: Int? = nil) -> TimelineRow {
        TimelineRow(at: ago(seconds), by: text("serin"), text: text(words), kind: kind, event: event)
    }

    var rolloutTimeline: [TimelineRow] {
        [
            event(640, "move", "production: r1 → r2 by override", event: 38),
            event(626, "changed", "worse than previous: suspected, evidence 24"),
            event(622, "opened", "incident i-12 (page)", event: 40),
            event(620, "move", "production: r2 → r1, returned", event: 41),
        ]
    }

    var triggers: [RolloutTriggerRow] {
        [
            RolloutTriggerRow(
                trigger: text("burn of availability faster than 14.4 in 1 min and 10 s"),
                state: "quiet",
                value: 0,
                limit: 14.4,
                words: text("no request of the release failed")
            ),
            RolloutTriggerRow(
                trigger: text("answers correct worse than under the release before, wrongly said in 1 %"),
                state: "fired",
                value: 131,
                limit: 100,
                words: text("14 of 21 bad against 1 of 19 held back")
            ),
            RolloutTriggerRow(
                trigger: "3 engine failures",
                state: "quiet",
                value: nil,
                limit: 3,
                words: "none so far"
            ),
        ]
    }

    var arms: [RolloutArmRow] {
        [
            RolloutArmRow(
                release: 2,
                arm: "live",
                requests: 24,
                failed: 0,
                labelled: 21,
                bad: 14,
                meanSeconds: 0.0238
            ),
            RolloutArmRow(
                release: 1,
                arm: "holdback",
                requests: 21,
                failed: 0,
                labelled: 19,
                bad: 1,
                meanSeconds: 0.0224
            ),
        ]
    }

    func rollout(_ row: RolloutRow, returned: Bool) -> RolloutView {
        RolloutView(
            row: row,
            policy: text("production, revision 2"),
            probationSeconds: 60,
            watchedSeconds: returned ? 20 : 12,
            holdback: 0.1,
            triggers: returned ? triggers : Array(triggers.prefix(1)),
            arms: returned ? arms : [],
            crashes: 0,
            sentence: text(
                returned
                    ? "r2 was taken back to r1 because its answers are worse: 14 of 21 bad against 1 of 19 held back."
                    : "r3 is watched; nothing fires."
            ),
            returnedAfterSeconds: returned ? 6.3 : nil,
            badAnswersServed: returned ? 14 : nil,
            incident: returned ? identifier(12) : nil,
            timeline: returned ? rolloutTimeline : [],
            dataUntil: ago(1),
            at: now
        )
    }

    var incidentView: IncidentView {
        IncidentView(
            row: incident(12, severity: "page", closed: false),
            sentence: text("r2 answers wrong since it was promoted 18 s before; the held-back share on r1 does not."),
            facts: [
                text("14 of 21 labelled answers of r2 are wrong, 1 of 19 of r1"), "evidence 131, fires at 100",
                "first bad answer 10:37:46 UTC",
            ],
            changedBefore: [
                event(640, "move", "production: r1 → r2 by override: “demo: what if we force it”", event: 38)
            ],
            timeline: [
                event(622, "opened", "page: wrong answers of r2", event: 40),
                event(620, "move", "production: r2 → r1, returned", event: 41),
                event(300, "note", "same as in canary c-2: 4-bit scales are lost", event: 44),
            ],
            samples: requestRows.filter { $0.isCorrect != true },
            rollout: identifier(1),
            next: text("serin incident close i-12 --reason TEXT"),
            at: now
        )
    }
}
