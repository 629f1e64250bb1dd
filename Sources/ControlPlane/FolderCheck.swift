import Artifacts
import Catalog
import Digests
public import Foundation
import RegistryRecords
public import RegistryTypes
import TrafficLog
import Wording

/// The offline verbs: a data folder that no server uses is checked, or its tables are made again from the log.
public enum FolderCheck {
    /// Checks the database, the hash chain, every blob's bytes, and that channels point to what is there. Nothing of it is
    /// changed.
    ///
    /// - Throws: the errors of the store when the folder cannot be opened at all (in use, not a data folder).
    public static func check(_ url: URL) async throws -> CheckReport {
        guard DataFolder.refusal(url.path) == nil else { return try await ReadOnlyCheck.run(url) }
        let folder = try DataFolder(at: url.path)
        let report = try await ReadOnlyCheck.run(URL(filePath: folder.root))
        // No server may begin to write meanwhile.
        withExtendedLifetime(folder) {}
        return report
    }

    /// Looks at everything in a folder.
    ///
    /// - Parameters:
    ///   - catalog: its log, or a copy of that.
    ///   - headProblem: why the head beside the log could not be copied with it; nil where it was.
    static func report(
        _ folder: DataFolder,
        _ catalog: Catalog,
        headProblem: String?
    ) async throws -> CheckReport {
        let blobs = BlobStore(folder)
        var items: [CheckReport.Item] = []

        let integrity = try await catalog.checkIntegrity()
        items.append(
            CheckReport.Item(
                name: "database",
                isClean: integrity.isIntact,
                detail: "SQLite \(integrity.sqliteVersion)",
                problems: integrity.damage + integrity.dangling
            )
        )
        let chain = try await catalog.verifyChain()
        items.append(
            CheckReport.Item(
                name: "log",
                isClean: chain.isIntact,
                detail: "\(NumberText.count(chain.intact, "event")) in an unbroken chain",
                problems: chain.firstBad.map { ["event #\($0.seq): \($0.fault)"] } ?? []
            )
        )
        items.append(headItem(headProblem.map { .headUnreadable(reason: $0) } ?? catalog.end))
        items.append(try await tableItem(catalog))
        items.append(try await blobItem(blobs, catalog))
        items.append(try await channelItem(catalog))
        return CheckReport(items: items)
    }

    /// Drops the tables and makes them again from the log.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData` for a log that is not whole: what was forged in it must not come in force.
    public static func rebuild(_ url: URL) async throws -> RebuildSummary {
        let folder = try DataFolder(at: url.path)
        var log = try await LogFile.open(folder, mending: .whole)
        var differences: [String] = []
        // The pages of a large file are not read when it is opened.
        if let problem = try await log.catalog.damagedPage() {
            try await log.catalog.close()
            differences = ["serin.db was damaged: " + (try LogFile.mend(folder.catalog, problem, .whole))]
            log = try await LogFile.open(folder, mending: .never)
        }
        try await requireWholeLog(of: log.catalog)
        let report = try await log.catalog.rebuild()
        try await log.catalog.close()
        // The lock is held until the tables are on disk.
        withExtendedLifetime(folder) {}
        differences = [log.mended].compactMap(\.self) + differences + report.differences
        return RebuildSummary(
            events: report.events,
            rows: report.tables.map(\.rows).reduce(0, +),
            isEqual: report.isEqual && differences.isEmpty,
            changedTables: report.tables.filter { !$0.isEqual }.map(\.name),
            differences: differences
        )
    }

    /// Takes a log as it is, from which events that were acknowledged are missed.
    ///
    /// - Parameters:
    ///   - event: The number of its last event, so that it is this log that is meant.
    ///   - reason: Why, for the log.
    /// - Returns: What is missed from now on, and the event that says so.
    /// - Throws: ``ControlPlaneError``: `conflict` where nothing is missed or the log ends elsewhere.
    public static func acceptLog(
        _ url: URL,
        event: Int,
        reason: String,
        now: Timestamp
    ) async throws -> LogAcceptance {
        let reason = try Remark.check(reason, called: "reason")
        let (folder, log) = try await open(url, mending: .upTo(event))
        let catalog = log.catalog
        try await requireWholeChain(of: catalog)
        // A damaged file that was made again as far as it could be read, where nobody knows how far it went.
        let unknown = try await log.mended == nil ? nil : catalog.read { LogLoss(unknownAfter: try $0.head()) }
        guard let loss = catalog.loss ?? unknown else {
            throw ControlPlaneError(
                .conflict,
                "nothing is missed at the end of the log",
                why: "it holds the event that was acknowledged last",
                next: "\(.serverCheck) with --data says how the folder is"
            )
        }
        guard loss.found.seq == event else {
            throw ControlPlaneError(
                .conflict,
                "the log ends at event #\(loss.found.seq), not at #\(event)",
                why: loss.title,
                next: StoreNotices.next(loss)
            )
        }
        catalog.acceptLoss()
        let accepted = LogAccepted(
            acknowledged: loss.acknowledged.seq,
            acknowledgedHash: loss.acknowledged.hash,
            found: loss.found.seq,
            reason: reason
        )
        let entries = try await catalog.append(actor: Caller.offline.name.text, time: now) { _ in
            [.logAccepted(accepted)]
        }
        try await catalog.close()
        withExtendedLifetime(folder) {}
        return LogAcceptance(
            event: entries.last?.entry.seq ?? event + 1,
            acknowledged: accepted.acknowledged,
            found: accepted.found
        )
    }

    /// Removes what nothing refers to and nobody asked for in the last `hours`, and unfinished uploads as old.
    ///
    /// - Throws: ``ControlPlaneError`` of kind `badData`, with nothing removed, when log or tables are not whole.
    public static func collect(_ url: URL, hours: Int, now: Timestamp) async throws -> CollectionSummary {
        let (folder, log) = try await open(url)
        let catalog = log.catalog
        let collection = BlobCollection(blobs: BlobStore(folder), catalog: catalog)
        try await collection.requireWhole()
        let cutoff = now.adding(seconds: -3600 * Double(hours))
        let uploads = try collection.blobs.collectStaging(before: cutoff.milliseconds / 1000)
        let removed = try await collection.run(before: cutoff)
        try await catalog.close()
        withExtendedLifetime(folder) {}
        return CollectionSummary(
            blobs: removed.blobs,
            bytes: removed.bytes,
            unfinished: uploads.count,
            unfinishedBytes: uploads.reduce(0) { $0 + $1.sizeBytes }
        )
    }

    /// Makes a key of role admin in a folder that nobody can get into any more: who can write its files may do so.
    ///
    /// - Parameter name: Its name; nil for `admin`, or `admin-2` and so on where that was used.
    /// - Returns: The key with its token, and the other admin keys that still work.
    /// - Throws: ``ControlPlaneError`` of kind `conflict` when the name was ever used, `badData` for a log that is not whole.
    public static func resetKey(_ url: URL, name: Name?, now: Timestamp) async throws -> KeyReset {
        if let name { try Access.requireKeyName(name, next: "leave --name out, or choose another one") }
        let (folder, log) = try await open(url)
        let catalog = log.catalog
        try await requireWholeLog(of: catalog)
        let token = try KeyToken.draw()
        let before = try await catalog.read { state -> [KeyRecord] in try state.keys() }
        let chosen = try name ?? freeName(besides: Set(before.map(\.name)))
        _ = try await catalog.append(actor: Caller.offline.name.text, time: now) { state in
            guard try state.key(chosen) == nil else {
                throw ControlPlaneError(
                    .conflict,
                    "key \"\(chosen)\" exists already",
                    why: "names of keys are never used again, so that the log stays clear about who acted",
                    next: "leave --name out, or choose another one"
                )
            }
            return [.keyCreated(KeyCreated(name: chosen, role: .admin, tokenHash: KeyToken.hash(of: token)))]
        }
        let others = before.filter { $0.role == .admin && $0.revokedAt == nil }
        try await catalog.close()
        withExtendedLifetime(folder) {}
        return KeyReset(key: chosen, token: token, otherAdmins: others.map(\.name))
    }

    /// Whether there is anything at `url` that a data folder would hold, also where its log was lost.
    public static func isDataFolder(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.appending(path: "serin.db").path)
            || !FolderRemains(root: url.path).isEmpty
    }

    /// Whether an error of the stores says that a file of the folder is not what serin wrote.
    public static func isDamage(_ error: any Error) -> Bool {
        switch error {
        case CatalogError.damaged, CatalogError.newer, TrafficLogError.damaged, TrafficLogError.damagedLog: true
        default: false
        }
    }

    /// Locks a folder and opens its log.
    private static func open(
        _ url: URL,
        mending: LogFile.Mending = .never
    ) async throws -> (folder: DataFolder, log: LogFile.Opened) {
        let folder = try DataFolder(at: url.path)
        return (folder, try await LogFile.open(folder, mending: mending))
    }

    /// `admin`, or the first of `admin-2` and so on that no key ever had.
    private static func freeName(besides taken: Set<Name>) throws -> Name {
        var name = Name.known("admin"), number = 1
        while taken.contains(name) {
            number += 1
            name = try Name("admin-\(number)")
        }
        return name
    }

    /// Refuses a log that was changed or cut: nothing may be added to it, and nothing that is read from it is sure.
    static func requireWholeLog(of catalog: Catalog) async throws {
        try await requireWholeChain(of: catalog)
        guard let loss = catalog.loss else { return }
        throw ControlPlaneError(
            .badData,
            loss.title,
            why: "its end was lost or written anew by something else than serin",
            next: StoreNotices.next(loss)
        )
    }

    /// Refuses a log of which an event that is there was changed.
    static func requireWholeChain(of catalog: Catalog) async throws {
        let chain = try await catalog.verifyChain()
        guard let bad = chain.firstBad else { return }
        throw ControlPlaneError(
            .badData,
            "the log of this data folder is not whole: event #\(bad.seq): \(bad.fault)",
            why: "something else than serin wrote to serin.db, or the disk damaged it",
            next: "\(.serverCheck) with --data names all of it; then put back a copy of the folder from before"
        )
    }

    private static func headItem(_ end: LogEnd) -> CheckReport.Item {
        let (detail, problems): (String, [String])
        switch end {
        case .whole: (detail, problems) = ("the event that was acknowledged last is there", [])
        case .firstKept: (detail, problems) = ("it is not kept a second time, and is from the next start on", [])
        case .headLost(let isDamaged):
            detail = "what was acknowledged last is not known"
            problems = [
                "serin.db.head \(isDamaged ? "is damaged" : "is not there"): whether events are missing at the end cannot be "
                    + "said; the next start makes it anew"
            ]
        case .headUnreadable(let reason):
            detail = "what was acknowledged last is not known"
            problems = [
                "\(reason): whether events are missing at the end cannot be said",
                "next: let the user who checks read serin.db.head, then check again",
            ]
        case .shorter(let acknowledged, let found), .rewritten(let acknowledged, let found):
            let loss = LogLoss(acknowledged: acknowledged, found: found)
            (detail, problems) = (
                "events that were acknowledged are missed", [loss.title, "next: \(StoreNotices.next(loss))"]
            )
        }
        return CheckReport.Item(name: "end of the log", isClean: problems.isEmpty, detail: detail, problems: problems)
    }

    private static func tableItem(_ catalog: Catalog) async throws -> CheckReport.Item {
        do {
            let comparison = try await catalog.compareTables()
            return CheckReport.Item(
                name: "tables",
                isClean: comparison.isEqual,
                detail:
                    "\(NumberText.count(comparison.tables, "table")) with \(NumberText.count(comparison.rows, "row")) beside "
                    + "the log replayed",
                problems: comparison.differences
                    + (comparison.isEqual
                        ? [] : ["next: \(NextStep.serverRebuild) with --data makes them again from the log"])
            )
        } catch CatalogError.damaged(_, let why) {
            return CheckReport.Item(name: "tables", isClean: false, detail: "not compared", problems: [why])
        } catch CatalogError.storage(_, let why) {
            return CheckReport.Item(name: "tables", isClean: false, detail: "not compared", problems: [why])
        }
    }

    private static func blobItem(_ blobs: BlobStore, _ catalog: Catalog) async throws -> CheckReport.Item {
        let known = try await catalog.read { try $0.blobs() }
        var problems: [String] = []
        var bytes: Int64 = 0
        for blob in known {
            do {
                let stored = try blobs.verify(blob.digest)
                bytes += stored.sizeBytes
                if stored.sizeBytes != blob.sizeBytes {
                    problems.append(
                        "\(blob.digest.short) has \(NumberText.count(Int(stored.sizeBytes), "byte")), "
                            + "the log says \(NumberText.count(Int(blob.sizeBytes)))"
                    )
                }
            } catch {
                problems.append("\(error)")
            }
        }
        let damaged = problems.count
        let listing = try blobs.list()
        let spare = listing.blobs.count - known.count
        problems += listing.strangers.map { "\($0) is not a blob: move it away" }
        let detail =
            "\(NumberText.count(known.count - damaged)) of \(NumberText.count(known.count, "blob")) with the right digest"
            + ", \(NumberText.bytes(bytes))" + (spare > 0 ? "; \(NumberText.count(spare)) not referenced" : "")
        return CheckReport.Item(name: "blobs", isClean: problems.isEmpty, detail: detail, problems: problems)
    }

    private static func channelItem(_ catalog: Catalog) async throws -> CheckReport.Item {
        let (channels, problems, quarantined) = try await catalog.read { state in
            let channels = try state.channels()
            var problems: [String] = [], quarantined: [String] = []
            for channel in channels {
                let name = "\(channel.model)@\(channel.channel)"
                guard let release = try state.release(ReleaseID(channel.model, channel.release)),
                    let version = try state.version(release.version)
                else {
                    problems.append("\(name) points to r\(channel.release), which is not there")
                    continue
                }
                // A state of the registry that a person ends, and no fault of the folder.
                if version.quarantined != nil {
                    quarantined.append("\(name) points to \(version.id), which is quarantined")
                }
            }
            return (channels, problems, quarantined)
        }
        return CheckReport.Item(
            name: "channels",
            isClean: problems.isEmpty,
            detail: channels.isEmpty
                ? "no channel yet"
                : "\(NumberText.count(channels.count - problems.count)) of \(NumberText.count(channels.count, "channel"))"
                    + " with a release that is there" + quarantined.map { "; \($0)" }.joined(),
            problems: problems
        )
    }
}
