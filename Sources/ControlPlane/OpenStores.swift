import Artifacts
import Catalog
import Digests
import Foundation
import RegistryTypes
import TrafficLog
import WireFormat

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
    /// What of it is to be said as long as the server runs.
    let notices: [StoreNotice]

    /// Opens a folder, made where it is not there.
    ///
    /// - Parameters:
    ///   - start: Told as soon as the folder is locked.
    ///   - now: The wall clock.
    /// - Throws: the errors of the stores: folder in use, log damaged or lost. Files of statistics are none of them.
    static func open(_ url: URL, _ start: StartFolder?, now: Timestamp) async throws -> Self {
        let folder = try DataFolder(at: url.path)
        start?.isOwned()
        let remains = FolderRemains(of: folder)
        let log = try await LogFile.open(folder, mending: .whole, failpoint: { Failpoint.hit($0) })
        let lost = [log.mended].compactMap(\.self) + remains.lost
        return try Self(folder, log.catalog, isNew: log.events == 0, lost: lost, now: now)
    }

    private init(
        _ folder: DataFolder,
        _ catalog: Catalog,
        isNew: Bool,
        lost missing: [String],
        now: Timestamp
    ) throws {
        self.folder = folder
        self.catalog = catalog
        let url = URL(filePath: folder.root)
        blobs = BlobStore(folder)
        markers = try LoadMarkers(folder: url)
        servingMarkers = try ServingMarkers(folder: url)
        watchFiles = try WatchFiles(folder: url)
        jobMarkers = try JobMarkers(folder: url)
        let aside = SetAside(root: folder.root, now: now)
        var lost: [String] = []
        lost += [AlertFile.unreadable(aside), ChannelFile.unreadable(aside)].compactMap { $0 }
        alertFile = AlertFile(folder: url)
        channelFile = ChannelFile(folder: url)
        do {
            traffic = try TrafficStore(folder: folder.root + "/traffic", failpoint: { Failpoint.hit($0) })
            rollups = try aside.opening(
                "rollups.db",
                loss: "the counts of the service levels begin anew, and with them their budgets",
                note: { lost.append($0) }
            ) {
                try RollupStore(
                    path: folder.root + "/rollups.db",
                    mergeLatencies: RollupMerging.latencies,
                    mergeDrift: RollupMerging.drift,
                    failpoint: { Failpoint.hit($0) }
                )
            }
        } catch let error as TrafficLogError {
            throw FolderCheck.isDamage(error)
                ? ControlPlaneError(.badData, error.description) : ControlPlaneError(error)
        }
        secrets = try ServerSecrets(folder: folder.keys) { lost.append($0) }
        // A new folder lost nothing.
        let before = isNew ? [] : missing
        let end: (notes: [String], notices: [StoreNotice]) = isNew ? ([], []) : Self.words(of: catalog.end)
        notes = before + lost + end.notes
        notices = (before + lost).map { StoreNotice(.passed, $0) } + end.notices
    }

    /// What is to be said of the end of the log. That it is shorter is said by who asks for it, as long as it is so.
    private static func words(of end: LogEnd) -> (notes: [String], notices: [StoreNotice]) {
        switch end {
        case .whole: return ([], [])
        case .firstKept: return (["the end of the log is kept a second time from now on, in serin.db.head"], [])
        case .headLost(let isDamaged):
            let text =
                "serin.db.head \(isDamaged ? "was damaged" : "was not there") and was made anew: whether events are missing at "
                + "the end of the log cannot be said"
            return (
                [text],
                [StoreNotice(.impaired, text, next: "compare the log with a copy of the folder, if there is one")]
            )
        case .headUnreadable(let reason):
            let text = "\(reason): whether events are missing at the end of the log cannot be said"
            // As long as it is so, it is said by who asks how the head is kept.
            return ([text], [])
        case .shorter(let acknowledged, let found), .rewritten(let acknowledged, let found):
            return ([StoreNotices.lost(LogLoss(acknowledged: acknowledged, found: found)).sentence], [])
        }
    }
}
