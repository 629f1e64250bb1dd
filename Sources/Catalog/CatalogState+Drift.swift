import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// References of drift, newest first.
    ///
    /// - Parameters:
    ///   - model: Only those of this model.
    ///   - before: Only those with a lower number.
    public func baselines(of model: Name? = nil, limit: Int = 50, before: BaselineID? = nil) throws
        -> [DriftBaselineRecord]
    {
        try rows(
            "\(Self.baselineColumns) WHERE (?1 IS NULL OR model = ?1) AND number < ?2 ORDER BY number DESC LIMIT ?3",
            [model?.text, before?.number ?? Int.max, max(0, limit)],
            Self.baseline
        )
    }

    /// The reference that counts for a channel: its newest, or the newest of all the model's traffic; nil for none.
    public func baseline(of model: Name, channel: Name?) throws -> DriftBaselineRecord? {
        try first(
            """
            \(Self.baselineColumns) WHERE model = ?1 AND (channel IS ?2 OR channel IS NULL) ORDER BY number DESC LIMIT 1
            """,
            [model.text, channel?.text],
            Self.baseline
        )
    }

    /// A reference by its number.
    public func baseline(_ id: BaselineID) throws -> DriftBaselineRecord? {
        try first("\(Self.baselineColumns) WHERE number = ?", [id.number], Self.baseline)
    }

    /// The identifier the next reference gets.
    public func nextBaselineID() throws -> BaselineID { BaselineID(try next("driftBaseline")) }

    /// Drift reports, newest first.
    ///
    /// - Parameters:
    ///   - model: Only those of this model.
    ///   - before: Only those with a lower number.
    public func driftReports(of model: Name? = nil, limit: Int = 50, before: DriftID? = nil) throws -> [DriftRecord] {
        try rows(
            "\(Self.driftColumns) WHERE (?1 IS NULL OR model = ?1) AND number < ?2 ORDER BY number DESC LIMIT ?3",
            [model?.text, before?.number ?? Int.max, max(0, limit)],
            Self.drift
        )
    }

    /// A drift report by its number.
    public func driftReport(_ id: DriftID) throws -> DriftRecord? {
        try first("\(Self.driftColumns) WHERE number = ?", [id.number], Self.drift)
    }

    /// The identifier the next drift report gets.
    public func nextDriftID() throws -> DriftID { DriftID(try next("drift")) }

    private static let baselineColumns = """
        SELECT number, model, channel, how, windowFrom, windowTo, requests, release, referenceModel, reference, reason,
            setBy, setAt FROM driftBaseline
        """

    private static func baseline(_ row: Row) throws -> DriftBaselineRecord {
        DriftBaselineRecord(
            id: BaselineID(try row.int(0)),
            model: try row.name(1),
            channel: try row.optionalText(2).map { try Name($0) },
            how: try row.word(DriftBaselineSet.How.self, 3),
            window: DriftWindow(from: try row.time(4), to: try row.time(5), requests: try row.int(6)),
            release: try row.optionalInt(7),
            referenceModel: try row.optionalDigest(8),
            reference: try row.digest(9),
            reason: try row.optionalText(10),
            by: try row.text(11),
            at: try row.time(12)
        )
    }

    private static let driftColumns = """
        SELECT number, model, channel, baseline, windowFrom, windowTo, requests, verdict, sentence, leading, moved,
            evidence, askedBy, askedAt FROM drift
        """

    private static func drift(_ row: Row) throws -> DriftRecord {
        DriftRecord(
            id: DriftID(try row.int(0)),
            model: try row.name(1),
            channel: try row.optionalText(2).map { try Name($0) },
            baseline: BaselineID(try row.int(3)),
            window: DriftWindow(from: try row.time(4), to: try row.time(5), requests: try row.int(6)),
            verdict: try row.word(DriftVerdict.self, 7),
            sentence: try row.text(8),
            leading: try row.optionalText(9),
            moved: try row.json([String].self, 10),
            evidence: try row.digest(11),
            by: try row.text(12),
            at: try row.time(13)
        )
    }
}
