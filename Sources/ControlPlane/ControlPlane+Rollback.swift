import Artifacts
import Catalog
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
        let clock = ContinuousClock()
        let start = clock.now
        try caller.require(.deploy, to: "roll back")
        let (current, target) = try await catalog.read { state in
            let target = try Self.rollbackTarget(model, channel, request, in: state)
            return (try Self.requireRelease(target.from, in: state), try Self.requireRelease(target.to, in: state))
        }
        func answer(_ outcome: MoveAnswer.Outcome, _ move: ChannelMove?, load: Double?) -> MoveAnswer {
            MoveAnswer(
                outcome: outcome,
                model: model,
                channel: channel,
                from: current,
                to: target,
                decision: nil,
                move: move,
                loadSeconds: load,
                seconds: (clock.now - start).seconds
            )
        }
        if current.id == target.id { return answer(.unchanged, nil, load: nil) }
        if request.dryRun == true { return answer(.wouldMove, nil, load: nil) }
        // It is normally still in memory. Where it is not, a release that cannot be loaded must not go live.
        let load = try await load(target.content, of: model)
        Failpoint.hit("rollback.loaded")
        _ = try await append(by: caller, idempotencyKey: idempotencyKey(request.idempotencyKey, for: request)) {
            state in
            let again = try Self.rollbackTarget(model, channel, request, in: state)
            guard again.from == current.id, again.to == target.id else {
                throw ControlPlaneError(
                    .conflict,
                    "\(model)@\(channel) moved while it was being rolled back",
                    next: "serin status \(model)"
                )
            }
            let reason = request.reason ?? "rolled back by \(caller.name)"
            return [
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
                .releaseRejected(ReleaseRejected(id: current.id, reason: reason)),
            ]
        }
        Failpoint.hit("rollback.moved")
        try await keepLoaded()
        let move = try await catalog.read { try $0.channel(model, channel)?.move }
        return answer(.moved, move, load: load)
    }

    /// Where a rollback starts and where it goes.
    static func rollbackTarget(
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
