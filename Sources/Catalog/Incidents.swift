import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// Incidents, newest first.
    ///
    /// - Parameters:
    ///   - model: Only those of this model.
    ///   - isOpen: Only open ones, or only closed ones.
    ///   - families: Only those of one of these families: the limit is of these, and not of what others opened meanwhile.
    ///   - before: Only those with a lower number.
    public func incidents(
        of model: Name? = nil,
        isOpen: Bool? = nil,
        families: Set<IncidentFamily>? = nil,
        limit: Int = 50,
        before: IncidentID? = nil
    ) throws -> [IncidentRecord] {
        var query = ListQuery()
        query.add("model = ?", model?.text)
        query.add("(closedAt IS NULL) = ?", isOpen)
        query.add("number < ?", before?.number)
        let wanted = families.map { ",\($0.map(\.rawValue).sorted().joined(separator: ","))," }
        query.add("instr(?, ',' || family || ',') > 0", wanted)
        query.limit(limit)
        return try rows(
            "\(Self.incidentColumns) \(query.text) ORDER BY number DESC LIMIT ?",
            query.arguments,
            Self.incident
        )
    }

    /// How many incidents are open, of a model or in all, and since when the oldest is: an index holds them.
    public func openIncidents(of model: Name? = nil) throws -> OpenIncidents {
        var query = ListQuery()
        query.add("model = ?", model?.text)
        query.add("(closedAt IS NULL) = ?", true)
        let count = try first("SELECT count(*) FROM incident \(query.text)", query.arguments) { try $0.int(0) }
        let oldest = try first(
            "SELECT openedAt FROM incident \(query.text) ORDER BY number LIMIT 1",
            query.arguments
        ) { try $0.time(0) }
        return OpenIncidents(count: count ?? 0, oldest: oldest)
    }

    /// The incidents that a rollout opened or was named in, oldest first.
    public func incidents(in rollout: RolloutID) throws -> [IncidentRecord] {
        try rows("\(Self.incidentColumns) WHERE rollout = ? ORDER BY number", [rollout.number], Self.incident)
    }

    /// The open incident of a model in a family and channel; nil for none.
    ///
    /// - Parameter channel: Nil for the one that is about no channel.
    public func openIncident(_ model: Name, _ family: IncidentFamily, in channel: Name?) throws -> IncidentRecord? {
        try first(
            """
            \(Self.incidentColumns)
            WHERE model = ? AND family = ? AND ifnull(json_extract(event, '$.channel'), '') = ? AND closedAt IS NULL
            """,
            [model.text, family.rawValue, channel?.text ?? ""],
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

    private static let incidentColumns =
        "SELECT event, openedBy, openedAt, closed, closedBy, closedAt FROM incident"

    private static func incident(_ row: Row) throws -> IncidentRecord {
        IncidentRecord(
            try row.json(IncidentOpened.self, 0),
            openedBy: try row.text(1),
            openedAt: try row.time(2),
            closed: try row.optionalText(3).map { _ in try row.recorded(from: 3) }
        )
    }
}

extension Projection {
    func apply(_ body: IncidentOpened, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextIncidentID().number, "incident")
        guard try state.hasModel(body.model) else { throw try state.missing(.model(body.model)) }
        if let open = try state.openIncident(body.model, body.family, in: body.channel) {
            throw CatalogError.alreadyExists(
                what: "an open \(body.family.rawValue) incident of \(body.model)"
                    + (body.channel.map { "@\($0)" } ?? ""),
                name: open.id.description
            )
        }
        try write(
            """
            INSERT INTO incident (number, model, family, release, rollout, event, openedBy, openedAt, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.number, body.model.text, body.family.rawValue, body.release, body.rollout?.number,
                jsonColumn(body), entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
        try addEntry(body.id, .opened, body.title, entry)
    }

    func apply(_ body: IncidentUpdated, _ entry: Event) throws {
        let known = try expectOpen(body.id).event.updated(by: body)
        try write("UPDATE incident SET event = ? WHERE number = ?", [jsonColumn(known), body.id.number])
        try addEntry(body.id, .updated, body.text, entry)
    }

    /// Notes may be written after the end too.
    func apply(_ body: IncidentNoted, _ entry: Event) throws {
        guard try state.incident(body.id) != nil else { throw try state.missing(.incident(body.id)) }
        try addEntry(body.id, .noted, body.text, entry)
    }

    func apply(_ body: IncidentClosed, _ entry: Event) throws {
        _ = try expectOpen(body.id)
        try write(
            "UPDATE incident SET closed = ?, closedBy = ?, closedAt = ?, finishedSeq = ? WHERE number = ?",
            [jsonColumn(body), entry.actor, entry.time.milliseconds, entry.seq, body.id.number]
        )
        try addEntry(body.id, .closed, body.reason, entry)
    }

    private func expectOpen(_ id: IncidentID) throws -> IncidentRecord {
        guard let incident = try state.incident(id) else { throw try state.missing(.incident(id)) }
        guard incident.closedAt == nil else { throw CatalogError.refused("incident \(id) is closed") }
        return incident
    }

    private func addEntry(_ id: IncidentID, _ kind: IncidentEntry.Kind, _ text: String, _ entry: Event) throws {
        try write(
            "INSERT INTO incidentEntry (seq, incident, kind, text, by, at) VALUES (?, ?, ?, ?, ?, ?)",
            [entry.seq, id.number, kind.rawValue, text, entry.actor, entry.time.milliseconds]
        )
    }
}
