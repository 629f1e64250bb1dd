import GRDB
import RegistryRecords
import RegistryTypes

extension Projection {
    func apply(_ body: IncidentOpened, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextIncidentID().number, "incident")
        guard try state.hasModel(body.model) else { throw try state.missing(.model(body.model)) }
        if let open = try state.openIncident(body.model, body.family) {
            throw CatalogError.alreadyExists(
                what: "an open \(body.family.rawValue) incident of \(body.model)",
                name: open.id.description
            )
        }
        try write(
            """
            INSERT INTO incident (number, model, family, severity, title, sentence, facts, channel, release, rollout,
                lastMoves, samples, openedBy, openedAt, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.number, body.model.text, body.family.rawValue, body.severity.rawValue, body.title,
                body.sentence, jsonColumn(body.facts), body.channel?.text, body.release, body.rollout?.number,
                jsonColumn(body.lastMoves), jsonColumn(body.samples), entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
        try addEntry(body.id, .opened, body.title, entry)
    }

    func apply(_ body: IncidentUpdated, _ entry: Event) throws {
        let incident = try expectOpen(body.id)
        var samples = incident.samples
        for sample in body.samples where samples.count < 40 && !samples.contains(sample) { samples.append(sample) }
        try write(
            "UPDATE incident SET severity = ?, facts = ?, samples = ? WHERE number = ?",
            [
                (body.severity ?? incident.severity).rawValue, jsonColumn(body.facts ?? incident.facts),
                jsonColumn(samples), body.id.number,
            ]
        )
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
            "UPDATE incident SET closedBy = ?, closedAt = ?, closedReason = ?, finishedSeq = ? WHERE number = ?",
            [entry.actor, entry.time.milliseconds, body.reason, entry.seq, body.id.number]
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
