import Artifacts
import Catalog
import Foundation
import PolicyRules
public import RegistryRecords
public import RegistryTypes
public import WireFormat
import Wording

/// Where channels point: moved by policy, taken back without one, and held.
public struct Channels: Sendable {
    let ledger: Ledger
    let releases: LoadedReleases
    let watches: WatchTracker
    let levels: ServiceLevelTracker
    let quarantine: Quarantine

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
        try caller.require(.promote)
        guard request.release.reference.model == model else {
            throw ControlPlaneError(.badRequest, "\(request.release.reference) is not of model \(model)")
        }
        try Remark.checkLength(request.reason, called: "reason")
        let override = try Self.override(request, by: caller)
        let key = try MoveKey("promote", model, channel, request).idempotencyKey(request.idempotencyKey)
        if let before = try await earlierMove(key, by: caller) { return before.answer(since: start) }

        if let override, request.dryRun != true {
            // Who overrides the policy of a channel says with it that these weights are to be tried again.
            let choice = request.release
            let version = try await ledger.read { try $0.quarantinedVersion(of: choice) }
            if let version { try await quarantine.liftIfNeeded(version, reason: override.reason, by: caller) }
        }
        let now = ledger.now()
        let budgets = levels.budgets(of: model, channel, now: now)
        let plan = try await ledger.read(.first) { state in
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
            try await ledger.read(.first) { try MoveRecord(plan, outcome, by: caller, in: $0) }.answer(since: start)
        }
        if plan.isUnchanged { return try await planned(.unchanged) }
        let isAllowed = plan.decision.isAllowed
        if request.dryRun == true { return try await planned(isAllowed ? .wouldMove : .refused) }

        let loadSeconds = isAllowed ? try await load(plan.content, of: model) : nil
        if isAllowed { Failpoint.hit("promote.loaded") }
        let later = ledger.now()
        let watched = watches.result(of: model, channel)
        let outcome = try await ledger.append(by: caller, once: key) { state -> Change<MoveRecord?> in
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
            if plan.isUnchanged { return Change([], answer: try MoveRecord(plan, .unchanged, by: caller, in: state)) }
            guard isAllowed || !plan.decision.isAllowed else {
                throw ControlPlaneError(
                    .conflict,
                    "the evidence about \(plan.release) changed while it was being decided",
                    next: "promote again"
                )
            }
            return Change(try plan.events(reason: request.reason, watched: watched, in: state)) { state, events in
                try MoveRecord(events, in: state)
            }
        }
        guard let done = try await record(of: outcome) else { return try await planned(.unchanged) }
        if done.move != nil { Failpoint.hit("promote.moved") }
        return done.answer(loadSeconds: loadSeconds, since: start)
    }

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
        try caller.require(.rollBack)
        try Remark.checkLength(request.reason, called: "reason")
        // A retry is answered before anything is looked at: its own move changed where a rollback would go.
        let key = try MoveKey("rollback", model, channel, request).idempotencyKey(request.idempotencyKey)
        if let before = try await earlierMove(key, by: caller) {
            return before.answer(since: start, why: before.move.flatMap { Self.why($0, request) })
        }

        let (current, target, why) = try await ledger.read(.first) { state in
            let ends = try Self.rollbackEnds(model, channel, request, in: state)
            return (try state.requireRelease(ends.from), try state.requireRelease(ends.to), ends.why)
        }
        func planned(_ outcome: MoveAnswer.Outcome) -> MoveAnswer {
            MoveRecord(outcome, channel, from: current, to: target).answer(since: start, why: why)
        }
        if current.id == target.id { return planned(.unchanged) }
        if request.dryRun == true { return planned(.wouldMove) }
        // It is normally still in memory. Where it is not, a release that cannot be loaded must not go live.
        let loadSeconds = try await load(target.content, of: model)
        Failpoint.hit("rollback.loaded")
        let watched = watches.result(of: model, channel)
        let outcome = try await ledger.append(by: caller, once: key, urgency: .move) { state -> Change<MoveRecord?> in
            let ends = try Self.rollbackEnds(model, channel, request, in: state)
            guard ends.from == current.id, ends.to == target.id else {
                throw ControlPlaneError(
                    .conflict,
                    "\(model)@\(channel) moved while it was being rolled back",
                    next: "\(.status(model))"
                )
            }
            let ended = try state.activeRollout(model, channel).map { active in
                RegistryEvent.rolloutEnded(
                    RolloutEnded(id: active.id, how: .rolledBack, reason: request.reason, result: watched)
                )
            }
            let moves: [RegistryEvent] = [
                .channelMoved(
                    ChannelMoved(
                        model: model,
                        channel: channel,
                        from: current.id.number,
                        to: target.id.number,
                        how: .rolledBack,
                        decision: nil,
                        reason: request.reason,
                        settled: try state.hasSettled(target.id, in: channel)
                    )
                ),
                .releaseRejected(
                    ReleaseRejected(
                        id: current.id,
                        channel: channel,
                        reason: request.reason ?? "rolled back by \(caller.name)"
                    )
                ),
            ]
            return Change((ended.map { [$0] } ?? []) + moves) { try MoveRecord($1, in: $0) }
        }
        Failpoint.hit("rollback.moved")
        guard let done = try await record(of: outcome) else {
            throw ControlPlaneError(.internalFault, "the rollback of \(model)@\(channel) is not in the log")
        }
        return done.answer(loadSeconds: loadSeconds, since: start, why: why)
    }

    /// Lifts the hold on a channel.
    ///
    /// - Throws: ``ControlPlaneError``: `notFound` when there is none; `badRequest` without a reason.
    public func resume(
        _ model: Name,
        _ channel: Name,
        _ request: ReasonRequest,
        by caller: Caller
    ) async throws -> HoldRow {
        try caller.require(.liftHold)
        let reason = try Remark.check(request.reason, called: "reason")
        return try await ledger.append(by: caller, urgency: .move) { state in
            try state.requireModel(model)
            guard let hold = try state.hold(model, channel) else {
                throw ControlPlaneError(
                    .notFound,
                    "there is no hold on \(model)@\(channel)",
                    next: "\(.status(model))",
                    near: try state.nearChannels(model, channel)
                )
            }
            let event = HoldLifted(model: model, channel: channel, reason: reason)
            return Change([.holdLifted(event)], answer: HoldRow(hold))
        }.answer
    }

    /// What the policy of a channel says of a release now; nothing is stored.
    public func explain(_ request: ExplainRequest, by caller: Caller) async throws -> Decision {
        let now = ledger.now()
        let budgets = levels.budgets(of: request.release.reference.model, request.channel, now: now)
        return try await ledger.read { state in
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
    public func decisions(model: Name?, before: Int?, limit: Int) async throws -> [DecisionSummary] {
        try await ledger.read {
            try model.map($0.requireModel)
            return try $0.decisions(model: model, limit: limit, before: before.map { DecisionID($0) })
                .map { DecisionSummary($0) }
        }
    }

    /// A stored decision.
    public func decision(_ id: DecisionID) async throws -> Decision {
        try await ledger.read { try $0.requireDecision(id) }
    }

    // MARK: Parts

    /// Loads what a release pins, and says how many seconds it took; nil when it was in memory, or is not run here.
    private func load(_ content: ReleaseContent, of model: Name) async throws -> Double? {
        let plan = try await ledger.read(.first) { state -> ReleasePlan? in
            // A release without an engine is served elsewhere: there is nothing to load.
            let version = try state.requireVersion(VersionID(model, content.version))
            if version.lacksEngine { return nil }
            return try ReleasePlan(content, of: model, in: state)
        }
        guard let plan else { return nil }
        let isLoaded = await releases.loadedWeights().contains(plan.weights.digest)
        let start = ContinuousClock.now
        _ = try await releases.release(plan)
        return isLoaded ? nil : start.duration(to: .now) / .seconds(1)
    }

    /// What the same request came to before under its key; nil when it is new.
    private func earlierMove(_ key: IdempotencyKey?, by caller: Caller) async throws -> MoveRecord? {
        guard let key else { return nil }
        return try await ledger.read(.first) { state in
            try state.answer(to: key, by: caller.name.text).flatMap { try MoveRecord($0, in: state) }
        }
    }

    /// What a move came to: now, or when the same request was answered before.
    private func record(of outcome: AppendedOnce<MoveRecord?>) async throws -> MoveRecord? {
        switch outcome {
        case .now(let appended): appended.answer
        case .before(let events): try await ledger.read(.first) { try MoveRecord(events, in: $0) }
        }
    }

    private static func override(_ request: PromoteRequest, by caller: Caller) throws -> Override? {
        guard request.override == true else { return nil }
        try caller.require(.overridePolicy)
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

    /// Where a rollback starts and where it goes; and why there, where that release never settled.
    private static func rollbackEnds(
        _ model: Name,
        _ channel: Name,
        _ request: RollbackRequest,
        in state: CatalogState
    ) throws -> (from: ReleaseID, to: ReleaseID, why: String?) {
        try state.requireModel(model)
        guard let record = try state.channel(model, channel) else {
            throw state.nothingLive(model, channel, try state.channels(of: model))
        }
        if let expected = request.expectedRelease, expected != record.release {
            throw ControlPlaneError(
                .conflict,
                "\(model)@\(channel) points to r\(record.release), not to r\(expected)",
                why: "somebody moved it meanwhile",
                next: "\(.status(model))"
            )
        }
        let from = ReleaseID(model, record.release)
        if let number = request.to {
            let to = try state.requireRelease(ReleaseID(model, number)).id
            try requireServed(to, record, in: state)
            let isKnown = try to == from || state.hasSettled(to, in: channel)
            return (from, to, isKnown ? nil : whyNamed(number, channel))
        }
        if let target = record.rollbackTo { return (from, ReleaseID(model, target), nil) }
        guard let target = record.rollbackToUnsettled else {
            throw ControlPlaneError(
                .conflict,
                "\(model)@\(channel) has no release to go back to",
                why: try nothingBefore(record, in: state),
                next: "\(.releaseList(model)), then: \(.rollback(model, channel: channel, choosesRelease: true))"
            )
        }
        return (
            from, ReleaseID(model, target), whyUnsettled(target, channel)
        )
    }

    /// Why a rollback went where it went, read from the move; nil where that release had settled.
    private static func why(_ move: ChannelMove, _ request: RollbackRequest) -> String? {
        guard !move.event.settled else { return nil }
        return request.to == nil ? whyUnsettled(move.to, move.channel) : whyNamed(move.to, move.channel)
    }

    private static func whyNamed(_ number: Int, _ channel: Name) -> String {
        "r\(number) was named, and did not settle in \(channel)"
    }

    private static func whyUnsettled(_ number: Int, _ channel: Name) -> String {
        "r\(number) did not settle in \(channel), and nothing did: it is what was live there before"
    }
}

extension Channels {
    /// Refuses a release that a channel never had by the word of its policy, or that was rejected there: going there is
    /// a promotion, which its policy decides.
    private static func requireServed(_ release: ReleaseID, _ channel: ChannelRecord, in state: CatalogState) throws {
        if try release.number == channel.release || ReleaseHistory(release, in: state).mayReturn(to: channel.channel) {
            return
        }
        let isRejected = try state.requireRelease(release).rejection(in: channel.channel) != nil
        let model = channel.model, name = channel.channel
        throw ControlPlaneError(
            .conflict,
            "r\(release.number) is nothing that \(model)@\(name) can go back to",
            why: isRejected
                ? "it was rejected there; going there again is a promotion, which the policy decides"
                : "it neither settled nor was promoted there; going there is a promotion, which the policy decides",
            next: "\(.promote(.release(release), to: name))"
        )
    }

    /// Why nothing of what was live in a channel before can be gone back to without naming it.
    private static func nothingBefore(_ channel: ChannelRecord, in state: CatalogState) throws -> String {
        let moves = try state.moves(channel.model, channel.channel, limit: 1000)
        let before = Set(moves.map(\.to)).subtracting([channel.release]).sorted(by: >)
        guard !before.isEmpty else { return "r\(channel.release) is the only release that was ever live there" }
        let reasons = try before.prefix(3).map { number in
            let release = try state.requireRelease(ReleaseID(channel.model, number))
            if release.rejections.contains(where: { $0.channel == channel.channel }) {
                return "r\(number) was rejected"
            }
            if try state.version(release.version)?.quarantined != nil { return "r\(number) is quarantined" }
            return "r\(number) did not settle, and was there by override only"
        }
        let more = before.count - reasons.count
        return reasons.joined(separator: ", ") + (more > 0 ? ", and \(NumberText.count(more)) more likewise" : "")
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
