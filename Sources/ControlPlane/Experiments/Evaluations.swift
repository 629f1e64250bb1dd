import Artifacts
import Catalog
import Digests
public import RegistryRecords
public import RegistryTypes
import Replay
import UserDocuments
public import WireFormat
import Wording

/// Evaluations: a release answers the cases of a suite.
public struct Evaluations: Sendable {
    let parts: ExperimentParts

    /// Evaluations that may wait.
    private static let maxWaiting = 50

    /// Finished evaluations of a model, or all, newest first.
    public func list(model: Name?, before: Int?, limit: Int) async throws -> [EvaluationRecord] {
        try await parts.ledger.read {
            try $0.requireKnown(model)
            return try $0.evaluations(model: model, limit: limit, before: before.map { EvaluationID($0) })
        }
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
        let requests = try parts.sets.requests(job.suiteDigest)
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
                evidenceSizeBytes: stored.sizeBytes
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
    private func add(_ request: EvaluationRequest, by caller: Caller) async throws -> EvaluationJob {
        let release = try await parts.choices.ensure(request.release, by: caller)
        return try await parts.ledger.append(by: caller) { state in
            let suite = try state.requireTraffic(request.suite)
            let prompt = try state.requirePrompt(release.content.prompt)
            guard suite.labelled > 0 || prompt.document.output != nil else {
                throw ControlPlaneError(
                    .badRequest,
                    "no answer to \(suite.name) could be called right or wrong",
                    why: "none of its requests says what is expected, and \(prompt.id) has no output schema",
                    next: "import a suite whose lines have \"expected\": \(.trafficImport())"
                )
            }
            let waiting = try state.runningJobs(limit: 1000).count { if case .evaluation = $0 { true } else { false } }
            guard waiting < Self.maxWaiting else {
                throw ControlPlaneError(
                    .unavailable,
                    "too many evaluations are waiting",
                    next: "wait for some of them: \(.evaluationList())"
                )
            }
            let event = EvaluationStarted(
                id: try state.nextEvaluationID(),
                release: release.id,
                suite: suite.name,
                suiteDigest: suite.digest,
                cases: suite.requests
            )
            return Change([.evaluationStarted(event)]) { state in
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
            progress: parts.progress.progress(of: .evaluation(job.id)) ?? WorkProgress(waiting: job.cases),
            problem: job.reason.map { Problem(status: 500, title: $0, exit: ExitCode.error.rawValue) }
        )
    }
}
