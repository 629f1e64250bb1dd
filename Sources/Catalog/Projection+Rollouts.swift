import GRDB
import RegistryRecords
import RegistryTypes

extension Projection {
    /// A rollout follows the move that brought its release, and begins only while that move is the last one.
    func apply(_ body: RolloutStarted, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextRolloutID().number, "rollout")
        let model = body.release.model
        guard let channel = try state.channel(model, body.channel), channel.release == body.release.number else {
            throw CatalogError.refused(
                "rollout \(body.id) begins before \(model)@\(body.channel) points to its release"
            )
        }
        guard !channel.move.settled else {
            throw CatalogError.refused("rollout \(body.id) would watch \(body.release), which is settled already")
        }
        guard body.from == channel.rollbackTo else {
            throw CatalogError.refused(
                "rollout \(body.id) names \(body.from.map { "r\($0)" } ?? "no release") as last settled, and it is "
                    + (channel.rollbackTo.map { "r\($0)" } ?? "none")
            )
        }
        try write(
            """
            INSERT INTO rollout (number, model, channel, release, fromRelease, move, policy, probationSeconds, holdback,
                triggers, indicators, startedBy, startedAt, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.number, model.text, body.channel.text, body.release.number, body.from, channel.move.seq,
                body.policy.map(jsonColumn), body.probationSeconds, body.holdback, jsonColumn(body.triggers),
                jsonColumn(body.indicators), entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }

    func apply(_ body: RolloutSettled, _ entry: Event) throws {
        let rollout = try expectActive(body.id)
        try end(rollout, as: .settled, result: body.result, entry)
        try write("UPDATE channelMove SET settled = 1 WHERE seq = ?", [rollout.move])
    }

    /// The incident stands before it, the move, the rejection and the hold follow in the same command.
    func apply(_ body: RolloutReturned, _ entry: Event) throws {
        let rollout = try expectActive(body.id)
        let target = try state.lastSettled(rollout.release.model, rollout.channel)
        guard body.to == target else {
            throw CatalogError.refused(
                "rollout \(body.id) would return to r\(body.to), and the last settled release is "
                    + (target.map { "r\($0)" } ?? "none")
            )
        }
        try end(rollout, as: .returned, cause: body.cause, result: body.result, incident: body.incident, entry)
    }

    func apply(_ body: RolloutEnded, _ entry: Event) throws {
        guard [.rolledBack, .superseded, .aborted].contains(body.how) else {
            throw CatalogError.refused("rollout \(body.id) cannot be ended as \(body.how.rawValue) by a person")
        }
        try end(expectActive(body.id), as: body.how, result: body.result, reason: body.reason, entry)
    }

    func apply(_ body: ReleaseCrashed, _ entry: Event) throws {
        guard try state.release(body.id) != nil else { throw try state.missing(.release(body.id)) }
        try write(
            "INSERT INTO releaseCrash (seq, model, release, rollout, why, at) VALUES (?, ?, ?, ?, ?, ?)",
            [
                entry.seq, body.id.model.text, body.id.number, body.rollout?.number, body.why,
                entry.time.milliseconds,
            ]
        )
        guard let id = body.rollout else { return }
        let rollout = try expectActive(id)
        guard rollout.release == body.id else {
            throw CatalogError.refused("rollout \(id) watches \(rollout.release), not \(body.id)")
        }
        try write("UPDATE rollout SET crashes = crashes + 1 WHERE number = ?", [id.number])
    }

    func apply(_ body: HoldPlaced, _ entry: Event) throws {
        guard try state.channel(body.model, body.channel) != nil else {
            throw try state.missing(.channel(model: body.model, channel: body.channel))
        }
        if try state.hold(body.model, body.channel) != nil {
            throw CatalogError.alreadyExists(what: "a hold", name: "on \(body.model)@\(body.channel)")
        }
        try write(
            "INSERT INTO hold (seq, model, channel, rollout, reason, placedBy, placedAt) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                entry.seq, body.model.text, body.channel.text, body.rollout?.number, body.reason, entry.actor,
                entry.time.milliseconds,
            ]
        )
    }

    func apply(_ body: HoldLifted, _ entry: Event) throws {
        let changed = try write(
            """
            UPDATE hold SET liftedBy = ?, liftedAt = ?, liftedReason = ?, finishedSeq = ?
            WHERE model = ? AND channel = ? AND liftedAt IS NULL
            """,
            [
                entry.actor, entry.time.milliseconds, body.reason, entry.seq, body.model.text, body.channel.text,
            ]
        )
        guard changed == 1 else {
            throw CatalogError.notFound(what: "hold", name: "on \(body.model)@\(body.channel)", near: [])
        }
    }

    /// A watch that goes on must not be left behind by a move, and nobody promotes over a hold.
    func expectFree(_ model: Name, _ channel: Name, for how: MoveKind) throws {
        if let active = try state.activeRollout(model, channel) {
            throw CatalogError.refused("rollout \(active.id) of \(model)@\(channel) goes on: end it before the move")
        }
        if how == .promoted, let hold = try state.hold(model, channel) {
            throw CatalogError.refused("\(model)@\(channel) is on hold: \(hold.reason)")
        }
    }

    private func expectActive(_ id: RolloutID) throws -> RolloutRecord {
        guard let rollout = try state.rollout(id) else { throw try state.missing(.rollout(id)) }
        guard rollout.state == .probation else { throw CatalogError.rolloutEnded(id, state: rollout.state) }
        return rollout
    }

    private func end(
        _ rollout: RolloutRecord,
        as end: RolloutState,
        cause: RolloutCause? = nil,
        result: RolloutResult?,
        reason: String? = nil,
        incident: IncidentID? = nil,
        _ entry: Event
    ) throws {
        try write(
            """
            UPDATE rollout SET state = ?, cause = ?, result = ?, reason = ?, incident = ?, endedBy = ?, endedAt = ?,
                finishedSeq = ? WHERE number = ?
            """,
            [
                end.rawValue, cause.map(jsonColumn), result.map(jsonColumn), reason, incident?.number, entry.actor,
                entry.time.milliseconds, entry.seq, rollout.id.number,
            ]
        )
    }
}
