import Artifacts
import Catalog
import Foundation
import Logging
public import RegistryRecords
public import RegistryTypes
import Replay
import UserDocuments
public import WireFormat

/// Evaluations: a release answers the cases of a suite.
extension ControlPlane {
    /// Evaluations of a model, or all, newest first.
    public func evaluations(model: Name?, limit: Int) async throws -> [EvaluationRecord] {
        try await read { try $0.evaluations(model: model, limit: min(max(limit, 1), 1000)) }
    }

    /// An evaluation by its job, such as `job-3`, or its number, such as `e-51`.
    public func evaluation(_ id: String) async throws -> EvaluationView {
        if let view = evaluationBoard.view(id) { return view }
        guard let number = try? EvaluationID(text: id),
            let record = try await read({ try $0.evaluation(number) })
        else {
            throw ControlPlaneError(
                .notFound,
                "no evaluation \"\(id)\"",
                why: id.hasPrefix("job-")
                    ? "one that was running when the server stopped has to be asked for again" : nil,
                next: "serin eval list"
            )
        }
        let result = try evidence(EvaluationResult.self, record.evidence)
        let samples = result.scores.map(\.samples).max() ?? 0
        return EvaluationView(
            job: id,
            release: record.release,
            suite: record.suite,
            progress: WorkProgress(done: samples, total: samples, elapsedSeconds: result.seconds),
            record: record,
            result: result
        )
    }

    /// Asks for an evaluation; it runs in the background.
    ///
    /// - Throws: ``ControlPlaneError``; `badRequest` when no request of the suite says what should come.
    public func startEvaluation(_ request: EvaluationRequest, by caller: Caller) async throws -> EvaluationView {
        try caller.require(.publish, to: "run evaluations")
        let (release, suite) = try await subjects(of: request, by: caller)
        guard let view = evaluationBoard.add(release, suite, by: caller) else {
            throw ControlPlaneError(
                .unavailable,
                "too many evaluations are waiting",
                next: "wait for some of them: serin eval list"
            )
        }
        evaluationBell.ring()
        return view
    }

    /// Runs evaluations in the order asked until cancelled.
    func runEvaluations() async {
        for await _ in evaluationBell.rings {
            while !Task.isCancelled, let job = evaluationBoard.take() { await run(job) }
            if Task.isCancelled { return }
        }
    }

    /// Evaluates a release and waits for the result.
    func evaluate(_ request: EvaluationRequest, by caller: Caller) async throws -> EvaluationRecord {
        let (release, suite) = try await subjects(of: request, by: caller)
        return try await evaluate(release, on: suite, by: caller) { _, _ in }.record
    }

    /// The release and the suite of an evaluation that can say something.
    private func subjects(of request: EvaluationRequest, by caller: Caller) async throws -> (
        ReleaseRecord, TrafficRecord
    ) {
        let release = try await ensureRelease(request.release, by: caller)
        return try await read { state in
            let suite = try Self.requireTraffic(request.suite, in: state)
            let prompt = try Self.requirePrompt(release.content.prompt, in: state)
            guard suite.labelled > 0 || prompt.document.output != nil else {
                throw ControlPlaneError(
                    .badRequest,
                    "no answer to \(suite.name) could be called right or wrong",
                    why: "none of its requests says what is expected, and \(prompt.id) has no output schema",
                    next: "import a suite whose lines have \"expected\": serin traffic import FILE --name NAME"
                )
            }
            return (release, suite)
        }
    }

    private func run(_ job: EvaluationQueue.Job) async {
        do {
            let (record, result) = try await evaluate(job.release, on: job.suite, by: job.caller) { done, seconds in
                self.evaluationBoard.show(
                    job,
                    WorkProgress(done: done, total: job.suite.requests, elapsedSeconds: seconds)
                )
            }
            evaluationBoard.finish(job, record, result)
        } catch {
            if Task.isCancelled { return }
            logger.error("evaluation stopped", metadata: ["job": "\(job.id)", "error": "\(error)"])
            evaluationBoard.fail(job, Problem(status: 500, title: "\(error)", exit: ExitCode.error.rawValue))
        }
    }

    private func evaluate(
        _ release: ReleaseRecord,
        on suite: TrafficRecord,
        by caller: Caller,
        progress: @escaping @Sendable (_ done: Int, _ elapsedSeconds: Double) -> Void
    ) async throws -> (record: EvaluationRecord, result: EvaluationResult) {
        let requests = try TrafficSetFile.requests(in: blobs, suite.digest)
        let result = try await EvaluationReplay(requests: requests)
            .run(try await replaySide(release), progress: progress)
        let stored = try store(evidence: result)
        let events = try await append(by: caller) { state in
            [
                .evaluationFinished(
                    EvaluationFinished(
                        id: try state.nextEvaluationID(),
                        release: release.id,
                        suite: suite.name,
                        suiteDigest: suite.digest,
                        scores: result.scores,
                        evidence: stored.digest,
                        evidenceSizeBytes: stored.sizeBytes
                    )
                )
            ]
        }
        guard let subject = events.first?.subject,
            let record = try await read({ try $0.evaluation(EvaluationID(text: subject)) })
        else { throw ControlPlaneError(.internalFault, "the evaluation is not in the log") }
        return (record, result)
    }
}
