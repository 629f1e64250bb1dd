import Artifacts
import Catalog
import Logging
import RegistryRecords
import RegistryTypes
import UserDocuments

/// The log as the parts of the control plane use it: they read one unchanging state, and append what they decide on it.
/// What is answered is on disk, and memory follows it.
struct Ledger: Sendable {
    /// Whether a change must be written even when the disk is full.
    enum Urgency: Sendable {
        /// It waits for room.
        case ordinary
        /// What happened: it gets what is kept back, but for the last part.
        case incident
        /// What takes a release or a person out: a rollback, the end of a hold, a key that is revoked.
        case move
    }

    private let catalog: Catalog
    private let reserve: Reserve
    private let follower: LogFollower
    private let keys: KeyCache
    private let logger: Logger
    private let chain: ChainVerification
    /// How many incidents are open.
    let openIncidents = OpenIncidentCount()
    /// The wall clock.
    let now: @Sendable () -> Timestamp

    /// - Parameters:
    ///   - reserve: Given up for a change that must be written even when the disk is full.
    ///   - follower: Told of each change of what is served before it is answered.
    ///   - keys: Forgotten when callers behind tokens may be others.
    init(
        _ catalog: Catalog,
        reserve: Reserve,
        follower: LogFollower,
        keys: KeyCache,
        logger: Logger,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.catalog = catalog
        self.reserve = reserve
        self.follower = follower
        self.keys = keys
        self.logger = logger
        chain = ChainVerification(catalog)
        self.now = now
    }

    /// Reads from one unchanging state of the log.
    ///
    /// - Parameter lane: Whose readers it takes: what a move or a sign-in waits for has some of its own.
    /// - Throws: What `body` throws; ``ControlPlaneError``.
    func read<Value: Sendable>(
        _ lane: ReadLane = .usual,
        _ body: @escaping @Sendable (CatalogState) throws -> Value
    ) async throws -> Value {
        do {
            return try await catalog.read(lane, body)
        } catch let error as CatalogError {
            throw ControlPlaneError(error)
        }
    }

    /// Makes the change that `command` decides, as `caller`.
    ///
    /// - Parameter urgency: Whether it must be written even when the disk is full.
    /// - Returns: The events and the answer, when they are on disk and memory has followed.
    /// - Throws: What `command` throws; ``ControlPlaneError``.
    @discardableResult
    func append<Answer: Sendable>(
        by caller: Caller,
        urgency: Urgency = .ordinary,
        _ command: @escaping @Sendable (CatalogState) throws -> Change<Answer>
    ) async throws -> Appended<Answer> {
        let appended = try await durably(urgency) {
            try await catalog.append(actor: caller.name.text, time: now(), command: command)
        }
        await follow(appended.events)
        return appended
    }

    /// Makes the change that `command` decides, once for each key of the caller.
    ///
    /// - Throws: What `command` throws; ``ControlPlaneError``.
    func append<Answer: Sendable>(
        by caller: Caller,
        once key: IdempotencyKey?,
        urgency: Urgency = .ordinary,
        _ command: @escaping @Sendable (CatalogState) throws -> Change<Answer>
    ) async throws -> AppendedOnce<Answer> {
        let appended = try await durably(urgency) {
            try await catalog.append(actor: caller.name.text, time: now(), idempotencyKey: key, command: command)
        }
        if case .now(let appended) = appended { await follow(appended.events) }
        return appended
    }

    /// Refuses to begin what ends in a change, where nothing is changed: what is done outside before it would be a lie.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `unavailable`.
    func requireChangeable() throws(ControlPlaneError) {
        if let loss = catalog.loss { throw ControlPlaneError(.logLost(loss)) }
    }

    /// Recomputes the hash of every entry, once for all who ask meanwhile.
    func verifyChain() async throws -> ChainReport {
        do {
            return try await chain.report()
        } catch let error as CatalogError {
            throw ControlPlaneError(error)
        }
    }

    /// Makes memory follow events that are on disk, where they change what is in it.
    private func follow(_ events: [LoggedEvent]) async {
        if events.contains(where: \.event.changesKeys) { keys.clear() }
        guard let last = events.last(where: \.event.changesServing) else { return }
        await follower.follow(to: last.seq)
    }

    /// Gives up a part of the reserve for a change that must be written; the last part is for moves and keys alone.
    private func giveUp(for urgency: Urgency) -> Bool {
        switch urgency {
        case .ordinary: false
        case .incident: reserve.giveUp(leavingLast: true)
        case .move: reserve.giveUp()
        }
    }

    private func durably<Value>(_ urgency: Urgency, _ write: () async throws -> Value) async throws -> Value {
        do {
            do {
                return try await write()
            } catch CatalogError.diskFull where giveUp(for: urgency) {
                logger.error("the disk is full: the reserve was given up, free some space now")
                return try await write()
            }
        } catch let error as CatalogError {
            throw ControlPlaneError(error)
        }
    }
}

extension RegistryEvent {
    /// Whether callers behind tokens may be others after this event.
    fileprivate var changesKeys: Bool {
        switch self {
        case .keyCreated, .keyRevoked: true
        default: false
        }
    }

    /// Whether a ``ServingState`` after this event may be another one.
    fileprivate var changesServing: Bool {
        switch self {
        case .channelMoved, .channelSettled, .rolloutStarted, .rolloutSettled, .rolloutReturned, .rolloutEnded,
            .releaseCrashed,
            .releaseRejected, .holdPlaced, .holdLifted, .versionQuarantined, .quarantineLifted, .driftBaselineSet:
            true
        case .documentApplied(let body):
            body.kind == .slo
        case .keyCreated, .keyRevoked, .versionPublished, .versionLineageAdded, .modelNamed, .promptPushed,
            .releaseCreated,
            .trafficImported, .requestLabelled, .canaryStarted, .canaryJudged, .canaryStopped, .evaluationStarted,
            .evaluationStopped,
            .evaluationFinished,
            .decisionRecorded, .incidentOpened,
            .incidentUpdated, .incidentNoted, .incidentClosed, .driftReported, .logAccepted:
            false
        }
    }
}
