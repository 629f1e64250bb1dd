import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// Incidents, newest first.
    ///
    /// - Parameters:
    ///   - model: Only those of this model.
    ///   - isOpen: Only open ones, or only closed ones.
    ///   - before: Only those with a lower number.
    public func incidents(
        of model: Name? = nil,
        isOpen: Bool? = nil,
        limit: Int = 50,
        before: IncidentID? = nil
    ) throws -> [IncidentRecord] {
        try rows(
            """
            \(Self.incidentColumns)
            WHERE (?1 IS NULL OR model = ?1) AND (?2 IS NULL OR (closedAt IS NULL) = ?2) AND number < ?3
            ORDER BY number DESC LIMIT ?4
            """,
            [model?.text, isOpen, before?.number ?? Int.max, max(0, limit)],
            Self.incident
        )
    }

    /// The incidents that a rollout opened or was named in, oldest first.
    public func incidents(in rollout: RolloutID) throws -> [IncidentRecord] {
        try rows("\(Self.incidentColumns) WHERE rollout = ? ORDER BY number", [rollout.number], Self.incident)
    }

    /// The open incident of a model in a family; nil for none.
    public func openIncident(_ model: Name, _ family: IncidentFamily) throws -> IncidentRecord? {
        try first(
            "\(Self.incidentColumns) WHERE model = ? AND family = ? AND closedAt IS NULL",
            [model.text, family.rawValue],
            Self.incident
        )
    }

    /// An incident by its number.
    public func incident(_ id: IncidentID) throws -> IncidentRecord? {
        try first("\(Self.incidentColumns) WHERE number = ?", [id.number], Self.incident)
    }

    /// The timeline of an incident, oldest first.
    public func timeline(of id: IncidentID, limit: Int = 1000) throws -> [IncidentEntry] {
        try rows(
            "SELECT seq, incident, kind, text, by, at FROM incidentEntry WHERE incident = ? ORDER BY seq LIMIT ?",
            [id.number, max(0, limit)]
        ) { row in
            IncidentEntry(
                seq: try row.int(0),
                incident: IncidentID(try row.int(1)),
                kind: try row.word(IncidentEntry.Kind.self, 2),
                text: try row.text(3),
                by: try row.text(4),
                at: try row.time(5)
            )
        }
    }

    /// The identifier the next incident gets.
    public func nextIncidentID() throws -> IncidentID { IncidentID(try next("incident")) }

    private static let incidentColumns = """
        SELECT number, model, family, severity, title, sentence, facts, channel, release, rollout, lastMoves, samples,
            openedBy, openedAt, closedBy, closedAt, closedReason FROM incident
        """

    private static func incident(_ row: Row) throws -> IncidentRecord {
        IncidentRecord(
            id: IncidentID(try row.int(0)),
            model: try row.name(1),
            family: try row.word(IncidentFamily.self, 2),
            severity: try row.word(IncidentSeverity.self, 3),
            title: try row.text(4),
            sentence: try row.text(5),
            facts: try row.json([String].self, 6),
            channel: try row.optionalText(7).map { try Name($0) },
            release: try row.optionalInt(8),
            rollout: try row.optionalInt(9).map { RolloutID($0) },
            lastMoves: try row.json([ChannelMove].self, 10),
            samples: try row.json([RequestID].self, 11),
            openedBy: try row.text(12),
            openedAt: try row.time(13),
            closedBy: try row.optionalText(14),
            closedAt: try row.optionalTime(15),
            closedReason: try row.optionalText(16)
        )
    }
}
