import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
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
        var query = ListQuery()
        query.add("model = ?", (release?.model ?? model)?.text)
        query.add("release = ?", release?.number)
        query.add("channel = ?", channel?.text)
        query.add("number < ?", before?.number)
        query.limit(limit)
        return try rows("\(Self.decisionColumns) \(query.text) ORDER BY number DESC LIMIT ?", query.arguments) {
            try $0.recorded()
        }
    }

    /// A decision by its number.
    public func decision(_ id: DecisionID) throws -> DecisionRecord? {
        try first("\(Self.decisionColumns) WHERE number = ?", [id.number]) { try $0.recorded() }
    }

    /// The identifier the next decision gets.
    public func nextDecisionID() throws -> DecisionID { DecisionID(try next("decision")) }

    private static let decisionColumns = "SELECT event, decidedBy, decidedAt FROM decision"
}

extension Projection {
    func apply(_ body: DecisionRecorded, _ entry: Event) throws {
        let decision = body.decision
        try expect(body.id.number, toBe: state.nextDecisionID().number, "decision")
        guard try state.release(decision.release) != nil else { throw try state.missing(.release(decision.release)) }
        try write(
            """
            INSERT INTO decision (number, model, release, channel, event, decidedBy, decidedAt, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.number, decision.release.model.text, decision.release.number, decision.channel.text,
                jsonColumn(body), entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }
}
