import Artifacts
import Catalog
import Foundation
import Logging
import RegistryTypes
import TrafficLog

/// Keeps the data folder in order: what is past its time is dropped, and space is kept back for a rollback.
struct Maintenance: Sendable {
    let folder: DataFolder
    let blobs: BlobStore
    let catalog: Catalog
    let traffic: TrafficStore
    let rollups: Rollups
    let reserve: Reserve
    let scrub: BlobScrub
    let tables: TableWatch
    let keepDays: Int
    let logger: Logger
    let now: @Sendable () -> Timestamp
    /// When this process took the folder over, by the wall clock and by the one that only runs forward.
    let started: (time: Timestamp, instant: ContinuousClock.Instant)

    /// The space on the disk from which on some of it is kept back.
    private static let roomForReserveBytes: Int64 = 16 << 20

    /// Drops what is past its time, merges fine roll-ups, and makes the reserve again when there is room.
    func run() async {
        let now = now()
        guard isClockBelieved(now) else {
            logger.error("the clock leapt since the server started: nothing is dropped by its age until it is right")
            return makeReserve()
        }
        do {
            try dropOldDays(now: now)
            try await rollups.tidy(now: now)
            try await collectUnreferenced(now: now)
        } catch {
            logger.warning("old data cannot be put in order", metadata: ["error": "\(error)"])
        }
        makeReserve()
        await tables.step()
        await scrub.step()
    }

    /// Removes parts of uploads that nobody went on with for a week.
    func collectOldUploads() {
        let weekAgo = now().adding(seconds: -7 * 86_400)
        do {
            let names = try blobs.collectStaging(before: weekAgo.milliseconds / 1000)
            if !names.isEmpty { logger.info("old uploads removed", metadata: ["count": "\(names.count)"]) }
        } catch {
            logger.warning("old uploads cannot be removed", metadata: ["error": "\(error)"])
        }
    }

    /// Removes bytes that were sent and became part of nothing: of refused versions, of clients that went away. Not in the
    /// first hour of a process, for a clock that was wrong when it started.
    private func collectUnreferenced(now: Timestamp) async throws {
        guard started.instant.duration(to: .now) > .seconds(3600) else { return }
        let collection = BlobCollection(blobs: blobs, catalog: catalog)
        let removed = try await collection.run(before: now.adding(seconds: -BlobCollection.graceSeconds))
        guard removed.blobs > 0 else { return }
        logger.info(
            "bytes of nothing removed",
            metadata: ["blobs": "\(removed.blobs)", "bytes": "\(removed.bytes)"]
        )
    }

    /// Drops days that are past their time. Not in the first hour of a process, and never all of them: a clock that was
    /// wrong when the server started must not cost a month of requests before somebody can notice.
    private func dropOldDays(now: Timestamp) throws {
        guard started.instant.duration(to: .now) > .seconds(3600) else { return }
        let today = TrafficDay(now)
        let first = today.adding(days: 1 - keepDays)
        guard let newest = try traffic.days().last, newest >= first else { return }
        let removed = try traffic.removeDays(before: first, today: today)
        if !removed.isEmpty { logger.info("days of requests removed", metadata: ["days": "\(removed.count)"]) }
    }

    /// Whether the wall clock went as fast as time since the server started. One that leapt 40 days must not make a
    /// month of requests look old.
    private func isClockBelieved(_ now: Timestamp) -> Bool {
        let passed = started.instant.duration(to: .now) / .seconds(1)
        return abs(now.seconds(since: started.time) - passed) < Rollups.believedLeapSeconds
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
