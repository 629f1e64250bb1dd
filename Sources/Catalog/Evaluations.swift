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
        try rows(
            """
            \(Self.evaluationColumns)
            WHERE (?1 IS NULL OR model = ?1) AND (?2 IS NULL OR release = ?2) AND (?3 IS NULL OR suite = ?3)
                AND number < ?4
            ORDER BY number DESC LIMIT ?5
            """,
            [
                (release?.model ?? model)?.text, release?.number, suite?.text, before?.number ?? Int.max,
                max(0, limit),
            ]
        ) { try $0.recorded() }
    }

    /// An evaluation by its number.
    public func evaluation(_ id: EvaluationID) throws -> EvaluationRecord? {
        try first("\(Self.evaluationColumns) WHERE number = ?", [id.number]) { try $0.recorded() }
    }

    /// The identifier the next evaluation gets.
    public func nextEvaluationID() throws -> EvaluationID { EvaluationID(try next("evaluation")) }

    private static let evaluationColumns = "SELECT event, finishedBy, finishedAt FROM evaluation"
}

extension Projection {
    func apply(_ body: EvaluationFinished, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextEvaluationID().number, "evaluation")
        guard try state.release(body.release) != nil else { throw try state.missing(.release(body.release)) }
        guard let suite = try state.traffic(body.suite) else { throw try state.missing(.traffic(body.suite)) }
        guard suite.digest == body.suiteDigest else {
            throw CatalogError.refused("suite \(body.suite) has other requests than evaluation \(body.id) names")
        }
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
}
