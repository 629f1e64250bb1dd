import Artifacts
import Catalog
import Digests
import Foundation
public import Logging
import PolicyFiles
import RegistryTypes
import Replay
public import ServiceLifecycle
import Synchronization
import TrafficLog

/// The only writer of the log: publishes, decides, promotes, rolls back, and runs canaries and evaluations.
///
/// One instance owns one data folder. Each method reads the state, decides purely, and appends events in one
/// transaction; what it answers was on disk before it answered.
public final class ControlPlane: Service {
    /// What the start found and the operator should know, one line each.
    public let startNotes: [String]

    let configuration: ControlPlaneConfiguration
    let folder: DataFolder
    let blobs: BlobStore
    let catalog: Catalog
    let markers: LoadMarkers
    let releases: LoadedReleases
    let canaryBoard: WorkBoard<CanaryID>
    let canaryBell = Doorbell()
    let evaluationBoard: EvaluationBoard
    let evaluationBell = Doorbell()
    let routing: Mutex<RoutingTable>
    let keyCache = KeyCache()
    let logger: Logger

    private init(
        configuration: ControlPlaneConfiguration,
        folder: DataFolder,
        blobs: BlobStore,
        catalog: Catalog,
        markers: LoadMarkers,
        startNotes: [String],
        logger: Logger
    ) {
        self.configuration = configuration
        self.folder = folder
        self.blobs = blobs
        self.catalog = catalog
        self.markers = markers
        self.startNotes = startNotes
        self.logger = logger
        releases = LoadedReleases(blobs: blobs, markers: markers, now: configuration.now)
        canaryBoard = WorkBoard()
        evaluationBoard = EvaluationBoard()
        routing = Mutex(.empty)
    }

    /// Takes over a data folder: locks it, opens the log, quarantines weights that killed the process before,
    /// and applies the shipped policies.
    ///
    /// - Throws: ``ControlPlaneError``, and the errors of the store (folder in use, log damaged).
    public static func open(_ configuration: ControlPlaneConfiguration, logger: Logger) async throws -> ControlPlane {
        let folder = try DataFolder(at: configuration.folder.path)
        let blobs = BlobStore(folder)
        let catalog = try Catalog.open(path: folder.catalog, failpoint: { Failpoint.hit($0) })
        let markers = try LoadMarkers(folder: configuration.folder)
        var notes: [String] = []
        for marker in try markers.unfinished() {
            // First the log, then the marker: a process that ends in between does it again at its next start.
            notes.append(try await Self.quarantine(marker, catalog: catalog, now: configuration.now()))
            try markers.quarantine(marker)
        }
        try await Self.applyShippedPolicies(catalog, now: configuration.now())
        let plane = ControlPlane(
            configuration: configuration,
            folder: folder,
            blobs: blobs,
            catalog: catalog,
            markers: markers,
            startNotes: notes,
            logger: logger
        )
        try await plane.refreshRouting()
        return plane
    }

    /// Loads what channels point to, then runs canaries and evaluations until the server stops.
    public func run() async throws {
        collectOldUploads()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.loadChannels() }
                group.addTask { await self.runCanaries() }
                group.addTask { await self.runEvaluations() }
            }
        }
    }

    /// Waits for weights that are being loaded, then closes the log after the commands that were taken.
    public func close() async throws {
        // A process that ends while weights load would quarantine them at its next start.
        await releases.close()
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
    func append(
        by caller: Caller,
        idempotencyKey: IdempotencyKey? = nil,
        _ command: @escaping @Sendable (CatalogState) throws -> [RegistryEvent]
    ) async throws -> [Event] {
        let events: [Event]
        do {
            events = try await catalog.append(
                actor: caller.name.text,
                time: configuration.now(),
                idempotencyKey: idempotencyKey,
                command: command
            )
        } catch let error as CatalogError {
            throw ControlPlaneError(error)
        }
        if events.contains(where: { $0.kind == "key.created" || $0.kind == "key.revoked" }) { keyCache.clear() }
        if events.contains(where: { $0.kind == "channel.moved" }) { await followMove() }
        return events
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
            await keepLoaded()
        }.value
    }
}
