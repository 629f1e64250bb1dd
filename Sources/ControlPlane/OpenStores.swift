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

    /// Opens a folder, made where it is not there.
    ///
    /// - Throws: the errors of the stores: folder in use, log damaged.
    init(_ url: URL) throws {
        folder = try DataFolder(at: url.path)
        blobs = BlobStore(folder)
        catalog = try Catalog.open(path: folder.catalog, failpoint: { Failpoint.hit($0) })
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
            throw ControlPlaneError(error)
        }
        secrets = try ServerSecrets(folder: folder.keys)
    }
}
