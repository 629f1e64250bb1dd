import Artifacts
import Catalog
import Digests
import Foundation
import TrafficLog

/// Everything of a data folder that is open while a server runs.
struct OpenStores: Sendable {
    let folder: DataFolder
    let blobs: BlobStore
    let catalog: Catalog
    let markers: LoadMarkers
    let servingMarkers: ServingMarkers
    let watchFiles: WatchFiles
    let alertFile: AlertFile
    let channelFile: ChannelFile
    let jobMarkers: JobMarkers
    let traffic: TrafficStore
    let rollups: RollupStore
    let secrets: ServerSecrets

    /// What was not there any more and was made anew, one line each.
    let notes: [String]

    /// Opens a folder, made where it is not there.
    ///
    /// - Parameter start: Told as soon as the folder is locked.
    /// - Throws: the errors of the stores: folder in use, log damaged or lost.
    static func open(_ url: URL, _ start: StartFolder?) async throws -> Self {
        let folder = try DataFolder(at: url.path)
        start?.isOwned()
        let remains = FolderRemains(of: folder)
        try remains.requireLogFile()
        let catalog = try Catalog.open(path: folder.catalog, failpoint: { Failpoint.hit($0) })
        let events = try await catalog.read { try $0.head().seq }
        try remains.requireEvents(events)
        return try Self(folder, catalog, notes: events == 0 ? [] : remains.lost)
    }

    private init(_ folder: DataFolder, _ catalog: Catalog, notes: [String]) throws {
        self.folder = folder
        self.catalog = catalog
        self.notes = notes
        let url = URL(filePath: folder.root)
        blobs = BlobStore(folder)
        markers = try LoadMarkers(folder: url)
        servingMarkers = try ServingMarkers(folder: url)
        watchFiles = try WatchFiles(folder: url)
        alertFile = AlertFile(folder: url)
        channelFile = ChannelFile(folder: url)
        jobMarkers = try JobMarkers(folder: url)
        do {
            traffic = try TrafficStore(folder: folder.root + "/traffic", failpoint: { Failpoint.hit($0) })
            rollups = try RollupStore(
                path: folder.root + "/rollups.db",
                mergeLatencies: RollupMerging.latencies,
                mergeDrift: RollupMerging.drift,
                failpoint: { Failpoint.hit($0) }
            )
        } catch let error as TrafficLogError {
            throw FolderCheck.isDamage(error)
                ? ControlPlaneError(.badData, error.description) : ControlPlaneError(error)
        }
        secrets = try ServerSecrets(folder: folder.keys)
    }
}
