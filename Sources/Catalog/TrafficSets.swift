import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// All traffic sets by name.
    public func trafficSets() throws -> [TrafficRecord] {
        try rows("\(Self.trafficColumns) ORDER BY name", [], Self.traffic)
    }

    /// A part of the traffic sets, by name.
    public func trafficSets(_ part: NamePart) throws -> [TrafficRecord] {
        var query = part.query()
        query.limit(part.limit)
        return try rows("\(Self.trafficColumns) \(query.text) ORDER BY name LIMIT ?", query.arguments, Self.traffic)
    }

    /// A traffic set by name.
    public func traffic(_ name: Name) throws -> TrafficRecord? {
        try first("\(Self.trafficColumns) WHERE name = ?", [name.text], Self.traffic)
    }

    private static let trafficColumns = "SELECT event, importedBy, importedAt FROM traffic"

    private static func traffic(_ row: Row) throws -> TrafficRecord {
        TrafficRecord(
            try row.json(TrafficImported.self, 0),
            importedBy: try row.text(1),
            importedAt: try row.time(2)
        )
    }
}

extension Projection {
    func apply(_ body: TrafficImported, _ entry: Event) throws {
        guard try state.traffic(body.name) == nil else {
            throw CatalogError.alreadyExists(what: "traffic set", name: body.name.text)
        }
        try addBlob(body.digest, sizeBytes: body.sizeBytes, entry)
        try write(
            """
            INSERT INTO traffic (name, digest, event, importedBy, importedAt, ordinal, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.name.text, body.digest.column, jsonColumn(body), entry.actor, entry.time.milliseconds,
                try state.count(.trafficSets) + 1, entry.seq,
            ]
        )
    }
}
