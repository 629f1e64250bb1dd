import Artifacts
import Catalog
import DurableFiles
import Foundation
public import Gateway
public import Logging
import RegistryTypes
import ReleaseRuntime
public import ServiceLifecycle
import TrafficLog
import WireFormat
import Wording

/// The only writer of the log: it puts the parts together that publish, decide, promote, watch, roll back, and run
/// canaries, evaluations and drift reports.
///
/// One instance owns one data folder. Each method of a part reads the state, decides purely, and appends events in one
/// transaction; what it answers was on disk before it answered.
public final class ControlPlane: Service {
    /// What the start found and the operator should know, one line each.
    public let startNotes: [String]
    /// What answers applications.
    public let gateway: Gateway
    /// Models, versions, releases, prompts, documents, blobs.
    public let registry: Registry
    /// Promotion, rollback, holds, decisions.
    public let channels: Channels
    /// Weights that are not loaded any more.
    public let quarantine: Quarantine
    /// Canaries and evaluations.
    public let experiments: Experiments
    /// Traffic sets, captured requests, single requests.
    public let traffic: Traffic
    /// Service levels.
    public let levels: Levels
    /// Rollouts.
    public let rollouts: Rollouts
    /// Incidents.
    public let incidents: Incidents
    /// Drift reports and their references.
    public let drift: Drift
    /// Keys.
    public let access: Access
    /// What a person looks at first.
    public let overview: Overview
    /// The log itself.
    public let audit: Audit

    let stores: OpenStores
    let loaded: LoadedReleases
    let queue: CaptureQueue
    let loop: WatchLoop

    private init(
        _ configuration: ControlPlaneConfiguration,
        stores: OpenStores,
        startNotes: [String],
        logger: Logger
    ) {
        self.startNotes = startNotes
        self.stores = stores
        let now = configuration.now
        let notices = StoreNotices(stores.catalog, stores.traffic)
        for notice in stores.notices { notices.add(notice) }
        let reserve = Reserve(stores.folder)
        let evidence = EvidenceStore(stores.blobs)

        // What answers, and what is counted and kept of it.
        let live = ForegroundLoad()
        let loaded = LoadedReleases(
            blobs: stores.blobs,
            markers: stores.markers,
            live: live,
            now: now,
            uptime: configuration.uptime
        )
        let tracker = ServiceLevelTracker(), watchTracker = WatchTracker(), recent = RecentRequests()
        let health = HealthMeter(), settling = SettlingTracker(stores.channelFile.read()),
            aggregator = DriftAggregator(live: live)
        let queue = CaptureQueue(store: stores.traffic, key: stores.secrets.redaction) { record, body in
            await aggregator.describe(record, body)
        }
        let running = RunningReleases(stores.servingMarkers, logger: logger)
        let recorder = TrafficRecorder(
            levels: tracker,
            watches: watchTracker,
            settling: settling,
            recent: recent,
            health: health,
            queue: queue,
            drift: aggregator,
            logger: logger
        )
        let deadlines = GatewayDeadlines(maxSeconds: configuration.maxDeadlineSeconds)
        let gateway = Gateway(
            GatewayConfiguration(
                deadlines: deadlines,
                unitKey: stores.secrets.units,
                now: now
            ),
            pinned: { [catalog = stores.catalog] in try await loaded.pinnedRoute($0, catalog, for: $1) },
            began: { running.began($0, $1) },
            record: { completed in
                running.ended(completed.record.id, ReleaseID(completed.record.model, completed.record.release))
                recorder.record(completed)
            }
        )
        self.loaded = loaded
        self.queue = queue
        self.gateway = gateway

        // What follows the log.
        let published = PublishedState(), keys = KeyCache(), unloaded = UnloadedReleases()
        let rollups = Rollups(store: stores.rollups, levels: tracker, drift: aggregator, logger: logger)
        let watches = RolloutWatches(
            tracker: watchTracker,
            files: stores.watchFiles,
            running: running,
            settling: settling,
            rollups: rollups,
            loads: stores.markers,
            logger: logger
        )
        let follower = LogFollower(
            stores.catalog,
            published: published,
            watches: watches,
            serving: Serving(
                gateway: gateway,
                releases: loaded,
                unloaded: unloaded,
                catalog: stores.catalog,
                logger: logger
            ),
            referenceModels: ReferenceModels(
                aggregator: aggregator,
                evidence: evidence,
                releases: loaded,
                logger: logger
            ),
            logger: logger,
            now: now
        )
        let ledger = Ledger(stores.catalog, reserve: reserve, follower: follower, keys: keys, logger: logger, now: now)

        let scrub = BlobScrub(blobs: stores.blobs, ledger: ledger, notices: notices, logger: logger)

        // The parts.
        let releases = Releases(ledger: ledger, published: published)
        let levels = Levels(ledger: ledger, tracker: tracker, rollups: rollups)
        let cards = ModelCards(blobs: stores.blobs)
        let sets = TrafficSetFiles(blobs: stores.blobs)
        let requests = CapturedRequests(
            ledger: ledger,
            traffic: stores.traffic,
            queue: queue,
            recorder: recorder,
            recent: recent,
            turns: LabelTurns(),
            keepDays: configuration.keepDays
        )
        self.levels = levels
        registry = Registry(
            uploads: Uploads(blobs: stores.blobs, found: { await scrub.found($0, $1) }),
            publishing: Publishing(ledger: ledger, blobs: stores.blobs, cards: cards, releases: loaded),
            models: Models(
                ledger: ledger,
                cards: cards,
                levels: tracker,
                releases: loaded,
                headers: ModelHeaders(blobs: stores.blobs)
            ),
            releases: releases,
            prompts: Prompts(
                ledger: ledger,
                rendering: PromptRendering(ledger: ledger, releases: loaded),
                deadlines: deadlines
            ),
            documents: Documents(ledger: ledger)
        )
        let quarantine = Quarantine(ledger: ledger, markers: stores.markers, follower: follower)
        self.quarantine = quarantine
        channels = Channels(
            ledger: ledger,
            releases: loaded,
            watches: watchTracker,
            levels: tracker,
            quarantine: quarantine
        )
        let progress = ProgressTracker()
        experiments = Experiments(
            ExperimentParts(
                ledger: ledger,
                evidence: evidence,
                sets: sets,
                choices: releases,
                releases: loaded,
                progress: progress,
                markers: stores.jobMarkers,
                running: RunningJobs(),
                signal: WorkSignal(),
                settings: ExperimentSettings(
                    folder: stores.folder,
                    build: configuration.build,
                    drawSeed: configuration.drawSeed,
                    retryPause: configuration.retryPause,
                    logger: logger
                )
            ),
            levels: tracker
        )
        traffic = Traffic(
            sets: TrafficSets(ledger: ledger, sets: sets, traffic: stores.traffic, queue: queue),
            requests: requests,
            answering: Answering(ledger: ledger, releases: loaded, requests: requests, deadlines: deadlines),
            readings: Readings(ledger: ledger, releases: loaded, sets: sets, live: live, now: now)
        )
        rollouts = Rollouts(ledger: ledger, tracker: watchTracker)
        incidents = Incidents(ledger: ledger, requests: requests)
        drift = Drift(
            ledger: ledger,
            evidence: evidence,
            traffic: stores.traffic,
            queue: queue,
            aggregator: aggregator
        )
        access = Access(ledger: ledger, cache: keys, deadlines: deadlines)
        overview = Overview(
            ledger: ledger,
            published: published,
            levels: tracker,
            rollups: rollups,
            health: health,
            settling: settling,
            watches: watchTracker,
            progress: progress,
            releases: loaded,
            unloaded: unloaded,
            requests: requests,
            gateway: gateway,
            reserve: reserve,
            notices: notices,
            build: configuration.build
        )
        audit = Audit(ledger: ledger)
        loop = WatchLoop(
            ledger: ledger,
            follower: follower,
            published: published,
            watcher: RolloutWatcher(ledger: ledger, watches: watches, logger: logger),
            settling: Settling(ledger: ledger, published: published, tracker: settling, logger: logger),
            alerts: AlertFollower(
                ledger: ledger,
                levels: tracker,
                recent: recent,
                file: stores.alertFile,
                logger: logger
            ),
            trafficReturn: TrafficReturn(ledger: ledger, levels: tracker, logger: logger),
            unloaded: UnloadedFollower(ledger: ledger, unloaded: unloaded, logger: logger),
            rollups: rollups,
            channelFile: stores.channelFile,
            maintenance: Maintenance(
                folder: stores.folder,
                blobs: stores.blobs,
                catalog: stores.catalog,
                traffic: stores.traffic,
                rollups: rollups,
                reserve: reserve,
                scrub: scrub,
                tables: TableWatch(catalog: stores.catalog, notices: notices, logger: logger),
                keepDays: configuration.keepDays,
                logger: logger,
                now: now,
                started: (now(), .now)
            ),
            gateway: gateway,
            logger: logger
        )
    }

    /// Takes over a data folder: locks it, opens the log, follows up weights that crashed the process before,
    /// and applies the shipped policies.
    ///
    /// - Parameter start: Told as soon as the folder is locked, so that a start that fails later can take back what it made.
    /// - Throws: ``ControlPlaneError``, and the errors of the store (folder in use, log damaged or lost).
    public static func open(
        _ configuration: ControlPlaneConfiguration,
        start: StartFolder? = nil,
        logger: Logger
    ) async throws -> ControlPlane {
        while true {
            do {
                return try await takeOver(configuration, start, logger: logger)
            } catch  where isFullDisk(error) && Reserve(root: configuration.folder.path).giveUp() {
                logger.error("the disk is full: the reserve was given up to start, free some space now")
            }
        }
    }

    private static func isFullDisk(_ error: any Error) -> Bool {
        switch error {
        case CatalogError.diskFull, TrafficLogError.diskFull, TrafficLogError.noRoom: true
        case let error as FileError: error.isFull
        case ArtifactsError.diskFull: true
        case ArtifactsError.system(_, _, let code): code == ENOSPC || code == EDQUOT
        case let error as ControlPlaneError: error.kind == .insufficientStorage
        default: false
        }
    }

    private static func takeOver(
        _ configuration: ControlPlaneConfiguration,
        _ start: StartFolder?,
        logger: Logger
    ) async throws -> ControlPlane {
        let stores = try await OpenStores.open(configuration.folder, start, now: configuration.now())
        try await FolderCheck.requireWholeChain(of: stores.catalog)
        var notes = stores.notes
        let compared = try await Takeover.tables(of: stores.catalog)
        notes += compared.map(\.text)
        // On a log from which something is missed nothing is written: what it says is served as it is.
        if stores.catalog.loss == nil { notes += try await Takeover(stores: stores, now: configuration.now()).run() }
        let plane = ControlPlane(configuration, stores: stores, startNotes: notes, logger: logger)
        for notice in compared { plane.overview.notices.add(notice) }
        try await plane.loop.follower.readFirst()
        // Counted before the first page asks.
        _ = try await plane.incidents.open()
        do {
            try await plane.loop.followLevels()
            try await plane.loop.rollups.takeUpLabels(stores.traffic, plane.traffic.requests.recorder)
        } catch {
            // Statistics: the levels are unknown until they can be read, and everything else goes on.
            let text = "what was counted before cannot be read: \(error)"
            logger.error("\(text)")
            plane.overview.notices.add(
                StoreNotice(.impaired, text, next: "\(NextStep.serverCheck) with --data, on a stopped server")
            )
        }
        return plane
    }

    /// Loads what channels point to, then runs canaries and evaluations until the server stops.
    public func run() async throws {
        loop.maintenance.collectOldUploads()
        await loop.takeUp()
        await withDiscardingTaskGroup { group in
            // The capture goes on while requests that were taken are finished, until ``close()``.
            group.addTask { await self.queue.run() }
            group.addTask {
                await cancelWhenGracefulShutdown {
                    await withDiscardingTaskGroup { group in
                        group.addTask { await self.loop.follower.load() }
                        group.addTask { await self.experiments.run() }
                        group.addTask { await self.loop.run() }
                    }
                }
                self.prepareToStop()
                await self.loaded.drain()
                self.queue.close()
            }
        }
    }

    /// Takes no more requests of applications, and says that an end from now on is an orderly one: whoever is impatient
    /// and kills a process that drains must not blame the release it ran.
    public func prepareToStop() {
        gateway.drain()
        loop.watcher.watches.endMarkers()
    }

    /// Waits for weights that are being loaded and writes what is still in memory, then closes the log after the
    /// commands that were taken.
    public func close() async throws {
        // A process that ends while weights load would count against them at its next start.
        await traffic.readings.close()
        await loaded.close()
        await queue.flush()
        await loop.flush()
        await stores.traffic.close()
        try? stores.rollups.close()
        // The process ends in an orderly way: no release crashed it.
        loop.watcher.watches.endMarkers()
        try await stores.catalog.close()
    }
}
