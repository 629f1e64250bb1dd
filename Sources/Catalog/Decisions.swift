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
            ]
        ) { try $0.recorded() }
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
