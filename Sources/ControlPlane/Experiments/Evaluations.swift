import Artifacts
import Catalog
import Digests
import LongWork
import RegistryRecords
public import RegistryTypes
import Replay
import TrafficLog
import UserDocuments
public import WireFormat
import Wording

/// Evaluations: a release answers the cases of a suite.
public struct Evaluations: Sendable {
    let parts: ExperimentParts

    /// Evaluations of a model, or all, newest first: finished, running, waiting and stopped ones.
    public func list(model: Name?, before: Int?, limit: Int) async throws -> [EvaluationSummary] {
        let (records, jobs) = try await parts.ledger.read { state in
            try model.map(state.requireModel)
            let before = before.map { EvaluationID($0) }
            return (
                try state.evaluations(model: model, limit: limit, before: before),
                try state.openEvaluationJobs(model: model, limit: limit, before: before)
            )
        }
        let all = records.map { EvaluationSummary($0) } + jobs.map { summary($0) }
        return Array(all.sorted { $0.id > $1.id }.prefix(max(0, limit)))
    }

    /// An evaluation without a result, as a list shows it.
    private func summary(_ job: EvaluationJob) -> EvaluationSummary {
        EvaluationSummary(job, progress: job.state == .running ? progress(of: job) : nil)
    }

    private func progress(of job: EvaluationJob) -> WorkProgress {
        parts.progress.progress(of: .evaluation(job.id)) ?? WorkProgress(waiting: job.cases)
    }

    /// Ends an evaluation that waits or runs, without a result. One that was stopped before stays as it is.
    ///
    /// - Throws: ``ControlPlaneError``: `conflict` for one that has a result; `notAllowed` for another's without the role.
    public func cancel(_ id: EvaluationID, _ request: CancelRequest, by caller: Caller) async throws -> EvaluationView {
        try caller.require(.cancelEvaluation)
        let reason = try request.reason(by: caller)
        try await parts.ledger.append(by: caller) { state in
            if try state.evaluation(id) != nil {
                throw ControlPlaneError(
                    .conflict,
                    "evaluation \(id) has its result and cannot be cancelled",
                    next: "\(.evaluationShow(id))"
                )
            }
            guard let job = try state.evaluationJob(id) else { throw Self.notFound("\(id)") }
            guard job.state == .running else { return Change([]) }
            if job.startedBy != caller.name.text { try caller.require(.cancelForOthers) }
            return Change([.evaluationStopped(EvaluationStopped(id: id, reason: reason))])
        }
        parts.running.cancel(.evaluation(id))
        return try await show("\(id)")
    }

    /// An evaluation by its number, such as `e-51`.
    public func show(_ id: String) async throws -> EvaluationView {
        guard let number = try? EvaluationID(text: id) else { throw Self.notFound(id) }
        let (record, job) = try await parts.ledger.read {
            (try $0.evaluation(number), try $0.evaluationJob(number))
        }
        if let record { return try view(record) }
        guard let job else { throw Self.notFound(id) }
        return view(job)
    }

    private static func notFound(_ id: String) -> ControlPlaneError {
        if id.utf8.starts(with: "job-".utf8) {
            return ControlPlaneError(
                .notFound,
                "there is no evaluation \(id)",
                why:
                    "jobs were of a server of an older build and ended with it; evaluations are kept from their start now",
                next: "ask for it again; it gets a number such as e-51: \(.evaluationRun())"
            )
        }
        return ControlPlaneError.notFound("evaluation", id, list: .evaluationList())
    }

    /// Asks for an evaluation; it runs in the background, and goes on after a restart.
    ///
    /// - Throws: ``ControlPlaneError``; `badRequest` when no request of the suite says what should come.
    public func start(_ request: EvaluationRequest, by caller: Caller) async throws -> EvaluationView {
        try caller.require(.runEvaluation)
        let job = try await add(request, by: caller)
        parts.signal.send()
        return view(job)
    }

    /// Evaluates a release and waits for the result.
    func evaluate(_ request: EvaluationRequest, by caller: Caller) async throws -> EvaluationRecord {
        let job = try await add(request, by: caller)
        try await run(job) { _, _ in }
        return try await parts.ledger.read { state in
            guard let record = try state.evaluation(job.id) else { throw Self.notFound("\(job.id)") }
            return record
        }
    }

    /// Runs an evaluation to its end.
    ///
    /// - Parameter show: Called after each case with the cases that are done and the seconds so far.
    func run(
        _ job: EvaluationJob,
        show: @escaping @Sendable (_ done: Int, _ seconds: Double) -> Void
    ) async throws {
        let requests = try await parts.sets.requests(job.suiteDigest)
        let release = try await parts.ledger.read { try $0.requireRelease(job.release) }
        let result = try await EvaluationReplay(requests: requests)
            .run(try await parts.releases.replaySide(release, parts.ledger), progress: show)
        let stored = try parts.evidence.store(result)
        Failpoint.hit("evaluation.stored")
        try await parts.ledger.append(by: .system) { state in
            guard try state.evaluationJob(job.id)?.state == .running else { return Change([]) }
            let event = EvaluationFinished(
                id: job.id,
                release: job.release,
                suite: job.suite,
                suiteDigest: job.suiteDigest,
                scores: result.scores,
                evidence: stored.digest,
                evidenceSizeBytes: stored.sizeBytes,
                rulesRevision: result.rulesRevision
            )
            return Change([.evaluationFinished(event)])
        }
    }

    /// Ends an evaluation that cannot be finished.
    func stop(_ id: EvaluationID, reason: String) async throws {
        try await parts.ledger.append(by: .system) { state in
            guard try state.evaluationJob(id)?.state == .running else { return Change([]) }
            return Change([.evaluationStopped(EvaluationStopped(id: id, reason: reason))])
        }
    }

    /// Writes down what is to be evaluated.
    ///
    /// - Throws: ``ControlPlaneError``; `badRequest` when the release could not be asked, or nothing be called right.
    private func add(_ request: EvaluationRequest, by caller: Caller) async throws -> EvaluationJob {
        let (planned, known, asked) = try await parts.ledger.read {
            let planned = try PlannedRelease(request.release, in: $0)
            return (
                planned, try $0.requireTraffic(request.suite), try $0.requirePrompt(planned.content.prompt)
            )
        }
        if !planned.created.isEmpty { try caller.require(.makeRelease) }
        let requests = try await parts.sets.requests(known.digest)
        let cases = try await LongWork.run(bytes: Int(clamping: known.sizeBytes)) {
            try RequestFit(requests, prompt: asked.document).require(set: known.name, asked.id, planned.id)
            return DistinctRequests(requests).count
        }
        try await parts.requireContext(of: planned, for: requests, of: known.name)
        return try await parts.ledger.append(by: caller) { state in
            let suite = try state.requireTraffic(request.suite)
            let release = try planned.again(in: state)
            let prompt = try state.requirePrompt(release.content.prompt)
            guard suite.labelled > 0 || prompt.document.output != nil else {
                throw ControlPlaneError(
                    .badRequest,
                    "no answer to \(suite.name) could be called right or wrong",
                    why: "none of its requests says what is expected, and \(prompt.id) has no output schema",
                    next: "import a suite whose lines have \"expected\": \(.trafficImport())"
                )
            }
            try WaitingLimit.evaluations.require(
                state.openEvaluationJobs(limit: WaitingLimit.evaluations.ofAll).filter { $0.state == .running }
                    .map(\.startedBy),
                caller
            )
            let event = EvaluationStarted(
                id: try state.nextEvaluationID(),
                release: release.id,
                suite: suite.name,
                suiteDigest: suite.digest,
                cases: cases
            )
            return Change(release.created + [.evaluationStarted(event)]) { state in
                guard let job = try state.evaluationJob(event.id) else {
                    throw ControlPlaneError(.internalFault, "the evaluation is not in the log")
                }
                return job
            }
        }.answer
    }

    private func view(_ record: EvaluationRecord) throws -> EvaluationView {
        let result = try parts.evidence.read(EvaluationResult.self, record.evidence)
        let samples = result.scores.map(\.samples).max() ?? 0
        return EvaluationView(
            job: record.id.description,
            release: record.release,
            suite: record.suite,
            progress: WorkProgress(done: samples, total: samples, elapsedSeconds: result.seconds),
            record: record,
            result: result
        )
    }

    private func view(_ job: EvaluationJob) -> EvaluationView {
        EvaluationView(
            job: job.id.description,
            release: job.release,
            suite: job.suite,
            progress: progress(of: job),
            startedBy: job.startedBy,
            startedAt: job.startedAt,
            problem: job.reason.map { Problem(status: 500, title: $0, exit: ExitCode.error.rawValue) }
        )
    }
}
