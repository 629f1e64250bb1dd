import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// Canaries, newest first.
    ///
    /// - Parameters:
    ///   - candidate: Only those with this release under test.
    ///   - baseline: Only those that compare with this release.
    ///   - model: Only those with a release of this model under test.
    ///   - traffic: Only those over this traffic set.
    ///   - extending: Only those that go on from this one.
    ///   - before: Only those with a lower number.
    public func canaries(
        candidate: ReleaseID? = nil,
        baseline: ReleaseID? = nil,
        model: Name? = nil,
        traffic: Name? = nil,
        state: CanaryState? = nil,
        extending: CanaryID? = nil,
        limit: Int = 50,
        before: CanaryID? = nil
    ) throws -> [CanaryRecord] {
        var query = ListQuery()
        query.add("candidateModel = ?", (candidate?.model ?? model)?.text)
        query.add("candidateRelease = ?", candidate?.number)
        query.add("baselineModel = ?", baseline?.model.text)
        query.add("baselineRelease = ?", baseline?.number)
        query.add("traffic = ?", traffic?.text)
        query.add("state = ?", state?.rawValue)
        query.add("json_extract(event, '$.extends.canary') = ?", extending?.description)
        query.add("number < ?", before?.number)
        query.limit(limit)
        return try rows(
            "\(Self.canaryColumns) \(query.text) ORDER BY number DESC LIMIT ?",
            query.arguments,
            Self.canary
        )
    }

    /// A canary by its number.
    public func canary(_ id: CanaryID) throws -> CanaryRecord? {
        try first("\(Self.canaryColumns) WHERE number = ?", [id.number], Self.canary)
    }

    /// The newest event of a canary: its end, or its start while it runs; nil when there is none of that number.
    public func newestEvent(of canary: CanaryID) throws -> Int? {
        try number("SELECT coalesce(finishedSeq, seq) FROM canary WHERE number = ?", [canary.number])
    }

    /// The identifier the next canary gets.
    public func nextCanaryID() throws -> CanaryID { CanaryID(try next("canary")) }

    private static let canaryColumns = "SELECT event, state, outcome, startedBy, startedAt, finishedAt FROM canary"

    private static func canary(_ row: Row) throws -> CanaryRecord {
        let outcome: CanaryRecord.Outcome =
            switch try row.word(CanaryState.self, 1) {
            case .running: .running
            case .judged: .judged(try row.json(CanaryJudged.self, 2))
            case .stopped: .stopped(try row.json(CanaryStopped.self, 2).reason)
            }
        return CanaryRecord(
            try row.json(CanaryStarted.self, 0),
            outcome: outcome,
            startedBy: try row.text(3),
            startedAt: try row.time(4),
            finishedAt: try row.optionalTime(5)
        )
    }
}

extension Projection {
    func apply(_ body: CanaryStarted, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextCanaryID().number, "canary")
        for release in [body.candidate, body.baseline] where try state.release(release) == nil {
            throw try state.missing(.release(release))
        }
        guard let traffic = try state.traffic(body.traffic) else { throw try state.missing(.traffic(body.traffic)) }
        guard traffic.digest == body.trafficDigest else {
            throw CatalogError.refused("traffic set \(body.traffic) has other requests than canary \(body.id) names")
        }
        if let extends = body.extends {
            guard let earlier = try state.canary(extends.canary) else {
                throw try state.missing(.canary(extends.canary))
            }
            guard extends.leads(from: earlier, to: body) else {
                throw CatalogError.refused("canary \(body.id) does not go on from \(extends.canary)")
            }
        }
        try write(
            """
            INSERT INTO canary (number, candidateModel, candidateRelease, baselineModel, baselineRelease, traffic,
                event, state, startedBy, startedAt, seq) VALUES (?, ?, ?, ?, ?, ?, ?, 'running', ?, ?, ?)
            """,
            [
                body.id.number, body.candidate.model.text, body.candidate.number, body.baseline.model.text,
                body.baseline.number, body.traffic.text, jsonColumn(body), entry.actor, entry.time.milliseconds,
                entry.seq,
            ]
        )
    }

    func apply(_ body: CanaryJudged, _ entry: Event) throws {
        try addBlob(body.evidence, sizeBytes: body.evidenceSizeBytes, entry)
        try expectRunning(body.id)
        var outcome = body
        outcome.evidenceSizeBytes = nil
        try write(
            """
            UPDATE canary SET state = 'judged', outcome = ?, evidence = ?, finishedAt = ?, finishedSeq = ?
            WHERE number = ?
            """,
            [jsonColumn(outcome), body.evidence.column, entry.time.milliseconds, entry.seq, body.id.number]
        )
    }

    func apply(_ body: CanaryStopped, _ entry: Event) throws {
        try expectRunning(body.id)
        try write(
            "UPDATE canary SET state = 'stopped', outcome = ?, finishedAt = ?, finishedSeq = ? WHERE number = ?",
            [jsonColumn(body), entry.time.milliseconds, entry.seq, body.id.number]
        )
    }

    /// A verdict is given once and stays.
    private func expectRunning(_ id: CanaryID) throws {
        guard let canary = try state.canary(id) else { throw try state.missing(.canary(id)) }
        guard canary.state == .running else { throw CatalogError.canaryEnded(id, state: canary.state) }
    }
}
