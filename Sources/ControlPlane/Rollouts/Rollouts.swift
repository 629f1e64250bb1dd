import Catalog
import RegistryRecords
public import RegistryTypes
import RolloutRules
import UserDocuments
public import WireFormat
import Wording

/// Rollouts as people see them.
public struct Rollouts: Sendable {
    let ledger: Ledger
    let tracker: WatchTracker

    /// Rollouts of a model, or all, newest first.
    public func list(model: Name?, before: Int?, limit: Int) async throws -> [RolloutRow] {
        let records = try await ledger.read { state in
            try model.map(state.requireModel)
            return try state.rollouts(of: model, limit: limit, before: before.map { RolloutID($0) })
        }
        return records.map { RolloutRow($0, watch: tracker.watch($0.id)) }
    }

    /// All about a rollout.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `notFound`.
    public func show(_ id: RolloutID) async throws -> RolloutView {
        let (record, incidents, entries, moves, hold) = try await ledger.read { state in
            let record = try state.requireRollout(id)
            let model = record.release.model
            let incidents = try state.incidents(in: id)
            return (
                record, incidents, try incidents.flatMap { try state.timeline(of: $0.id, limit: 200) },
                try state.moves(model, record.channel, limit: 50),
                try state.pastHolds(model, record.channel, limit: 20).first { $0.rollout == id }
            )
        }
        let active = tracker.watch(id)
        let result = record.result ?? active?.watch.resultSoFar()
        let first = result?.firstBadAt
        let isReturned = record.state == .returned
        return RolloutView(
            row: RolloutRow(record, watch: active),
            policy: record.policy?.description ?? "no policy",
            probationSeconds: record.probationSeconds,
            watchedSeconds: result?.watchedSeconds ?? 0,
            holdback: record.holdback,
            triggers: record.result?.triggers == nil
                ? active.map { $0.watch.readings.map { RolloutTriggerRow($0) } } ?? Self.triggers(record)
                : Self.triggers(record),
            arms: active.map { Self.arms(record, $0) } ?? Self.arms(record),
            crashes: record.crashes,
            sentence: record.reason ?? result?.sentence ?? "nothing was seen yet",
            returnedAfterSeconds: isReturned
                ? first.flatMap { first in record.endedAt.map { $0.seconds(since: first) } } : nil,
            badAnswersServed: isReturned ? result?.badAnswers : nil,
            incident: record.incident ?? incidents.last?.id,
            timeline: Self.timeline(record, entries, moves, hold),
            dataUntil: active?.newestEvent,
            at: ledger.now()
        )
    }

    /// The triggers of a rollout that ended before this process began: how close they came was not kept.
    private static func triggers(_ record: RolloutRecord) -> [RolloutTriggerRow] {
        if let kept = record.result?.triggers {
            return kept.map { trigger in
                RolloutTriggerRow(
                    TriggerReading(
                        trigger: trigger.trigger,
                        state: TriggerReading.State(rawValue: trigger.state) ?? .unknown,
                        indicator: trigger.indicator,
                        value: trigger.value,
                        limit: trigger.limit
                    )
                )
            }
        }
        return unkept(record)
    }

    /// What a build that did not keep the triggers left of them.
    private static func unkept(_ record: RolloutRecord) -> [RolloutTriggerRow] {
        RolloutWatch(record).readings.map { reading in
            let hasFired =
                switch (reading.trigger, record.cause?.kind) {
                case (.burn, .burn), (.worseThanPrevious, .worseThanPrevious), (.engineFailures, .engineFailures): true
                default: false
                }
            let row = RolloutTriggerRow(reading)
            return RolloutTriggerRow(
                trigger: row.trigger,
                state: hasFired ? TriggerReading.State.fired.rawValue : row.state,
                value: nil,
                limit: row.limit,
                words: hasFired ? "it took the release back" : "how close it came was not kept"
            )
        }
    }

    /// What the log kept of the arms of a rollout that ended before this process began.
    private static func arms(_ record: RolloutRecord) -> [RolloutArmRow] {
        guard let result = record.result else { return [] }
        let live = RolloutArmRow(
            release: record.release.number,
            arm: TrafficArm.live.rawValue,
            requests: result.requests,
            failed: result.failedRequests,
            labelled: nil,
            bad: result.badAnswers
        )
        guard let from = record.from, let bad = result.heldBackBad else { return [live] }
        let heldBack = RolloutArmRow(
            release: from,
            arm: TrafficArm.holdback.rawValue,
            requests: result.heldBackRequests,
            failed: result.heldBackFailed,
            labelled: nil,
            bad: bad
        )
        return [live, heldBack]
    }

    private static func arms(_ record: RolloutRecord, _ active: ActiveWatch) -> [RolloutArmRow] {
        let rows = [
            (release: Optional(record.release.number), arm: TrafficArm.live, tally: active.candidate),
            (release: record.from, arm: .holdback, tally: active.heldBack),
        ]
        return rows.compactMap { row in
            guard let release = row.release else { return nil }
            let tally = row.tally
            return RolloutArmRow(
                release: release,
                arm: row.arm.rawValue,
                requests: tally.requests,
                failed: tally.failed,
                labelled: tally.labelled,
                bad: tally.bad,
                meanSeconds: tally.answered > 0 ? tally.totalSeconds / Double(tally.answered) : nil
            )
        }
    }

    private static func timeline(
        _ record: RolloutRecord,
        _ entries: [IncidentEntry],
        _ moves: [ChannelMove],
        _ hold: HoldRecord?
    ) -> [TimelineRow] {
        var rows = entries.map { TimelineRow($0) }
        let end = record.endedAt ?? Timestamp(milliseconds: .max)
        rows += moves.filter { $0.at >= record.startedAt && $0.at <= end || $0.seq == record.move }
            .map { TimelineRow($0) }
        if record.state == .settled, let at = record.endedAt, let result = record.result {
            rows.append(TimelineRow(at: at, by: record.endedBy ?? "serin", text: result.sentence, kind: "changed"))
        }
        if let hold {
            rows.append(TimelineRow(at: hold.at, by: hold.by, text: "hold: \(hold.reason)", kind: "changed"))
            if let at = hold.liftedAt, let by = hold.liftedBy {
                rows.append(
                    TimelineRow(at: at, by: by, text: "hold lifted: \(hold.liftedReason ?? "")", kind: "changed")
                )
            }
        }
        return rows.sorted { ($0.at, $0.event ?? 0) < ($1.at, $1.event ?? 0) }
    }
}

extension HoldRow {
    init(_ record: HoldRecord) {
        self.init(
            model: record.model,
            channel: record.channel,
            reason: record.reason,
            since: record.at,
            by: record.by,
            rollout: record.rollout
        )
    }
}

extension RolloutRow {
    init(_ record: RolloutRecord, watch: ActiveWatch?) {
        self.init(
            id: record.id,
            model: record.release.model,
            channel: record.channel,
            release: record.release.number,
            previous: record.previous,
            settledRelease: record.from,
            state: record.state.rawValue,
            words: Self.words(record, watch),
            startedAt: record.startedAt,
            endedAt: record.endedAt,
            startedBy: record.startedBy,
            isOverride: record.how == .overridden
        )
    }

    private static func words(_ record: RolloutRecord, _ watch: ActiveWatch?) -> String {
        let odd = record.state == .probation ? watch?.watch.oddSentence : nil
        return state(record, watch) + (odd.map { "; \($0)" } ?? "")
    }

    private static func state(_ record: RolloutRecord, _ watch: ActiveWatch?) -> String {
        switch record.state {
        case .probation:
            let total = NumberText.setTime(record.probationSeconds)
            guard let watch else { return "watched for \(total)" }
            if let waits = watch.watch.waitsFor { return "watched for \(total); \(waits)" }
            let watched = watch.watch.watchedSeconds
            // Its time is over and it still burns, or the next step settles it.
            if watched >= record.probationSeconds { return "watched for \(total); settling waits while it burns" }
            return "watching \(NumberText.elapsed(watched)) of \(total)"
        case .settled: return "settled"
        case .returned: return "rolled back automatically" + (record.from.map { " to r\($0)" } ?? "")
        case .rolledBack: return "rolled back by \(record.endedBy ?? "a person")"
        case .superseded: return "superseded by a newer promotion"
        case .aborted: return "aborted by \(record.endedBy ?? "a person")"
        }
    }
}

extension RolloutTriggerRow {
    init(_ reading: TriggerReading) {
        let words: String
        switch reading.trigger {
        case .burn(let rate, let long, let short):
            words =
                "burn \(NumberText.plain(rate, 1)) over \(NumberText.setTime(long)) and "
                + NumberText.setTime(short)
        case .worseThanPrevious(let what, let error):
            words = "worse than the release before: \(what), wrongly in at most \(NumberText.good(error, 2))"
        case .engineFailures(let count):
            words = "\(count) engine failures"
        }
        // A trigger that is over its limit and quiet was met by the long window only.
        let isOver = reading.state == .quiet && (reading.value ?? 0) >= reading.limit
        self.init(
            trigger: words,
            state: reading.state.rawValue,
            value: reading.value,
            limit: reading.limit,
            words: (reading.indicator.map { "\($0): " } ?? "") + Self.measured(reading)
                + (isOver ? ", and the short window is quiet" : "")
                + (reading.oddKeys.map { "; \($0.sentence())" } ?? "")
        )
    }

    /// What was measured and when it fires, for somebody who never read how.
    private static func measured(_ reading: TriggerReading) -> String {
        guard let value = reading.value else { return "too little was seen to say" }
        let limit = NumberText.significant(reading.limit)
        switch reading.trigger {
        case .burn:
            return "its error budget burns \(NumberText.plain(value, 1)) times as fast as it may; \(limit) is too fast"
        case .worseThanPrevious:
            let sure = value >= reading.limit ? "sure that it is worse" : "not sure whether it is worse"
            return "\(sure): \(NumberText.likelier(value)), and \(limit) times is sure"
        case .engineFailures:
            return "\(NumberText.plain(value, 0)) so far, \(limit) take it back"
        }
    }
}
