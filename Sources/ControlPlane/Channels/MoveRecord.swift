import Catalog
import RegistryRecords
import RegistryTypes
import StrictJSON
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

    /// What the events of a request say: a move, or else a decision against one; nil when nothing had to change.
    init?(_ events: [LoggedEvent], in state: CatalogState) throws {
        for logged in events {
            guard case .channelMoved(let body) = logged.event,
                let move = try state.moves(body.model, body.channel, limit: 1, before: logged.seq + 1).first
            else { continue }
            outcome = .moved
            model = body.model
            channel = body.channel
            from = try body.from.flatMap { try state.release(ReleaseID(body.model, $0)) }
            to = try state.requireRelease(ReleaseID(body.model, body.to))
            decision = try body.decision.flatMap { try state.decision($0)?.decision }
            self.move = move
            return
        }
        for logged in events {
            guard case .decisionRecorded(let body) = logged.event else { continue }
            outcome = .refused
            model = body.decision.release.model
            channel = body.decision.channel
            from = try body.decision.facts.live.flatMap { try state.release($0) }
            to = try state.requireRelease(body.decision.release)
            decision = body.decision
            move = nil
            return
        }
        return nil
    }

    /// The answer to the request that came in at `start`.
    ///
    /// - Parameter why: Why a rollback goes where it goes; nil where that is the last settled release.
    func answer(
        loadSeconds: Double? = nil,
        since start: ContinuousClock.Instant,
        why: String? = nil
    ) -> MoveAnswer {
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
            missingChecks: missingChecks,
            why: why
        )
    }
}

/// All that makes a request to move a channel the same request: a key used for another channel is not a retry.
struct MoveKey<Request: Encodable>: Encodable {
    private let verb: String
    private let model: Name
    private let channel: Name
    private let request: Request

    init(_ verb: String, _ model: Name, _ channel: Name, _ request: Request) {
        self.verb = verb
        self.model = model
        self.channel = channel
        self.request = request
    }

    /// The key under which the request is answered once; nil when the caller sent none.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badRequest`.
    func idempotencyKey(_ text: String?) throws -> IdempotencyKey? {
        guard let text else { return nil }
        do {
            // In the first form always: a retry after an upgrade is the same request.
            return try IdempotencyKey(text, for: CanonicalJSON.encode(self, as: .foundation))
        } catch let error as CatalogError {
            throw ControlPlaneError(error)
        }
    }
}
