import Artifacts
import Catalog
import RegistryRecords
public import RegistryTypes
public import WireFormat

/// Rollback: needs no gate, never asks, and goes to the last settled release.
extension ControlPlane {
    /// Takes a channel back, and rejects the release it leaves until there is new evidence about it.
    ///
    /// - Throws: ``ControlPlaneError``: nothing live, nothing to go back to, or the channel moved meanwhile.
    public func rollback(
        _ model: Name,
        _ channel: Name,
        _ request: RollbackRequest,
        by caller: Caller
    ) async throws -> MoveAnswer {
        let start = ContinuousClock.now
        try caller.require(.deploy, to: "roll back")
        // A retry is answered before anything is looked at: its own move changed where a rollback would go.
        let key = try MoveKey("rollback", model, channel, request).idempotencyKey(request.idempotencyKey)
        if let before = try await earlierMove(key, by: caller) { return before.answer(since: start) }

        let (current, target) = try await read { state in
            let ends = try Self.rollbackEnds(model, channel, request, in: state)
            return (try Self.requireRelease(ends.from, in: state), try Self.requireRelease(ends.to, in: state))
        }
        func planned(_ outcome: MoveAnswer.Outcome) -> MoveAnswer {
            MoveRecord(outcome, channel, from: current, to: target).answer(since: start)
        }
        if current.id == target.id { return planned(.unchanged) }
        if request.dryRun == true { return planned(.wouldMove) }
        // It is normally still in memory. Where it is not, a release that cannot be loaded must not go live.
        let loadSeconds = try await load(target.content, of: model)
        Failpoint.hit("rollback.loaded")
        let watched = watchBoard.result(of: model, channel)
        let events = try await append(by: caller, idempotencyKey: key, isUrgent: true) { state in
            guard try Self.rollbackEnds(model, channel, request, in: state) == (current.id, target.id) else {
                throw ControlPlaneError(
                    .conflict,
                    "\(model)@\(channel) moved while it was being rolled back",
                    next: "serin status \(model)"
                )
            }
            let ended = try state.activeRollout(model, channel).map { active in
                RegistryEvent.rolloutEnded(
                    RolloutEnded(id: active.id, how: .rolledBack, reason: request.reason, result: watched)
                )
            }
            return (ended.map { [$0] } ?? []) + [
                .channelMoved(
                    ChannelMoved(
                        model: model,
                        channel: channel,
                        from: current.id.number,
                        to: target.id.number,
                        how: .rolledBack,
                        decision: nil,
                        reason: request.reason,
                        settled: true
                    )
                ),
                .releaseRejected(
                    ReleaseRejected(id: current.id, reason: request.reason ?? "rolled back by \(caller.name)")
                ),
            ]
        }
        Failpoint.hit("rollback.moved")
        guard let done = try await read({ try MoveRecord(events, in: $0) }) else {
            throw ControlPlaneError(.internalFault, "the rollback of \(model)@\(channel) is not in the log")
        }
        return done.answer(loadSeconds: loadSeconds, since: start)
    }

    /// Where a rollback starts and where it goes.
    private static func rollbackEnds(
        _ model: Name,
        _ channel: Name,
        _ request: RollbackRequest,
        in state: CatalogState
    ) throws -> (from: ReleaseID, to: ReleaseID) {
        try requireModel(model, in: state)
        guard let record = try state.channel(model, channel) else {
            throw nothingLive(model, channel, try state.channels(of: model))
        }
        if let expected = request.expectedRelease, expected != record.release {
            throw ControlPlaneError(
                .conflict,
                "\(model)@\(channel) points to r\(record.release), not to r\(expected)",
                why: "somebody moved it meanwhile",
                next: "serin status \(model)"
            )
        }
        let from = ReleaseID(model, record.release)
        if let number = request.to {
            return (from, try requireRelease(ReleaseID(model, number), in: state).id)
        }
        guard let target = record.rollbackTo else {
            throw ControlPlaneError(
                .conflict,
                "\(model)@\(channel) has no settled release to go back to",
                why:
                    "r\(record.release) is the only release that was ever live there, or those before it were rejected",
                next: "serin release list \(model), then: serin rollback \(model) --to rN"
            )
        }
        return (from, ReleaseID(model, target))
    }
}
