import Artifacts
import Catalog
import Digests
import Foundation
public import Gateway
public import Logging
import PolicyFiles
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import Replay
public import ServiceLifecycle
import Synchronization
import TrafficLog

/// The only writer of the log: publishes, decides, promotes, watches, rolls back, and runs canaries, evaluations and
/// drift reports.
///
/// One instance owns one data folder. Each method reads the state, decides purely, and appends events in one
/// transaction; what it answers was on disk before it answered.
public final class ControlPlane: Service {
    /// What the start found and the operator should know, one line each.
    public let startNotes: [String]
    /// What answers applications.
    public let gateway: Gateway

    let configuration: ControlPlaneConfiguration
    let folder: DataFolder
    let blobs: BlobStore
    let catalog: Catalog
    let markers: LoadMarkers
    let releases: LoadedReleases
    let canaryBoard: ProgressTracker<CanaryID>
    let canaryBell = WorkSignal()
    let evaluationBoard: EvaluationQueue
    let evaluationBell = WorkSignal()
    let routing: Mutex<RoutingTable>
    let keyCache = KeyCache()
    let logger: Logger

    /// The log entry that the gateway's routes were read at.
    let servedAsOf = Mutex(0)
    /// What live requests are being answered, for everything that leaves them the processor.
    let live: LiveLoad
    let levels = ServiceLevelTracker()
    let watchBoard = WatchTracker()
    let watchFiles: WatchFiles
    let servingMarkers: ServingMarkers
    let recent = RecentRequests()
    let health = HealthMeter()
    let traffic: TrafficStore
    let rollups: RollupStore
    let captureQueue: CaptureQueue
    let recorder: LiveRecorder
    let reserve: Reserve
    /// When this process took the folder over, by the wall clock and by the one that only runs forward.
    let started: (time: Timestamp, instant: ContinuousClock.Instant)
    /// The alerts that stood at the last step.
    let alerts = Mutex<[AlertKey: StandingAlert]>([:])
    /// The documents that the service levels were last made from.
    let documentsInForce = Mutex<[Digest]>([])
    let drift: DriftAggregator

    private init(
        configuration: ControlPlaneConfiguration,
        stores: OpenStores,
        startNotes: [String],
        logger: Logger
    ) {
        self.configuration = configuration
        self.startNotes = startNotes
        self.logger = logger
        started = (configuration.now(), .now)
        folder = stores.folder
        blobs = stores.blobs
        catalog = stores.catalog
        markers = stores.markers
        watchFiles = stores.watchFiles
        servingMarkers = stores.servingMarkers
        traffic = stores.traffic
        rollups = stores.rollups
        reserve = Reserve(stores.folder)
        let live = LiveLoad()
        self.live = live
        let releases = LoadedReleases(blobs: blobs, markers: markers, live: live, now: configuration.now)
        self.releases = releases
        let drift = DriftAggregator(live: live)
        self.drift = drift
        captureQueue = CaptureQueue(store: traffic, key: stores.secrets.redaction) { record, body in
            await drift.describe(record, body)
        }
        let recorder = LiveRecorder(
            levels: levels,
            watches: watchBoard,
            recent: recent,
            health: health,
            queue: captureQueue,
            drift: drift,
            logger: logger
        )
        self.recorder = recorder
        gateway = Gateway(
            GatewayConfiguration(unitKey: stores.secrets.units, now: configuration.now),
            pinned: { [catalog] in try await ControlPlane.pinnedRoute($0, catalog, releases) },
            record: { recorder.record($0) }
        )
        canaryBoard = ProgressTracker()
        evaluationBoard = EvaluationQueue()
        routing = Mutex(.empty)
    }

    /// Takes over a data folder: locks it, opens the log, quarantines weights that killed the process before,
    /// and applies the shipped policies.
    ///
    /// - Throws: ``ControlPlaneError``, and the errors of the store (folder in use, log damaged).
    public static func open(_ configuration: ControlPlaneConfiguration, logger: Logger) async throws -> ControlPlane {
        do {
            return try await takeOver(configuration, logger: logger)
        } catch  where isFullDisk(error) && Reserve(root: configuration.folder.path).giveUp() {
            logger.error("the disk is full: the reserve was given up to start, free some space now")
            return try await takeOver(configuration, logger: logger)
        }
    }

    private static func isFullDisk(_ error: any Error) -> Bool {
        switch error {
        case CatalogError.diskFull, TrafficLogError.diskFull, TrafficLogError.noRoom: true
        case let error as ControlPlaneError: error.kind == .insufficientStorage
        default: false
        }
    }

    private static func takeOver(
        _ configuration: ControlPlaneConfiguration,
        logger: Logger
    ) async throws -> ControlPlane {
        let stores = try OpenStores(configuration.folder)
        let now = configuration.now()
        var notes = try await Self.recordCrashes(stores.servingMarkers, catalog: stores.catalog, now: now)
        notes += try await Self.followLoadMarkers(stores, now: now)
        try await Self.applyShippedDocuments(stores.catalog, now: now)
        let plane = ControlPlane(configuration: configuration, stores: stores, startNotes: notes, logger: logger)
        try await plane.refreshRouting()
        try await plane.followDocuments(now: now)
        return plane
    }

    /// Loads what channels point to, then runs canaries and evaluations until the server stops.
    public func run() async throws {
        collectOldUploads()
        // What must go back because it killed the process goes back before it is loaded again.
        await resumeRollouts()
        await withDiscardingTaskGroup { group in
            // The capture goes on while requests that were taken are finished, until ``close()``.
            group.addTask { await self.captureQueue.run() }
            group.addTask {
                await cancelWhenGracefulShutdown {
                    await withDiscardingTaskGroup { group in
                        group.addTask { await self.loadChannels() }
                        group.addTask { await self.runCanaries() }
                        group.addTask { await self.runEvaluations() }
                        group.addTask { await self.watch() }
                    }
                }
                self.prepareToStop()
                await self.releases.drain()
                self.captureQueue.close()
            }
        }
    }

    /// Takes no more requests of applications, and says that an end from now on is an orderly one: whoever is impatient
    /// and kills a process that drains must not blame the release it ran.
    public func prepareToStop() {
        gateway.drain()
        try? servingMarkers.keep([])
    }

    /// Waits for weights that are being loaded and writes what is still in memory, then closes the log after the
    /// commands that were taken.
    public func close() async throws {
        // A process that ends while weights load would quarantine them at its next start.
        await releases.close()
        await captureQueue.flush()
        await flushRollups()
        await traffic.close()
        try? rollups.close()
        // The process ends in an orderly way: no release killed it.
        try? servingMarkers.keep([])
        try await catalog.close()
    }

    /// Removes parts of uploads that nobody went on with for a week.
    private func collectOldUploads() {
        let weekAgo = configuration.now().adding(seconds: -7 * 86_400)
        do {
            let names = try blobs.collectStaging(before: weekAgo.milliseconds / 1000)
            if !names.isEmpty { logger.info("old uploads removed", metadata: ["count": "\(names.count)"]) }
        } catch {
            logger.warning("old uploads cannot be removed", metadata: ["error": "\(error)"])
        }
    }

    /// Reads what every channel means and makes it what ``resolve(_:)`` answers.
    func refreshRouting() async throws {
        let table = try await read { state in
            let entries = try state.channels().map { channel in
                try Self.resolution(
                    of: Reference(model: channel.model, selector: .channel(channel.channel)),
                    release: ReleaseID(channel.model, channel.release),
                    channel: channel.channel,
                    in: state
                )
            }
            return RoutingTable(head: try state.head().seq, entries: entries)
        }
        routing.withLock { current in
            if table.head >= current.head { current = table }
        }
    }

    /// Appends what `command` decides, as `caller`; answers when it is on disk.
    ///
    /// - Parameter isUrgent: It must be written even when the disk is full: the reserve is given up for it.
    func append(
        by caller: Caller,
        idempotencyKey: IdempotencyKey? = nil,
        isUrgent: Bool = false,
        _ command: @escaping @Sendable (CatalogState) throws -> [RegistryEvent]
    ) async throws -> [Event] {
        let events: [Event]
        do {
            events = try await write(by: caller, idempotencyKey, command)
        } catch CatalogError.diskFull where isUrgent && reserve.giveUp() {
            logger.error("the disk is full: the reserve was given up, free some space now")
            do {
                events = try await write(by: caller, idempotencyKey, command)
            } catch let error as CatalogError {
                throw ControlPlaneError(error)
            }
        } catch let error as CatalogError {
            throw ControlPlaneError(error)
        }
        if events.contains(where: { $0.kind == "key.created" || $0.kind == "key.revoked" }) { keyCache.clear() }
        if events.contains(where: { $0.kind == "channel.moved" || $0.kind.hasPrefix("rollout.") }) {
            await followMove()
        }
        return events
    }

    private func write(
        by caller: Caller,
        _ idempotencyKey: IdempotencyKey?,
        _ command: @escaping @Sendable (CatalogState) throws -> [RegistryEvent]
    ) async throws -> [Event] {
        try await catalog.append(
            actor: caller.name.text,
            time: configuration.now(),
            idempotencyKey: idempotencyKey,
            command: command
        )
    }

    /// Reads from one unchanging state of the log.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (CatalogState) throws -> Value
    ) async throws -> Value {
        do {
            return try await catalog.read(body)
        } catch let error as CatalogError {
            throw ControlPlaneError(error)
        }
    }

    /// Makes memory follow a move that is on disk. The move stands whatever happens here.
    private func followMove() async {
        // A task of its own, waited for here: a caller that goes away after the commit must not leave the release
        // before the move answering.
        await Task {
            do {
                try await refreshRouting()
            } catch {
                logger.error("channels cannot be read after a move", metadata: ["error": "\(error)"])
                // Without a table every question is answered from the log.
                routing.withLock { $0 = RoutingTable(head: $0.head, entries: []) }
            }
            await refreshServing()
            await keepLoaded()
            await followReferenceModels()
        }.value
    }
}
