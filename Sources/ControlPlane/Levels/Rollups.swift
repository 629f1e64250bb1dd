import DriftAnalysis
import Foundation
import Logging
import RegistryTypes
import ServiceLevels
import TrafficLog
import UserDocuments

/// Counts on their way to disk and back: events of service levels and drift summaries, in memory until they are written.
struct Rollups: Sendable {
    let store: RollupStore
    let levels: ServiceLevelTracker
    let drift: DriftAggregator
    let logger: Logger

    /// The name under which it is noted up to when labels are counted.
    private static let labels = "labels"

    /// By how much the wall clock may differ from the time that passed, in seconds.
    static let believedLeapSeconds = Double(BurnWindows.believedLeapSeconds)
    /// For how long drift is kept by minute, in seconds; then by hour.
    private static let minuteSummarySeconds: Int64 = 2 * 86_400
    /// Days for which roll-ups are kept.
    private static let keptDays = 400

    /// Writes the counts that are not on disk yet. What cannot be written is kept.
    func flush() async {
        // In this order: a label is in the drift of its minute before it is in the levels.
        let (unwritten, callers, label) = levels.takeUnwritten()
        let summaries = drift.take()
        guard !unwritten.isEmpty || !summaries.isEmpty || label != nil else { return }
        let events = unwritten.flatMap { series, buckets in buckets.map { SLIEvents(series, $0) } }
        do {
            try await store.add(
                RollupBatch(
                    slis: events,
                    callers: callers.flatMap { series, some in some.map { CallerSLIEvents(series, $0) } },
                    drift: summaries,
                    marks: label.map { [Self.labels: $0] } ?? [:]
                )
            )
        } catch {
            levels.putBack(unwritten, callers)
            drift.putBack(summaries)
            logger.warning("roll-ups cannot be written and are kept in memory", metadata: ["error": "\(error)"])
        }
    }

    /// Counts the labels that are on disk and in no roll-up: those that came right before the process was killed.
    func takeUpLabels(_ traffic: TrafficStore, _ recorder: TrafficRecorder) async throws {
        do {
            let found = try await traffic.takeUpLabels(after: store.mark(Self.labels) ?? 0)
            recorder.label(found.counted, waiting: found.waiting)
            for (day, problem) in found.problems {
                logger.warning(
                    "the labels of a day cannot be read",
                    metadata: ["day": "\(day)", "error": "\(problem)"]
                )
            }
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
        await flush()
    }

    /// The buckets of one SLO, or all, that are on disk.
    ///
    /// - Throws: ``ControlPlaneError``.
    func buckets(since: Timestamp, slo: Name? = nil, now: Timestamp) async throws -> [SLISeries: [SLIBucket]] {
        // What a clock that ran ahead wrote is left out: it would stand still in every window until then.
        let latest = Self.latest(now)
        return try await stored(since: since, slo: slo).mapValues { $0.filter { $0.start <= latest } }
    }

    /// The start of the last bucket that is believed.
    private static func latest(_ now: Timestamp) -> Int64 { now.seconds + BurnWindows.believedLeapSeconds }

    /// The buckets of single keys that are on disk and are still looked at.
    private func callers(_ documents: [SLODocument], now: Timestamp) async throws -> [CallerSeries: [SLIBucket]] {
        let latest = Self.latest(now)
        do {
            let longest = Int64(documents.map(\.windowSeconds).max() ?? 0)
            return try await store.callers(
                since: now.seconds - longest,
                fine: now.seconds - Self.callerSeconds(documents)
            ).mapValues { $0.filter { $0.start <= latest } }
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
    }

    /// For how long events of single keys are kept by ten seconds: as long as an alert that pages may stand, at most a day.
    private static func callerSeconds(_ documents: [SLODocument]) -> Int64 {
        let alerts = documents.flatMap(\.alerting).filter { $0.severity == .page }
        return Int64(min(86_400, alerts.map { $0.longSeconds + 2 * $0.shortSeconds }.max() ?? 0))
    }

    private func stored(since: Timestamp, slo: Name? = nil) async throws -> [SLISeries: [SLIBucket]] {
        do {
            return try await store.slis(since: since.seconds, slo: slo)
        } catch let error as TrafficLogError {
            throw ControlPlaneError(error)
        }
    }

    /// Makes the service levels those of the documents in force, when these changed, and counts again after a clock that
    /// ran ahead came back, as a restart would. Called by the task that flushes, so that no count is on its way to disk
    /// meanwhile.
    ///
    /// - Throws: ``ControlPlaneError``.
    func follow(_ revisions: [ServiceLevelRevision], now: Timestamp) async throws {
        guard levels.revisions != revisions.map(\.digest) || levels.isStale(at: now) else { return }
        await flush()
        let longest = revisions.map(\.document.windowSeconds).max() ?? 0
        let stored = try await stored(since: now.adding(seconds: -Double(longest) - 60))
        let latest = Self.latest(now)
        let leftOut = stored.values.lazy.joined().map(\.start).filter { $0 > latest }.min()
        try levels.use(
            revisions,
            stored: stored.mapValues { $0.filter { $0.start <= latest } },
            callers: try await callers(revisions.map(\.document), now: now),
            leftOutUntil: leftOut.map { $0 - BurnWindows.believedLeapSeconds },
            now: now
        )
    }

    /// Merges fine roll-ups and drops those past their time.
    func tidy(now: Timestamp) async throws {
        _ = try await store.mergeSLIs(before: SLIBucket.fineNeeded(at: now.seconds))
        _ = try await store.mergeDrift(before: now.seconds - Self.minuteSummarySeconds)
        _ = try await store.pruneCallers(before: now.seconds - Self.callerSeconds(levels.documents))
        _ = try await store.prune(before: now.seconds - Int64(Self.keptDays) * 86_400)
    }
}

/// How roll-ups of two stretches of time become one, for the store that holds them as bytes.
enum RollupMerging {
    /// Two histograms of latencies. One that cannot be read is left out: it is shown, never counted.
    static let latencies: RollupStore.Merge = { left, right in
        guard var sum = try? LatencyHistogram(bytes: left) else { return right }
        guard let other = try? LatencyHistogram(bytes: right) else { return left }
        sum.merge(other)
        return Data(sum.bytes)
    }

    /// Two drift summaries of one epoch.
    static let drift: RollupStore.Merge = { left, right in
        var sum = try DriftAnalysis.DriftSummary(encoded: left)
        try sum.merge(DriftAnalysis.DriftSummary(encoded: right))
        return sum.encoded()
    }
}
