public import Digests
public import Foundation
public import RegistryRecords
public import RegistryTypes
import StrictJSON
public import UserDocuments

/// The watch over a release that came into a channel: a value that is moved by observations, about one each second, and
/// says what to do. It reads no clock and touches nothing; the same observations give the same actions.
///
/// From `probation` it ends in one of five ways, and never begins again:
///
/// | end | by |
/// | --- | --- |
/// | settled | the time of the probation has passed, nothing burns, and the release has answered enough |
/// | returned | a trigger of the policy, the second crash of the process, or the second in a row while it loaded |
/// | rolledBack, aborted | a person, at any moment, also while a return or a settling is on its way to the log |
/// | superseded | a newer promotion |
///
/// What fires, in this order: two crashes of the process, or two in a row while the release was loaded; engine failures; a service level that is worse than under the
/// release before (`worseThanPrevious`); a service level that burns. Where a share is held back, a burn returns the
/// release only when the comparison says that the release is the cause: at the start of an incident that hits both, the
/// smaller share often had no bad event yet, so that it "does not burn" proves nothing. Until then the burn is reported
/// and settling waits. Without a held-back share, or when none of its traffic came, the burn alone decides.
///
/// The policy's `error` is kept by all comparisons together: each needs evidence of `comparisons / error`.
///
/// No data are not bad, and not good: a release without traffic is neither returned nor settled. The watch goes on until it
/// has answered, a person takes it back, or a newer promotion comes.
public struct RolloutWatch: Hashable, Sendable, Codable {
    /// The rollout.
    public let rollout: RolloutID
    /// The release that is watched.
    public let release: ReleaseID
    /// The last settled release; nil when there is none to go back to.
    public let from: Int?
    /// How long it is watched, in seconds.
    public let probationSeconds: Double
    /// The share that stays on `from`.
    public let holdback: Double
    /// What takes it back.
    public let triggers: [RollbackTrigger]

    /// Where the watch is.
    public internal(set) var state: RolloutState = .probation
    /// How long it was watched so far: time between observations of one process, whatever the wall clock did.
    public internal(set) var watchedSeconds = 0.0
    /// What both releases answered since the promotion.
    public internal(set) var requests = ArmCounts()
    /// How often the server process ended while it ran the release.
    public internal(set) var crashes: Int
    /// How many processes in a row ended while they loaded the release; not stored, each process finds it again.
    public internal(set) var loadCrashes = 0
    /// Its answers that say how it serves; nil for a checkpoint of a build that counted every answer.
    var served: EventCounts?
    /// What both releases did, for people; nil for a checkpoint of a build that did not keep it.
    var tallies: ArmTallies?

    var levels: [LevelWatch]
    /// Engine failures of both releases, over their requests.
    var engine = ArmComparison()
    var firstEngineFailureAt: Timestamp?
    var split = SplitCheck()
    /// A decision to return that the log does not hold yet. It stays decided, unless a person decides otherwise.
    var decided: RolloutCause?
    /// What was reported last of each family, so that it is reported once.
    var reported: [String: BurnCause] = [:]
    var reportCount = 0
    var hasReportedWaiting = false
    var hasReportedCrash = false
    /// The clock at the last observation of this process; not stored.
    var lastMonotonicSeconds: Double?

    private enum CodingKeys: String, CodingKey {
        case rollout, release, from, probationSeconds, holdback, triggers, state, watchedSeconds, requests, served,
            tallies
        case levels, engine, firstEngineFailureAt, split, decided, reported, reportCount, hasReportedWaiting
        case crashes = "deaths"
        case hasReportedCrash = "hasReportedDeath"
    }

    /// The watch of a rollout from its start.
    ///
    /// - Parameter rollout: As the log has it, still in probation.
    public init(_ rollout: RolloutRecord) {
        self.rollout = rollout.id
        release = rollout.release
        from = rollout.from
        probationSeconds = rollout.probationSeconds
        holdback = rollout.from == nil ? 0 : rollout.holdback
        triggers = rollout.triggers
        crashes = rollout.crashes
        state = rollout.state
        levels = rollout.indicators.map { LevelWatch($0) }
    }

    /// What both releases did since the promotion, for people.
    public var seen: ArmTallies { tallies ?? earlierTallies }

    /// What a checkpoint without tallies says of both.
    var earlierTallies: ArmTallies {
        var known = ArmTallies()
        known.candidate.requests = requests.candidate.valid
        known.candidate.failed = requests.candidate.bad
        known.heldBack.requests = requests.heldBack.valid
        known.heldBack.failed = requests.heldBack.bad
        return known
    }

    /// A service level counts as `definition` says from now on. Where it counted in another way before, what was seen of
    /// it is no evidence any more.
    public mutating func begin(_ level: Name, as definition: Digest) {
        for index in levels.indices where levels[index].indicator.name == level { levels[index].begin(as: definition) }
    }

    /// Events of a service level since the promotion; nil when it is not watched.
    public func counts(of level: Name) -> ArmCounts? { levels.first { $0.indicator.name == level }?.counts }

    /// Engine failures since the promotion.
    public var engineFailures: (candidate: Int, heldBack: Int) {
        (engine.totals.candidate.bad, engine.totals.heldBack.bad)
    }

    /// ln of the evidence at which a service level convicts the release.
    func evidenceLimit(for degradation: Degradation?) -> Double {
        log(Double(comparisonCount) / errorRate(for: degradation))
    }

    /// The error the policy allows where it names none.
    private static let usualError = 0.01

    private func errorRate(for degradation: Degradation?) -> Double {
        let named: [(what: String, error: Double)] = triggers.compactMap {
            if case .worseThanPrevious(let what, let error) = $0 { (what, error) } else { nil }
        }
        let own = named.first { $0.what == degradation?.rawValue }?.error
        let error = own ?? named.map(\.error).min() ?? Self.usualError
        return error > 0 && error < 1 ? error : Self.usualError
    }

    /// Comparisons that can return the release: fixed by the policy and the levels at the start.
    private var comparisonCount: Int {
        let hasBurn = triggers.contains { if case .burn = $0 { true } else { false } }
        let hasEngine = triggers.contains { if case .engineFailures = $0 { true } else { false } }
        let compared = levels.count { hasBurn || isNamed($0.indicator.degradation) }
        return max(1, compared + (hasEngine ? 1 : 0))
    }

    /// So many processes in a row ended while they loaded the release, before this one.
    public mutating func note(loadCrashes count: Int) { loadCrashes = count }

    /// Whether the policy asks that `degradation` is not worse than under the release before.
    func isNamed(_ degradation: Degradation?) -> Bool {
        triggers.contains {
            if case .worseThanPrevious(let what, _) = $0 { what == degradation?.rawValue } else { false }
        }
    }

    /// How many engine failures return the release; nil when the policy does not say.
    var engineLimit: Int? {
        triggers.compactMap { if case .engineFailures(let count) = $0 { count } else { nil } }.min()
    }
}

/// A watch is stored as one small document, after each step that matters, so that a restart goes on where it was. What
/// happened after the last checkpoint is not counted; that is allowed, because evidence may leave out steps as long as
/// nobody chooses them by their outcome.
extension RolloutWatch {
    /// The bytes to store.
    ///
    /// - Throws: `EncodingError`.
    public func checkpoint() throws -> Data { try CanonicalJSON.encode(self) }

    /// The watch as it was stored, with the crashes that the log knows of.
    ///
    /// - Throws: ``RolloutRulesError``; ``init(_:)`` begins anew with what the log knows then.
    public init(_ rollout: RolloutRecord, checkpoint: Data) throws(RolloutRulesError) {
        guard let stored = try? CanonicalJSON.decode(RolloutWatch.self, from: checkpoint),
            stored.watchedSeconds.isFinite, stored.watchedSeconds >= 0
        else { throw .unreadableCheckpoint(rollout.id) }
        let fresh = RolloutWatch(rollout)
        guard stored.rollout == fresh.rollout, stored.release == fresh.release, stored.from == fresh.from,
            stored.probationSeconds == fresh.probationSeconds, stored.holdback == fresh.holdback,
            stored.triggers == fresh.triggers, stored.levels.map(\.indicator) == rollout.indicators
        else { throw .foreignCheckpoint(rollout.id) }
        self = stored
        state = rollout.state
        crashes = max(stored.crashes, rollout.crashes)
    }
}

/// What is wrong with a stored watch.
public enum RolloutRulesError: Error, Equatable, Sendable {
    /// The bytes are not a stored watch.
    case unreadableCheckpoint(RolloutID)
    /// The stored watch is of another rollout, or of one with another policy.
    case foreignCheckpoint(RolloutID)
}

extension RolloutRulesError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadableCheckpoint(let id):
            "stored watch of rollout \(id) cannot be read: the watch begins again with what the log knows"
        case .foreignCheckpoint(let id):
            "stored watch is not of rollout \(id) as the log has it: the watch begins again with what the log knows"
        }
    }
}
