import RegistryTypes
import WireFormat

/// Starts an evaluation and waits for its result.
struct EvaluationWork: Sendable {
    let session: Session
    let limitSeconds: Double?

    /// Runs to the end.
    ///
    /// - Throws: `Problem`, also when the run could not be finished; ``CommandsError``.
    func run(_ request: EvaluationRequest) async throws -> EvaluationView {
        let started: EvaluationView = try await session.client.post(APIPath.evaluations, request)
        return try await wait(started.job)
    }

    /// Waits for a job.
    func wait(_ job: String) async throws -> EvaluationView {
        let waiting = Waiting(
            session: session,
            what: "evaluation \(job)",
            next: "serin eval show \(job)",
            limitSeconds: limitSeconds
        )
        let view: EvaluationView = try await waiting.until(
            label: { "evaluation \($0.job)  \($0.release) on \($0.suite)" },
            progress: { $0.progress },
            isDone: { $0.result != nil || $0.problem != nil }
        ) { try await session.client.get(APIPath.evaluation(job)) }
        if let problem = view.problem { throw problem }
        return view
    }
}
