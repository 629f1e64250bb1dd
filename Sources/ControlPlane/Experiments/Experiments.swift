import Artifacts
import Catalog
import Foundation
import Logging
import RegistryRecords
import RegistryTypes
import ReleaseRuntime
import Replay
import Synchronization
import WireFormat
import Wording

/// Canaries and evaluations: one queue of jobs that the log knows, run one after another; a restart goes on where they
/// were.
public struct Experiments: Sendable {
    /// Replay canaries.
    public let canaries: Canaries
    /// Evaluations.
    public let evaluations: Evaluations
    /// Old canaries under other policies and documents.
    public let trials: PolicyTrials
    private let parts: ExperimentParts
    private var logger: Logger { parts.settings.logger }

    init(_ parts: ExperimentParts, levels: ServiceLevelTracker) {
        self.parts = parts
        trials = PolicyTrials(parts: parts, levels: levels)
        canaries = Canaries(parts: parts)
        evaluations = Evaluations(parts: parts)
    }

    /// A piece of work that the log says is running.
    enum Job: Sendable {
        /// A replay canary.
        case canary(CanaryRecord)
        /// An evaluation.
        case evaluation(EvaluationJob)

        /// Its name.
        var id: JobID {
            switch self {
            case .canary(let record): .canary(record.id)
            case .evaluation(let job): .evaluation(job.id)
            }
        }
    }

    /// Runs what waits, oldest first, until cancelled.
    func run() async {
        for await _ in parts.signal.signals {
            var heldUp: Set<JobID> = []
            while !Task.isCancelled, let next = await next(besides: heldUp) {
                if await !run(next) { heldUp.insert(next.id) }
            }
            if Task.isCancelled { return }
            if !heldUp.isEmpty {
                try? await Task.sleep(for: parts.settings.retryPause)
                parts.signal.send()
            }
        }
    }

    private func next(besides heldUp: Set<JobID>) async -> Job? {
        do {
            return try await parts.ledger.read { state in
                let waiting = try state.runningJobs(limit: heldUp.count + 1)
                guard let id = waiting.first(where: { !heldUp.contains($0) }) else { return nil }
                switch id {
                case .canary(let id): return try state.canary(id).map { .canary($0) }
                case .evaluation(let id): return try state.evaluationJob(id).map { .evaluation($0) }
                }
            }
        } catch {
            if !Task.isCancelled { logger.error("experiments cannot be read", metadata: ["error": "\(error)"]) }
            return nil
        }
    }

    /// Whether the log says that a job is over.
    private func hasEnded(_ id: JobID) async throws -> Bool {
        try await parts.ledger.read { state in
            switch id {
            case .canary(let id): try state.canary(id)?.state != .running
            case .evaluation(let id): try state.evaluationJob(id)?.state != .running
            }
        }
    }

    /// Runs a job to its end. False when it has to go on later: it stays in the log as running.
    private func run(_ job: Job) async -> Bool {
        defer { parts.progress.remove(job.id) }
        let show: @Sendable (Int, Int, Double) -> Void = { [progress = parts.progress] done, total, seconds in
            progress.show(WorkProgress(done: done, total: total, elapsedSeconds: seconds), for: job.id)
        }
        defer { parts.markers.end(job.id) }
        do {
            let crashes = try parts.markers.begin(job.id)
            guard crashes < JobMarkers.maxCrashes else {
                throw ControlPlaneError(
                    .internalFault,
                    "the server process ended \(NumberText.count(crashes, "time")) while it ran \(job.id)",
                    next: "start it again when the cause is gone"
                )
            }
            try await parts.running.run(job.id) { [canaries, evaluations, parts] in
                // One that was cancelled while it was taken up has ended.
                guard try await !hasEnded(job.id) else { return }
                switch job {
                case .canary(let record):
                    let progress = FirstProgress()
                    try await canaries.run(record) { done, total, seconds in
                        // What a canary has answered is kept; an evaluation begins again.
                        if progress.isFirst(done) { parts.markers.gotOn(job.id) }
                        show(done, total, seconds)
                    }
                case .evaluation(let job): try await evaluations.run(job) { show($0, job.cases, $1) }
                }
            }
            return true
        } catch {
            return await stop(job, after: error)
        }
    }

    /// Ends a job that cannot be finished, unless the server stops or the trouble passes.
    private func stop(_ job: Job, after error: any Error) async -> Bool {
        if Task.isCancelled { return false }
        // Somebody cancelled it: that is in the log, and nothing is left to do.
        if await (try? hasEnded(job.id)) == true { return true }
        if error is CancellationError { return false }
        let metadata: Logger.Metadata = ["job": "\(job.id)", "error": "\(error)"]
        if let error = error as? ControlPlaneError, error.isPassing {
            logger.warning("an experiment is held up and will go on", metadata: metadata)
            return false
        }
        logger.error("an experiment stopped", metadata: metadata)
        do {
            switch job {
            case .canary(let record): try await canaries.stop(record.id, reason: "\(error)")
            case .evaluation(let job): try await evaluations.stop(job.id, reason: "\(error)")
            }
            return true
        } catch {
            return false
        }
    }
}

/// Whether a job has done more than it had when it was taken up.
final class FirstProgress: Sendable {
    private let start = Mutex<(done: Int, isTold: Bool)?>(nil)

    /// Whether `done` is the first number above that of the start, which is the first one of all.
    func isFirst(_ done: Int) -> Bool {
        start.withLock { start in
            guard let before = start else {
                start = (done, false)
                return false
            }
            guard !before.isTold, done > before.done else { return false }
            start = (before.done, true)
            return true
        }
    }
}

/// What experiments are told from outside.
struct ExperimentSettings: Sendable {
    /// Where samples are kept.
    let folder: DataFolder
    /// The build of serin, for reports.
    let build: String
    /// Draws a seed for a canary that names none.
    let drawSeed: @Sendable () -> UInt64
    /// How long work waits that something outside it holds up.
    let retryPause: Duration
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
    let markers: JobMarkers
    let running: RunningJobs
    let signal: WorkSignal
    let settings: ExperimentSettings
    let rereads = RereadTurns()
}

extension LoadedReleases {
    /// A release with what answers for it, loaded when it is not.
    ///
    /// - Throws: ``ControlPlaneError``.
    func replaySide(_ release: ReleaseRecord, _ ledger: Ledger) async throws -> ReplaySide {
        let plan = try await ledger.read { try ReleasePlan(release.content, of: release.id.model, in: $0) }
        let (loaded, engine) = try await serving(plan)
        return ReplaySide(
            engine: engine,
            prompt: plan.prompt,
            decoding: plan.content.decoding,
            takesTools: loaded.takesTools
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
