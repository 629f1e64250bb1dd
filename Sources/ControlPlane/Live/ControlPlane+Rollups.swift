import Artifacts
import Catalog
import Digests
import Foundation
import Logging
import RegistryRecords
import RegistryTypes
import ServiceLevels
import Synchronization
import TrafficLog
import UserDocuments

/// Counts on their way to disk and back, and what keeps the data folder in order. One task does all of it.
extension ControlPlane {
    /// Days for which roll-ups are kept.
    private static let rollupDays = 400
    /// By how much the wall clock may differ from the time that passed, in seconds.
    private static let believedLeapSeconds = 3600.0
    /// For how long drift is kept by minute, in seconds; then by hour.
    private static let minuteSummarySeconds: Int64 = 2 * 86_400
    /// The space on the disk from which on some of it is kept back.
    private static let roomForReserveBytes: Int64 = 16 << 20

    /// Writes the counts of service levels and drift that are not on disk yet. What cannot be written is kept.
    func flushRollups() async {
        let unwritten = levels.takeUnwritten()
        let summaries = drift.take()
        guard !unwritten.isEmpty || !summaries.isEmpty else { return }
        let events = unwritten.flatMap { series, buckets in buckets.map { SLIEvents(series, $0) } }
        do {
            try await rollups.add(RollupBatch(slis: events, drift: summaries))
        } catch {
            levels.putBack(unwritten)
            drift.putBack(summaries)
            logger.warning("roll-ups cannot be written and are kept in memory", metadata: ["error": "\(error)"])
        }
    }

    /// The buckets of all SLOs that are on disk.
    func storedBuckets(since: Timestamp, slo: Name? = nil) async throws -> [SLISeries: [SLIBucket]] {
        do {
            // What a clock that ran ahead wrote is left out: it would stand still in every window until then.
            let latest = configuration.now().seconds + Int64(Self.believedLeapSeconds)
            return try await rollups.slis(since: since.seconds, slo: slo).mapValues { $0.filter { $0.start <= latest } }
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
    }

    /// Makes the service levels those of the documents in force, when these changed.
    func followDocuments(now: Timestamp) async throws {
        let records = try await read { try $0.documents(.slo) }
        let digests = records.map(\.digest)
        guard documentsInForce.withLock({ $0 != digests }) else { return }
        let documents = try records.map { try $0.slo() }
        await flushRollups()
        let longest = documents.map(\.windowSeconds).max() ?? 0
        let stored = try await storedBuckets(since: now.adding(seconds: -Double(longest) - 60))
        try levels.use(documents, stored: stored, now: now)
        documentsInForce.withLock { $0 = digests }
    }

    /// Drops what is past its time, merges fine roll-ups, and makes the reserve again when there is room.
    func maintain() async {
        let now = configuration.now()
        guard isClockBelieved(now) else {
            logger.error("the clock leapt since the server started: nothing is dropped by its age until it is right")
            return makeReserve()
        }
        do {
            try dropOldDays(now: now)
            _ = try await rollups.mergeSLIs(before: SLIBucket.fineNeeded(at: now.seconds))
            _ = try await rollups.mergeDrift(before: now.seconds - Self.minuteSummarySeconds)
            _ = try await rollups.prune(before: now.seconds - Int64(Self.rollupDays) * 86_400)
        } catch {
            logger.warning("old data cannot be put in order", metadata: ["error": "\(error)"])
        }
        makeReserve()
    }

    /// Drops days that are past their time. Not in the first hour of a process, and never all of them: a clock that was
    /// wrong when the server started must not cost a month of requests before somebody can notice.
    private func dropOldDays(now: Timestamp) throws {
        guard started.instant.duration(to: .now) > .seconds(3600) else { return }
        let today = TrafficDay(now)
        let first = today.adding(days: 1 - configuration.keepDays)
        guard let newest = try traffic.days().last, newest >= first else { return }
        let removed = try traffic.removeDays(before: first, today: today)
        if !removed.isEmpty { logger.info("days of requests removed", metadata: ["days": "\(removed.count)"]) }
    }

    /// Whether the wall clock went as fast as time since the server started. One that leapt 40 days must not make a
    /// month of requests look old.
    private func isClockBelieved(_ now: Timestamp) -> Bool {
        let passed = started.instant.duration(to: .now) / .seconds(1)
        return abs(now.seconds(since: started.time) - passed) < Self.believedLeapSeconds
    }

    /// Keeps space back for a rollback, as much as the disk allows.
    func makeReserve() {
        let free = folder.freeBytes()
        // Right after it was given up for a full disk, there is nothing to keep back.
        guard (free ?? 0) > Self.roomForReserveBytes else { return }
        do {
            try reserve.make(freeBytes: free)
        } catch {
            logger.warning("no space can be kept back for a rollback", metadata: ["error": "\(error)"])
        }
    }
}
