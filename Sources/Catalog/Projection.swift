import Digests
import GRDB
import RegistryRecords

/// The one place that writes projections: what an event means for the tables. A replay gives it the event as read from
/// its stored body; that this is the event that was written is a promise of `RegistryEvent`, held by its tests.
struct Projection {
    let database: Database

    /// Applies `event`, which is stored as `entry`.
    ///
    /// - Throws: ``CatalogError`` when the event contradicts what came before it; nothing of it is kept then.
    func apply(_ event: RegistryEvent, _ entry: Event) throws {
        switch event {
        case .keyCreated(let body): try apply(body, entry)
        case .keyRevoked(let body): try apply(body, entry)
        case .versionPublished(let body): try apply(body, entry)
        case .versionQuarantined(let body): try apply(body, entry)
        case .quarantineLifted(let body): try apply(body, entry)
        case .versionLineageAdded(let body): try apply(body, entry)
        case .modelNamed(let body): try apply(body, entry)
        case .promptPushed(let body): try apply(body, entry)
        case .releaseCreated(let body): try apply(body, entry)
        case .releaseRejected(let body): try apply(body, entry)
        case .trafficImported(let body): try apply(body, entry)
        // What is said of answers is kept with the requests; the log traces who changed it.
        case .requestLabelled: break
        // That events are missed changes no table: they follow those that are there.
        case .logAccepted: break
        case .documentApplied(let body): try apply(body, entry)
        case .canaryStarted(let body): try apply(body, entry)
        case .canaryJudged(let body): try apply(body, entry)
        case .canaryStopped(let body): try apply(body, entry)
        case .evaluationStarted(let body): try apply(body, entry)
        case .evaluationStopped(let body): try apply(body, entry)
        case .evaluationFinished(let body): try apply(body, entry)
        case .decisionRecorded(let body): try apply(body, entry)
        case .channelMoved(let body): try apply(body, entry)
        case .channelSettled(let body): try apply(body, entry)
        case .rolloutStarted(let body): try apply(body, entry)
        case .rolloutSettled(let body): try apply(body, entry)
        case .rolloutReturned(let body): try apply(body, entry)
        case .rolloutEnded(let body): try apply(body, entry)
        case .holdPlaced(let body): try apply(body, entry)
        case .holdLifted(let body): try apply(body, entry)
        case .releaseCrashed(let body): try apply(body, entry)
        case .incidentOpened(let body): try apply(body, entry)
        case .incidentUpdated(let body): try apply(body, entry)
        case .incidentNoted(let body): try apply(body, entry)
        case .incidentClosed(let body): try apply(body, entry)
        case .driftBaselineSet(let body): try apply(body, entry)
        case .driftReported(let body): try apply(body, entry)
        }
    }

    var state: CatalogState { CatalogState(database) }

    /// Runs one statement and tells how many rows it changed.
    @discardableResult
    func write(_ sql: String, _ arguments: StatementArguments) throws -> Int {
        try database.cachedStatement(sql: sql).execute(arguments: arguments)
        return database.changesCount
    }

    /// Notes that an event refers to stored bytes.
    func addBlob(_ digest: Digest, sizeBytes: Int64?, _ entry: Event) throws {
        guard let sizeBytes else { throw CatalogError.refused("the event does not say how large \(digest.short) is") }
        let changed = try write(
            "INSERT INTO blob (digest, sizeBytes, seq) VALUES (?, ?, ?) ON CONFLICT (digest) DO NOTHING",
            [digest.column, sizeBytes, entry.seq]
        )
        guard changed == 0 else { return }
        let known = try state.number("SELECT sizeBytes FROM blob WHERE digest = ?", [digest.column])
        guard known == Int(sizeBytes) else {
            throw CatalogError.refused("\(digest.short) has \(known ?? 0) bytes, the event says \(sizeBytes)")
        }
    }

    /// Numbers are given without gaps and never again.
    func expect(_ given: Int, toBe next: Int, _ what: String) throws {
        guard given == next else { throw CatalogError.wrongNumber(what: what, given: given, next: next) }
    }
}
