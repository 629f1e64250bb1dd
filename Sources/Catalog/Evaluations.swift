import Digests
import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// Evaluations, newest first.
    ///
    /// - Parameters:
    ///   - release: Only those of this release.
    ///   - model: Only those of releases of this model.
    ///   - suite: Only those on this suite.
    ///   - before: Only those with a lower number.
    public func evaluations(
        of release: ReleaseID? = nil,
        model: Name? = nil,
        suite: Name? = nil,
        limit: Int = 50,
        before: EvaluationID? = nil
    ) throws -> [EvaluationRecord] {
        var query = ListQuery()
        query.add("model = ?", (release?.model ?? model)?.text)
        query.add("release = ?", release?.number)
        query.add("suite = ?", suite?.text)
        query.add("number < ?", before?.number)
        query.limit(limit)
        return try rows("\(Self.evaluationColumns) \(query.text) ORDER BY number DESC LIMIT ?", query.arguments) {
            try $0.recorded()
        }
    }

    /// An evaluation by its number.
    public func evaluation(_ id: EvaluationID) throws -> EvaluationRecord? {
        try first("\(Self.evaluationColumns) WHERE number = ?", [id.number]) { try $0.recorded() }
    }

    /// Which of the two tables of jobs a row is from.
    private enum Table: String {
        case canary, evaluation
    }

    /// The jobs that run or wait, in the order in which the log has them: a clock may go back, entries do not.
    public func runningJobs(limit: Int) throws -> [JobID] {
        try rows(
            """
            SELECT 'canary', number, seq FROM canary WHERE state = 'running'
            UNION ALL SELECT 'evaluation', number, seq FROM evaluationJob WHERE state = 'running'
            ORDER BY seq LIMIT ?
            """,
            [max(0, limit)]
        ) { row in
            switch try row.word(Table.self, 0) {
            case .canary: .canary(CanaryID(try row.int(1)))
            case .evaluation: .evaluation(EvaluationID(try row.int(1)))
            }
        }
    }

    /// What was asked for under a number; nil for evaluations of the first builds, which only wrote results down.
    public func evaluationJob(_ id: EvaluationID) throws -> EvaluationJob? {
        try first("\(Self.jobColumns) WHERE number = ?", [id.number], Self.job)
    }

    /// Evaluations without a result, newest first: those that run or wait, and those that were stopped.
    ///
    /// - Parameters:
    ///   - model: Only those of releases of this model.
    ///   - state: Only those that are so far.
    ///   - before: Only those with a lower number.
    public func openEvaluationJobs(
        model: Name? = nil,
        state: EvaluationJob.State? = nil,
        limit: Int = 50,
        before: EvaluationID? = nil
    ) throws -> [EvaluationJob] {
        var query = ListQuery()
        query.require("state <> 'finished'")
        query.add("model = ?", model?.text)
        query.add("state = ?", state?.rawValue)
        query.add("number < ?", before?.number)
        query.limit(limit)
        return try rows("\(Self.jobColumns) \(query.text) ORDER BY number DESC LIMIT ?", query.arguments, Self.job)
    }

    /// The identifier the next evaluation gets.
    public func nextEvaluationID() throws -> EvaluationID {
        EvaluationID(max(try next("evaluation"), try next("evaluationJob")))
    }

    private static let jobColumns = "SELECT event, state, reason, startedBy, startedAt FROM evaluationJob"

    private static let job: @Sendable (Row) throws -> EvaluationJob = { row in
        EvaluationJob(
            try row.json(EvaluationStarted.self, 0),
            state: try row.word(EvaluationJob.State.self, 1),
            reason: try row.optionalText(2),
            startedBy: try row.text(3),
            startedAt: try row.time(4)
        )
    }

    /// Whoever asked for it; who wrote down the result, for evaluations of the first builds.
    private static let evaluationColumns = """
        SELECT event, coalesce((SELECT startedBy FROM evaluationJob AS job WHERE job.number = evaluation.number),
            finishedBy), finishedAt FROM evaluation
        """
}

extension Projection {
    func apply(_ body: EvaluationStarted, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextEvaluationID().number, "evaluation")
        try expectSubjects(body.id, body.release, body.suite, body.suiteDigest)
        try write(
            """
            INSERT INTO evaluationJob (number, model, release, suite, event, startedBy, startedAt, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.number, body.release.model.text, body.release.number, body.suite.text, jsonColumn(body),
                entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }

    func apply(_ body: EvaluationStopped, _ entry: Event) throws {
        guard let job = try state.evaluationJob(body.id) else { throw try state.missing(.evaluation(body.id)) }
        try end(job, as: .stopped, reason: body.reason, entry)
    }

    func apply(_ body: EvaluationFinished, _ entry: Event) throws {
        if let job = try state.evaluationJob(body.id) {
            guard job.release == body.release, job.suiteDigest == body.suiteDigest else {
                throw CatalogError.refused("evaluation \(body.id) was asked for with another release or suite")
            }
            try end(job, as: .finished, reason: nil, entry)
        } else {
            // The first builds wrote an evaluation down when it had ended, and not when it was asked for.
            try expect(body.id.number, toBe: state.nextEvaluationID().number, "evaluation")
        }
        try expectSubjects(body.id, body.release, body.suite, body.suiteDigest)
        try addBlob(body.evidence, sizeBytes: body.evidenceSizeBytes, entry)
        var event = body
        event.evidenceSizeBytes = nil
        try write(
            """
            INSERT INTO evaluation (number, model, release, suite, evidence, event, finishedBy, finishedAt, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.number, body.release.model.text, body.release.number, body.suite.text, body.evidence.column,
                jsonColumn(event), entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }

    private func expectSubjects(_ id: EvaluationID, _ release: ReleaseID, _ suite: Name, _ digest: Digest) throws {
        guard try state.release(release) != nil else { throw try state.missing(.release(release)) }
        guard let traffic = try state.traffic(suite) else { throw try state.missing(.traffic(suite)) }
        guard traffic.digest == digest else {
            throw CatalogError.refused("suite \(suite) has other requests than evaluation \(id) names")
        }
    }

    /// A result is given once and stays.
    private func end(_ job: EvaluationJob, as end: EvaluationJob.State, reason: String?, _ entry: Event) throws {
        guard job.state == .running else {
            throw CatalogError.refused("evaluation \(job.event.id) is \(job.state.rawValue) and cannot end again")
        }
        try write(
            "UPDATE evaluationJob SET state = ?, reason = ?, finishedSeq = ? WHERE number = ?",
            [end.rawValue, reason, entry.seq, job.event.id.number]
        )
    }
}
