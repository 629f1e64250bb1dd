import Artifacts
import Catalog
import Foundation
import Wording

/// Opens the log of a data folder, which must not have been lost: a new one would make everything else nobody's. One with
/// damaged pages is made again where all its events can be read.
enum LogFile {
    /// What is done about damaged pages.
    enum Mending: Equatable {
        /// They are said.
        case never
        /// The file is made again where nothing is lost with it.
        case whole
        /// It is made again from what can be read where that ends with this event: a person took it.
        case upTo(Int)
    }

    /// A log that is open.
    struct Opened {
        let catalog: Catalog
        /// The number of its last event.
        let events: Int
        /// What was made again, in words; nil for a file that was as it should be.
        let mended: String?
    }

    /// Opens the log of a folder that this process has locked.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData` for a log that is lost or damaged; `CatalogError`.
    static func open(
        _ folder: DataFolder,
        mending: Mending,
        failpoint: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> Opened {
        var mended = try DamagedLog.finishRemaking(folder.catalog).map { "it is \($0) now" }
        let remains = FolderRemains(of: folder)
        try remains.requireLogFile()
        let catalog: Catalog
        do {
            catalog = try Catalog.open(path: folder.catalog, failpoint: failpoint)
        } catch CatalogError.damaged(let path, let why) {
            mended = try mend(path, why, mending)
            catalog = try Catalog.open(path: folder.catalog, failpoint: failpoint)
        }
        let events = try await catalog.read { try $0.head().seq }
        try remains.requireEvents(events)
        return Opened(
            catalog: catalog,
            events: events,
            mended: mended.map {
                "serin.db was damaged and was made again from its \(NumberText.count(events, "event")): \($0)"
            }
        )
    }

    /// Makes a damaged file again where that is meant.
    ///
    /// - Returns: What was wrong and where it is now.
    /// - Throws: ``ControlPlaneError`` of kind `badData` where it is not.
    static func mend(_ path: String, _ why: String, _ mending: Mending) throws -> String {
        let log = try readable(path, why)
        let isMeant =
            switch mending {
            case .never: false
            case .whole: log.isComplete
            case .upTo(let event): log.readable.seq == event && event > 0
            }
        guard isMeant else { throw refusal(of: log) }
        let place = try log.remake()
        return line(why) + (place.map { "; it is \($0) now" } ?? "")
    }

    /// What can still be read of a damaged file.
    ///
    /// - Parameter shown: where it is, as people know it; nil where it is read.
    /// - Throws: ``ControlPlaneError`` of kind `badData` for one of which not even the tables can be found.
    static func readable(_ path: String, _ why: String, at shown: String? = nil) throws -> DamagedLog {
        do { return try DamagedLog(path, why: why) } catch CatalogError.damaged(_, let reason) {
            throw ControlPlaneError(
                .badData,
                "\(shown ?? path) is damaged: \(line(why))",
                why: "none of its events can be read: \(line(reason))",
                next: "put back a copy of the folder from before"
            )
        }
    }

    /// Why a damaged file is not used as it is, and the way on.
    ///
    /// - Parameter path: Where it is, as people know it; nil where it was read.
    static func refusal(of log: DamagedLog, at path: String? = nil) -> ControlPlaneError {
        let title = "\(path ?? log.path) is damaged: \(line(log.why))"
        if log.isComplete {
            return ControlPlaneError(
                .badData,
                title,
                why:
                    "all its \(NumberText.count(log.readable.seq, "event")) can be read, and everything else in it is made from them",
                next: "\(.serverRebuild) with --data makes the file again, and so does the start of a server"
            )
        }
        let acknowledged =
            log.acknowledged.map { ", and #\($0.seq) was acknowledged" } ?? ", and what was acknowledged is not known"
        guard log.readable.seq > 0 else {
            return ControlPlaneError(
                .badData,
                title,
                why: "none of its events can be read\(acknowledged)",
                next: "put back a copy of the folder from before"
            )
        }
        return ControlPlaneError(
            .badData,
            title,
            why: "its events can be read up to #\(log.readable.seq)\(acknowledged)",
            next:
                "put back a copy of the folder from before, or take what can be read: \(.serverLogAccept(event: log.readable.seq)) --data FOLDER"
        )
    }

    /// What SQLite says of a page, as one line.
    private static func line(_ why: String) -> String {
        why.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("***") }
            .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    }
}
