import Artifacts
import Logging
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import Replay
import Synchronization
import WireFormat

/// What experiments are told from outside.
struct ExperimentSettings: Sendable {
    /// Where samples are kept.
    let folder: DataFolder
    /// The build of serin, for reports.
    let build: String
    /// Draws a seed for a canary that names none.
    let drawSeed: @Sendable () -> UInt64
    let logger: Logger
}

/// What canaries and evaluations share.
struct ExperimentParts: Sendable {
    let ledger: Ledger
    let evidence: EvidenceStore
    let sets: TrafficSetFiles
    let choices: Releases
    let releases: LoadedReleases
    let progress: ProgressTracker
    let signal: WorkSignal
    let settings: ExperimentSettings
}

extension LoadedReleases {
    /// A release with what answers for it, loaded when it is not.
    ///
    /// - Throws: ``ControlPlaneError``.
    func replaySide(_ release: ReleaseRecord, _ ledger: Ledger) async throws -> ReplaySide {
        let plan = try await ledger.read { try ReleasePlan(release.content, of: release.id.model, in: $0) }
        return ReplaySide(
            engine: try await serving(plan).engine,
            prompt: plan.prompt,
            decoding: plan.content.decoding
        )
    }
}

/// How far each running job is, for everybody to read. A finished one is removed.
final class ProgressTracker: Sendable {
    private let jobs = Mutex<[JobID: WorkProgress]>([:])

    /// Shows how far a job is. Lanes report side by side, so an earlier count may come late; it is dropped.
    func show(_ progress: WorkProgress, for id: JobID) {
        jobs.withLock { if progress.done >= $0[id]?.done ?? 0 { $0[id] = progress } }
    }

    /// Removes a finished job.
    func remove(_ id: JobID) { jobs.withLock { $0[id] = nil } }

    /// How far a job is; nil when it does not run.
    func progress(of id: JobID) -> WorkProgress? { jobs.withLock { $0[id] } }

    /// All that runs.
    func all() -> [JobID: WorkProgress] { jobs.withLock { $0 } }
}

extension WorkProgress {
    /// A job of `total` pieces that waits for its turn.
    init(waiting total: Int) { self.init(done: 0, total: total, elapsedSeconds: 0) }
}

/// Wakes a loop that looks for work. A signal while the loop is busy is remembered once.
struct WorkSignal: Sendable {
    /// The signals, for one loop.
    let signals: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    /// A signal that was sent once, so that the loop looks for work left from before.
    init() {
        (signals, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        continuation.yield()
    }

    /// Wakes the loop.
    func send() { continuation.yield() }
}
