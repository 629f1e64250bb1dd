import Catalog
import Foundation
import PolicyRules
import RegistryRecords
import RegistryTypes
import RolloutRules
import UserDocuments
import WireFormat
import Wording

/// All that a promotion rests on, read in one moment: the release, what is live, the facts and the decision.
struct PromotionPlan: Sendable {
    /// The release to move to; its number is the next free one when it is new.
    let release: ReleaseID
    /// What it pins.
    let content: ReleaseContent
    /// The event that makes the release when it is new.
    let created: [RegistryEvent]
    /// The channel.
    let channel: Name
    /// The number of the release the channel points to; nil when it points nowhere.
    let live: Int?
    /// What the policy says, without a number.
    let decision: Decision
    /// The policy that decided; nil when none matches.
    private let policy: PolicyRevision?
    /// When all this was read.
    let now: Timestamp

    /// The checks that would make the policy allow it; nil when none would.
    var missingChecks: [MissingCheck]? { policy.flatMap { decision.missingChecks(under: $0.document) } }

    /// Whether the channel points to the release already.
    var isUnchanged: Bool { live == release.number }

    /// Finds what a choice means for a channel, reads the facts and decides.
    ///
    /// - Throws: ``ControlPlaneError`` when something named is not there or cannot be loaded.
    init(
        _ choice: ReleaseChoice,
        to channel: Name,
        override: Override?,
        budgets: [PolicyFacts.Budget],
        now: Timestamp,
        in state: CatalogState
    ) throws {
        let choice = ReleaseChoice(
            reference: choice.reference,
            channel: choice.channel ?? channel,
            prompt: choice.prompt,
            set: choice.set
        )
        let content = try state.content(of: choice, lacksEngine: true)
        try self.init(
            content,
            of: choice.reference.model,
            to: channel,
            override: override,
            budgets: budgets,
            now: now,
            in: state
        )
    }

    /// Reads the facts about a release with this content and decides.
    ///
    /// - Throws: ``ControlPlaneError`` when the version was quarantined, or the channel cannot have that name.
    init(
        _ content: ReleaseContent,
        of model: Name,
        to channel: Name,
        override: Override?,
        budgets: [PolicyFacts.Budget],
        now: Timestamp,
        in state: CatalogState
    ) throws {
        guard Reference.isChannelName(channel) else {
            throw ControlPlaneError(
                .badRequest,
                "\"\(channel)\" cannot name a channel",
                why: "it reads as a version or a release"
            )
        }
        try state.requireChannel(channel, of: model)
        try state.requireReleasable(state.requireVersion(VersionID(model, content.version)))
        self.content = content
        (release, created) = try state.release(model, with: content)
        self.channel = channel
        self.now = now
        live = try state.channel(model, channel)?.release
        let facts = try Self.facts(release, content, to: channel, live: live, budgets: budgets, in: state)
        policy = try state.policy(of: model, in: channel)
        decision = try PolicyEvaluator.evaluate(
            policy: policy,
            release: release,
            channel: channel,
            facts: facts,
            named: try Self.subject(release, content, facts.version, in: state),
            override: override,
            now: now
        )
    }

    /// What commands call the release: its version where that means this very release by itself, with the prompt and the
    /// settings of production; else its number.
    private static func subject(
        _ release: ReleaseID,
        _ content: ReleaseContent,
        _ version: VersionID,
        in state: CatalogState
    ) throws -> NextStep.Subject {
        let reference = Reference(model: version.name, selector: .version(version.number))
        let meant = try? state.content(of: ReleaseChoice(reference: reference), lacksEngine: true)
        return meant == content ? .version(version) : .release(release)
    }

    /// Refuses when the channel does not point where the caller believes.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `conflict`.
    func requireExpected(_ expected: Int?) throws {
        guard let expected, expected != live else { return }
        throw ControlPlaneError(
            .conflict,
            "\(release.model)@\(channel) points to \(live.map { "r\($0)" } ?? "nothing"), not to r\(expected)",
            why: "somebody moved it meanwhile",
            next: "\(.status(release.model))"
        )
    }

    /// The events of the decision, and of the move when it is allowed.
    ///
    /// - Parameter watched: What was seen of a release whose watch this move ends; nil when nothing was.
    func events(reason: String?, watched: RolloutResult?, in state: CatalogState) throws -> [RegistryEvent] {
        let id = try state.nextDecisionID()
        var events = created
        events.append(.decisionRecorded(DecisionRecorded(id: id, decision: decision.numbered(id))))
        guard decision.isAllowed else { return events }
        let start = RolloutStart(
            release: release,
            channel: channel,
            live: live,
            lastSettled: try state.lastSettled(release.model, channel, besides: release.number),
            active: try state.activeRollout(release.model, channel),
            result: watched,
            policy: policy,
            indicators: try state.serviceLevels().map(\.document).filter { !$0.indicator.isOff }
                .filter { $0.scope.channel == channel && $0.scope.matches(release.model) }
                .map { RolloutIndicator($0) },
            nextID: try state.nextRolloutID()
        )
        let move = ChannelMoved(
            model: release.model,
            channel: channel,
            from: live,
            to: release.number,
            how: decision.isOverridden ? .overridden : .promoted,
            decision: id,
            reason: reason,
            settled: false
        )
        return events + start.before + [.channelMoved(move)] + start.after
    }

    /// The release as a record, when the log does not hold it yet.
    func releaseRecord(by actor: String) throws -> ReleaseRecord {
        ReleaseRecord(
            ReleaseCreated(
                id: release,
                content: content
            ),
            digest: try content.digest(),
            createdBy: actor,
            createdAt: now
        )
    }

    private static func facts(
        _ release: ReleaseID,
        _ content: ReleaseContent,
        to channel: Name,
        live: Int?,
        budgets: [PolicyFacts.Budget],
        in state: CatalogState
    ) throws -> PolicyFacts {
        let version = try state.requireVersion(VersionID(release.model, content.version))
        let evidence = PromotionEvidence(of: release, live: live.map { ReleaseID(release.model, $0) })
        let policy = try state.policy(of: release.model, in: channel)
        return PolicyFacts(
            version: version.id,
            smoke: version.smoke.map { PolicyFacts.Smoke(result: $0, time: version.publishedAt) },
            card: version.card,
            canaries: try evidence.canaries(in: state),
            evaluations: try evidence.evaluations(in: state),
            live: live.map { ReleaseID(release.model, $0) },
            rejection: try PolicyFacts.Rejection(of: release, with: content, in: channel, state),
            budgets: budgets,
            hold: try state.hold(release.model, channel).map { PolicyFacts.Hold(reason: $0.reason, time: $0.at) },
            cannotRun: version.obstacles.isEmpty ? nil : version.obstacles,
            base: version.manifest.base?.version,
            canaryPlans: try evidence.plans(under: policy, in: state),
            absentSuites: try evidence.absentSuites(under: policy, in: state)
        )
    }
}
