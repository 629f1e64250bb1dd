import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    // MARK: Canaries

    /// Canaries, newest first.
    ///
    /// - Parameters:
    ///   - candidate: Only those with this release under test.
    ///   - model: Only those with a release of this model under test.
    ///   - before: Only those with a lower number.
    public func canaries(
        candidate: ReleaseID? = nil,
        model: Name? = nil,
        state: CanaryState? = nil,
        limit: Int = 50,
        before: CanaryID? = nil
    ) throws -> [CanaryRecord] {
        try rows(
            """
            \(Self.canaryColumns)
            WHERE (?1 IS NULL OR candidateModel = ?1) AND (?2 IS NULL OR candidateRelease = ?2)
                AND (?3 IS NULL OR state = ?3) AND number < ?4
            ORDER BY number DESC LIMIT ?5
            """,
            [
                (candidate?.model ?? model)?.text, candidate?.number, state?.rawValue, before?.number ?? Int.max,
                max(0, limit),
            ],
            Self.canary
        )
    }

    /// A canary by its number.
    public func canary(_ id: CanaryID) throws -> CanaryRecord? {
        try first("\(Self.canaryColumns) WHERE number = ?", [id.number], Self.canary)
    }

    /// The identifier the next canary gets.
    public func nextCanaryID() throws -> CanaryID { CanaryID(try next("canary")) }

    private static let canaryColumns = """
        SELECT number, candidateModel, candidateRelease, baselineModel, baselineRelease, traffic, trafficDigest,
            document, documentDigest, requests, seed, state, verdict, summary, evidence, requestsNeeded, startedBy,
            startedAt, finishedAt, failedChecks FROM canary
        """

    private static func canary(_ row: Row) throws -> CanaryRecord {
        CanaryRecord(
            id: CanaryID(try row.int(0)),
            candidate: ReleaseID(try row.name(1), try row.int(2)),
            baseline: ReleaseID(try row.name(3), try row.int(4)),
            traffic: try row.name(5),
            trafficDigest: try row.digest(6),
            document: try row.name(7),
            documentDigest: try row.digest(8),
            requests: try row.int(9),
            seed: UInt64(bitPattern: Int64(try row.int(10))),
            state: try row.word(CanaryState.self, 11),
            verdict: try row.optionalText(12).map { _ in try row.word(Verdict.self, 12) },
            summary: try row.optionalText(13),
            evidence: try row.optionalDigest(14),
            requestsNeeded: try row.optionalInt(15),
            failedChecks: try row.json([String].self, 19),
            startedBy: try row.text(16),
            startedAt: try row.time(17),
            finishedAt: try row.optionalTime(18)
        )
    }

    // MARK: Evaluations

    /// Evaluations, newest first.
    ///
    /// - Parameters:
    ///   - release: Only those of this release.
    ///   - model: Only those of releases of this model.
    ///   - suite: Only those on this suite.
    ///   - state: How far they are; nil for any.
    ///   - before: Only those with a lower number.
    public func evaluations(
        of release: ReleaseID? = nil,
        model: Name? = nil,
        suite: Name? = nil,
        state: EvaluationRecord.State? = .finished,
        limit: Int = 50,
        before: EvaluationID? = nil
    ) throws -> [EvaluationRecord] {
        try rows(
            """
            \(Self.evaluationColumns)
            WHERE (?1 IS NULL OR model = ?1) AND (?2 IS NULL OR release = ?2) AND (?3 IS NULL OR suite = ?3)
                AND number < ?4 AND (?5 IS NULL OR state = ?5)
            ORDER BY number DESC LIMIT ?6
            """,
            [
                (release?.model ?? model)?.text, release?.number, suite?.text, before?.number ?? Int.max,
                state?.rawValue, max(0, limit),
            ],
            Self.evaluation
        )
    }

    /// An evaluation by its number.
    public func evaluation(_ id: EvaluationID) throws -> EvaluationRecord? {
        try first("\(Self.evaluationColumns) WHERE number = ?", [id.number], Self.evaluation)
    }

    /// The identifier the next evaluation gets.
    public func nextEvaluationID() throws -> EvaluationID { EvaluationID(try next("evaluation")) }

    private static let evaluationColumns = """
        SELECT number, model, release, suite, suiteDigest, scores, evidence, startedBy, endedAt, startedAt, cases, state,
            summary FROM evaluation
        """

    private static func evaluation(_ row: Row) throws -> EvaluationRecord {
        EvaluationRecord(
            id: EvaluationID(try row.int(0)),
            release: ReleaseID(try row.name(1), try row.int(2)),
            suite: try row.name(3),
            suiteDigest: try row.digest(4),
            cases: try row.int(10),
            state: try row.word(EvaluationRecord.State.self, 11),
            scores: try row.json([EvaluationResult.Score].self, 5),
            evidence: try row.optionalDigest(6),
            summary: try row.optionalText(12),
            by: try row.text(7),
            startedAt: try row.time(9),
            at: try row.optionalTime(8) ?? row.time(9)
        )
    }

    // MARK: Decisions

    /// Decisions, newest first.
    ///
    /// - Parameters:
    ///   - release: Only those about this release.
    ///   - model: Only those about releases of this model.
    ///   - channel: Only those about moves of this channel.
    ///   - before: Only those with a lower number.
    public func decisions(
        about release: ReleaseID? = nil,
        model: Name? = nil,
        channel: Name? = nil,
        limit: Int = 50,
        before: DecisionID? = nil
    ) throws -> [DecisionRecord] {
        try rows(
            """
            \(Self.decisionColumns)
            WHERE (?1 IS NULL OR model = ?1) AND (?2 IS NULL OR release = ?2) AND (?3 IS NULL OR channel = ?3)
                AND number < ?4
            ORDER BY number DESC LIMIT ?5
            """,
            [
                (release?.model ?? model)?.text, release?.number, channel?.text, before?.number ?? Int.max,
                max(0, limit),
            ],
            Self.decision
        )
    }

    /// A decision by its number.
    public func decision(_ id: DecisionID) throws -> DecisionRecord? {
        try first("\(Self.decisionColumns) WHERE number = ?", [id.number], Self.decision)
    }

    /// The identifier the next decision gets.
    public func nextDecisionID() throws -> DecisionID { DecisionID(try next("decision")) }

    private static let decisionColumns = "SELECT number, decision, decidedBy, decidedAt FROM decision"

    private static func decision(_ row: Row) throws -> DecisionRecord {
        DecisionRecord(
            id: DecisionID(try row.int(0)),
            decision: try row.json(Decision.self, 1),
            by: try row.text(2),
            at: try row.time(3)
        )
    }

    func next(_ table: String) throws -> Int { (try number("SELECT max(number) FROM \(table)") ?? 0) + 1 }
}
