import Artifacts
import Catalog
import Foundation
import PolicyRules
public import RegistryTypes
public import WireFormat

/// Promotion: facts, decision, load, then one transaction that moves the channel.
extension ControlPlane {
    /// Moves a channel to a release when its policy allows it, or a person overrides the policy.
    ///
    /// The policy is evaluated again inside the transaction that moves the channel, so that nothing can change
    /// between the answer and the move. A refusal is stored as a decision too.
    ///
    /// - Throws: ``ControlPlaneError``; a refusal by policy is an answer, not an error.
    public func promote(
        _ model: Name,
        _ channel: Name,
        _ request: PromoteRequest,
        by caller: Caller
    ) async throws -> MoveAnswer {
        let clock = ContinuousClock()
        let start = clock.now
        try caller.require(.deploy, to: "promote")
        guard Reference.isChannelName(channel) else {
            throw ControlPlaneError(
                .badRequest,
                "\"\(channel)\" cannot name a channel",
                why: "it reads as a version or a release"
            )
        }
        guard request.release.reference.model == model else {
            throw ControlPlaneError(.badRequest, "\(request.release.reference) is not of model \(model)")
        }
        let override = try self.override(request, by: caller)
        let choice = ReleaseChoice(
            reference: request.release.reference,
            channel: request.release.channel ?? channel,
            prompt: request.release.prompt,
            set: request.release.set
        )
        let plan = try await catalog.read { [configuration] state in
            try PromotionPlan(choice, to: channel, override: override, now: configuration.now(), in: state)
        }
        func answer(_ outcome: MoveAnswer.Outcome, _ plan: PromotionPlan, load: Double? = nil) async throws
            -> MoveAnswer
        {
            try await catalog.read { state in
                MoveAnswer(
                    outcome: outcome,
                    model: model,
                    channel: channel,
                    from: try plan.live.flatMap { try state.release(ReleaseID(model, $0)) },
                    to: try state.release(plan.release) ?? plan.releaseRecord(by: caller.name.text),
                    decision: plan.decision,
                    move: outcome == .moved ? try state.channel(model, channel)?.move : nil,
                    loadSeconds: load,
                    seconds: (clock.now - start).seconds
                )
            }
        }
        try plan.requireExpected(request.expectedRelease)
        if plan.live == plan.release.number, plan.created.isEmpty { return try await answer(.unchanged, plan) }
        if request.dryRun == true { return try await answer(plan.decision.isAllowed ? .wouldMove : .refused, plan) }
        guard plan.decision.isAllowed else {
            let refused = try await record(choice, channel, override, request, moving: false, by: caller)
            return try await answer(.refused, refused)
        }
        let load = try await load(plan.content, of: model)
        Failpoint.hit("promote.loaded")
        let done = try await record(choice, channel, override, request, moving: true, by: caller)
        guard done.decision.isAllowed else { return try await answer(.refused, done) }
        try await keepLoaded()
        Failpoint.hit("promote.moved")
        return try await answer(.moved, done, load: load)
    }

    /// What the policy of a channel says of a release now; nothing is stored.
    public func explain(_ request: ExplainRequest, by caller: Caller) async throws -> Decision {
        let choice = ReleaseChoice(
            reference: request.release.reference,
            channel: request.release.channel ?? request.channel,
            prompt: request.release.prompt,
            set: request.release.set
        )
        return try await catalog.read { [configuration] state in
            try PromotionPlan(choice, to: request.channel, override: nil, now: configuration.now(), in: state).decision
        }
    }

    /// Decisions about a model, or all, newest first.
    public func decisions(model: Name?, limit: Int) async throws -> [DecisionSummary] {
        try await catalog.read { try $0.decisions(model: model, limit: limit).map { DecisionSummary($0) } }
    }

    /// A stored decision.
    public func decision(_ id: DecisionID) async throws -> Decision {
        guard let record = try await catalog.read({ try $0.decision(id) }) else {
            throw ControlPlaneError.notFound(
                "decision",
                id.description,
                list: "serin audit list --kind decision.recorded"
            )
        }
        return record.decision
    }

    private func override(_ request: PromoteRequest, by caller: Caller) throws -> Override? {
        guard request.override == true else { return nil }
        try caller.require(.administer, to: "override a policy")
        let reason = (request.reason ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        guard !reason.isEmpty else {
            throw ControlPlaneError(
                .badRequest,
                "an override needs a reason",
                why: "it is recorded for those who come after",
                next: "--override --reason \"why it must be now\""
            )
        }
        return Override(by: caller.name.text, reason: reason)
    }

    /// Decides again inside the transaction and appends the decision, and the move when it is allowed and wanted.
    private func record(
        _ choice: ReleaseChoice,
        _ channel: Name,
        _ override: Override?,
        _ request: PromoteRequest,
        moving: Bool,
        by caller: Caller
    ) async throws -> PromotionPlan {
        let now = configuration.now()
        let events = try await append(by: caller, idempotencyKey: idempotencyKey(request.idempotencyKey, for: request))
        { state in
            let plan = try PromotionPlan(choice, to: channel, override: override, now: now, in: state)
            try plan.requireExpected(request.expectedRelease)
            return try plan.events(moving: moving, reason: request.reason, in: state)
        }
        return try await catalog.read { state in
            let plan = try PromotionPlan(choice, to: channel, override: override, now: now, in: state)
            let moved = events.compactMap { event in
                if case .channelMoved(let move)? = try? RegistryEvent(kind: event.kind, body: Data(event.body.utf8)) {
                    move
                } else {
                    nil
                }
            }.first
            let id = try events.last { $0.kind == "decision.recorded" }.map { try DecisionID(text: $0.subject) }
            let decision = try id.flatMap { try state.decision($0)?.decision }
            return plan.with(decision: decision ?? plan.decision, live: moved.map(\.from) ?? plan.live)
        }
    }
}

extension DecisionSummary {
    init(_ record: DecisionRecord) {
        self.init(
            id: record.id,
            release: record.decision.release,
            channel: record.decision.channel,
            allowed: record.decision.isAllowed,
            overridden: record.decision.isOverridden,
            at: record.at
        )
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}
