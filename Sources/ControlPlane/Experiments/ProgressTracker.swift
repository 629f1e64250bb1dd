import Synchronization
import WireFormat

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
