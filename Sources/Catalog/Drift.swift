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
        let query = Self.newest(model, before: before?.number, limit)
        return try rows("\(Self.baselineColumns) \(query.text) ORDER BY number DESC LIMIT ?", query.arguments) {
            try $0.recorded()
        }
    }

    /// The reference that counts for a channel: its newest, or the newest of all the model's traffic; nil for none.
    public func baseline(of model: Name, channel: Name?) throws -> DriftBaselineRecord? {
        try first(
            """
            \(Self.baselineColumns) WHERE model = ?1 AND (channel IS ?2 OR channel IS NULL) ORDER BY number DESC LIMIT 1
            """,
            [model.text, channel?.text]
        ) { try $0.recorded() }
    }

    /// A reference by its number.
    public func baseline(_ id: BaselineID) throws -> DriftBaselineRecord? {
        try first("\(Self.baselineColumns) WHERE number = ?", [id.number]) { try $0.recorded() }
    }

    /// The identifier the next reference gets.
    public func nextBaselineID() throws -> BaselineID { BaselineID(try next("driftBaseline")) }

    /// Drift reports, newest first.
    ///
    /// - Parameters:
    ///   - model: Only those of this model.
    ///   - before: Only those with a lower number.
    public func driftReports(of model: Name? = nil, limit: Int = 50, before: DriftID? = nil) throws -> [DriftRecord] {
        let query = Self.newest(model, before: before?.number, limit)
        return try rows("\(Self.driftColumns) \(query.text) ORDER BY number DESC LIMIT ?", query.arguments) {
            try $0.recorded()
        }
    }

    /// A drift report by its number.
    public func driftReport(_ id: DriftID) throws -> DriftRecord? {
        try first("\(Self.driftColumns) WHERE number = ?", [id.number]) { try $0.recorded() }
    }

    /// The identifier the next drift report gets.
    public func nextDriftID() throws -> DriftID { DriftID(try next("drift")) }

    private static func newest(_ model: Name?, before: Int?, _ limit: Int) -> ListQuery {
        var query = ListQuery()
        query.add("model = ?", model?.text)
        query.add("number < ?", before)
        query.limit(limit)
        return query
    }

    private static let baselineColumns = "SELECT event, setBy, setAt FROM driftBaseline"
    private static let driftColumns = "SELECT event, askedBy, askedAt FROM drift"
}

extension Projection {
    func apply(_ body: DriftBaselineSet, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextBaselineID().number, "baseline")
        guard try state.hasModel(body.model) else { throw try state.missing(.model(body.model)) }
        if let number = body.release {
            let release = ReleaseID(body.model, number)
            guard try state.release(release) != nil else { throw try state.missing(.release(release)) }
        }
        try addBlob(body.reference, sizeBytes: body.referenceSizeBytes, entry)
        var event = body
        event.referenceSizeBytes = nil
        try write(
            """
            INSERT INTO driftBaseline (number, model, channel, release, reference, event, setBy, setAt, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.number, body.model.text, body.channel?.text, body.release, body.reference.column,
                jsonColumn(event), entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }

    func apply(_ body: DriftReported, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextDriftID().number, "drift report")
        guard let baseline = try state.baseline(body.baseline) else {
            throw try state.missing(.baseline(body.baseline))
        }
        guard baseline.model == body.model else {
            throw CatalogError.refused("baseline \(body.baseline) is one of \(baseline.model), not of \(body.model)")
        }
        try addBlob(body.evidence, sizeBytes: body.evidenceSizeBytes, entry)
        var event = body
        event.evidenceSizeBytes = nil
        try write(
            "INSERT INTO drift (number, model, baseline, evidence, event, askedBy, askedAt, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                body.id.number, body.model.text, body.baseline.number, body.evidence.column, jsonColumn(event),
                entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }
}
