import Catalog
import Foundation
import RegistryRecords
import RegistryTypes
import WireFormat

/// What became of a request to move a channel. Read back from the events it caused, so that the first answer and the
/// answer to a retry are the same.
struct MoveRecord: Sendable {
    private let outcome: MoveAnswer.Outcome
    private let model: Name
    private let channel: Name
    private let from: ReleaseRecord?
    private let to: ReleaseRecord
    private let decision: Decision?
    /// The move; nil when nothing moved.
    let move: ChannelMove?
    /// What would change a refusal that was only asked for.
    private var missingChecks: [MissingCheck]?

    /// A promotion that stored nothing.
    init(_ plan: PromotionPlan, _ outcome: MoveAnswer.Outcome, by caller: Caller, in state: CatalogState) throws {
        let model = plan.release.model
        self.outcome = outcome
        self.model = model
        channel = plan.channel
        from = try plan.live.flatMap { try state.release(ReleaseID(model, $0)) }
        to = try state.release(plan.release) ?? plan.releaseRecord(by: caller.name.text)
        decision = plan.decision
        move = nil
        missingChecks = outcome == .refused ? plan.missingChecks : nil
    }

    /// A rollback that stored nothing.
    init(_ outcome: MoveAnswer.Outcome, _ channel: Name, from: ReleaseRecord, to: ReleaseRecord) {
        self.outcome = outcome
        model = to.id.model
        self.channel = channel
        self.from = from
        self.to = to
        decision = nil
        move = nil
    }

    /// What the events of a request say: a move, or else a decision against one; nil for no events.
    init?(_ events: [Event], in state: CatalogState) throws {
        for event in events {
            guard case .channelMoved(let body) = try RegistryEvent(kind: event.kind, body: Data(event.body.utf8)),
                let move = try state.moves(body.model, body.channel, limit: 1, before: event.seq + 1).first
            else { continue }
            outcome = .moved
            model = body.model
            channel = body.channel
            from = try body.from.flatMap { try state.release(ReleaseID(body.model, $0)) }
            to = try ControlPlane.requireRelease(ReleaseID(body.model, body.to), in: state)
            decision = try body.decision.flatMap { try state.decision($0)?.decision }
            self.move = move
            return
        }
        for event in events {
            guard case .decisionRecorded(let body) = try RegistryEvent(kind: event.kind, body: Data(event.body.utf8))
            else { continue }
            outcome = .refused
            model = body.decision.release.model
            channel = body.decision.channel
            from = try body.decision.facts.live.flatMap { try state.release($0) }
            to = try ControlPlane.requireRelease(body.decision.release, in: state)
            decision = body.decision
            move = nil
            return
        }
        return nil
    }

    /// The answer to the request that came in at `start`.
    func answer(loadSeconds: Double? = nil, since start: ContinuousClock.Instant) -> MoveAnswer {
        MoveAnswer(
            outcome: outcome,
            model: model,
            channel: channel,
            from: from,
            to: to,
            decision: decision,
            move: move,
            loadSeconds: loadSeconds,
            seconds: start.duration(to: .now) / .seconds(1),
            missingChecks: missingChecks
        )
    }
}

extension ControlPlane {
    /// What the same request came to before under its key; nil when it is new.
    func earlierMove(_ key: IdempotencyKey?, by caller: Caller) async throws -> MoveRecord? {
        guard let key else { return nil }
        return try await read { state in
            try state.answer(to: key, by: caller.name.text).flatMap { try MoveRecord($0, in: state) }
        }
    }
}
