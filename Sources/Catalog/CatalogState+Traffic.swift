import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// All traffic sets by name.
    public func trafficSets() throws -> [TrafficRecord] {
        try rows("\(Self.trafficColumns) ORDER BY name", [], Self.traffic)
    }

    /// A traffic set by name.
    public func traffic(_ name: Name) throws -> TrafficRecord? {
        try first("\(Self.trafficColumns) WHERE name = ?", [name.text], Self.traffic)
    }

    private static let trafficColumns = """
        SELECT name, digest, sizeBytes, requests, labelled, frozenFrom, importedBy, importedAt FROM traffic
        """

    private static func traffic(_ row: Row) throws -> TrafficRecord {
        TrafficRecord(
            name: try row.name(0),
            digest: try row.digest(1),
            sizeBytes: Int64(try row.int(2)),
            requests: try row.int(3),
            labelled: try row.int(4),
            frozenFrom: try row.optionalText(5),
            importedBy: try row.text(6),
            importedAt: try row.time(7)
        )
    }
}
