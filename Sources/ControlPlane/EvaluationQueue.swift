import RegistryRecords
import Synchronization
import WireFormat

/// Evaluations that wait, run or ended since the start of the server.
///
/// A running evaluation is not in the log: it changes nothing until it ends, and it is quick to ask for again.
final class EvaluationQueue: Sendable {
    /// An evaluation that somebody asked for.
    struct Job: Sendable {
        let id: String
        let caller: Caller
        let release: ReleaseRecord
        let suite: TrafficRecord
    }

    private struct State {
        var nextNumber = 1
        var waiting: [Job] = []
        var views: [String: EvaluationView] = [:]
        var order: [String] = []
    }

    private let state = Mutex(State())
    /// Views that are kept; more than may wait, so that only ended jobs are forgotten.
    private static let keptCount = 100
    private static let waitingCount = 50

    /// Puts an evaluation in the queue; nil when the queue is full.
    func add(_ release: ReleaseRecord, _ suite: TrafficRecord, by caller: Caller) -> EvaluationView? {
        state.withLock { state in
            guard state.waiting.count < Self.waitingCount else { return nil }
            let job = Job(id: "job-\(state.nextNumber)", caller: caller, release: release, suite: suite)
            state.nextNumber += 1
            state.waiting.append(job)
            let view = EvaluationView(
                job: job.id,
                release: release.id,
                suite: suite.name,
                progress: WorkProgress(done: 0, total: suite.requests, elapsedSeconds: 0)
            )
            state.views[job.id] = view
            state.order.append(job.id)
            while state.order.count > Self.keptCount { state.views[state.order.removeFirst()] = nil }
            return view
        }
    }

    /// The next evaluation to run.
    func take() -> Job? { state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() } }

    /// What is known of a job.
    func view(_ id: String) -> EvaluationView? { state.withLock { $0.views[id] } }

    /// Shows how far a job is.
    func show(_ job: Job, _ progress: WorkProgress) {
        put(EvaluationView(job: job.id, release: job.release.id, suite: job.suite.name, progress: progress))
    }

    /// Shows what a job found.
    func finish(_ job: Job, _ record: EvaluationRecord, _ result: EvaluationResult) {
        put(
            EvaluationView(
                job: job.id,
                release: job.release.id,
                suite: job.suite.name,
                progress: WorkProgress(
                    done: job.suite.requests,
                    total: job.suite.requests,
                    elapsedSeconds: result.seconds
                ),
                record: record,
                result: result
            )
        )
    }

    /// Shows why a job ended without a result.
    func fail(_ job: Job, _ problem: Problem) {
        put(
            EvaluationView(
                job: job.id,
                release: job.release.id,
                suite: job.suite.name,
                progress: view(job.id)?.progress ?? WorkProgress(done: 0, total: job.suite.requests, elapsedSeconds: 0),
                problem: problem
            )
        )
    }

    private func put(_ view: EvaluationView) {
        state.withLock { state in
            if state.views[view.job] != nil { state.views[view.job] = view }
        }
    }
}
