import Artifacts
import Catalog
import Foundation
import PolicyRules
public import RegistryRecords
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
        let start = ContinuousClock.now
        try caller.require(.deploy, to: "promote")
        guard request.release.reference.model == model else {
            throw ControlPlaneError(.badRequest, "\(request.release.reference) is not of model \(model)")
        }
        let override = try self.override(request, by: caller)
        let key = try MoveKey("promote", model, channel, request).idempotencyKey(request.idempotencyKey)
        if let before = try await earlierMove(key, by: caller) { return before.answer(since: start) }

        let now = configuration.now()
        let budgets = budgets(of: model, channel, now: now)
        let plan = try await read { state in
            try PromotionPlan(
                request.release,
                to: channel,
                override: override,
                budgets: budgets,
                now: now,
                in: state
            )
        }
        try plan.requireExpected(request.expectedRelease)
        func planned(_ outcome: MoveAnswer.Outcome) async throws -> MoveAnswer {
            try await read { try MoveRecord(plan, outcome, by: caller, in: $0) }.answer(since: start)
        }
        if plan.isUnchanged { return try await planned(.unchanged) }
        let isAllowed = plan.decision.isAllowed
        if request.dryRun == true { return try await planned(isAllowed ? .wouldMove : .refused) }

        let loadSeconds = isAllowed ? try await load(plan.content, of: model) : nil
        if isAllowed { Failpoint.hit("promote.loaded") }
        let later = configuration.now()
        let watched = watchBoard.result(of: model, channel)
        let events = try await append(by: caller, idempotencyKey: key) { state in
            // The content is the one that was loaded, whatever the choice would mean by now.
            let plan = try PromotionPlan(
                plan.content,
                of: model,
                to: channel,
                override: override,
                budgets: budgets,
                now: later,
                in: state
            )
            try plan.requireExpected(request.expectedRelease)
            if plan.isUnchanged { return [] }
            guard isAllowed || !plan.decision.isAllowed else {
                throw ControlPlaneError(
                    .conflict,
                    "the evidence about \(plan.release) changed while it was being decided",
                    next: "promote again"
                )
            }
            return try plan.events(reason: request.reason, watched: watched, in: state)
        }
        guard let done = try await read({ try MoveRecord(events, in: $0) }) else {
            return try await planned(.unchanged)
        }
        if done.move != nil { Failpoint.hit("promote.moved") }
        return done.answer(loadSeconds: loadSeconds, since: start)
    }

    /// What the policy of a channel says of a release now; nothing is stored.
    public func explain(_ request: ExplainRequest, by caller: Caller) async throws -> Decision {
        let now = configuration.now()
        let budgets = budgets(of: request.release.reference.model, request.channel, now: now)
        return try await read { state in
            try PromotionPlan(
                request.release,
                to: request.channel,
                override: nil,
                budgets: budgets,
                now: now,
                in: state
            ).decision
        }
    }

    /// Decisions about a model, or all, newest first.
    public func decisions(model: Name?, limit: Int) async throws -> [DecisionSummary] {
        try await read { try $0.decisions(model: model, limit: min(max(limit, 1), 1000)).map { DecisionSummary($0) } }
    }

    /// A stored decision.
    public func decision(_ id: DecisionID) async throws -> Decision {
        guard let record = try await read({ try $0.decision(id) }) else {
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
