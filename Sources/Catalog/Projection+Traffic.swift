import GRDB
import RegistryRecords
import RegistryTypes

extension Projection {
    func apply(_ body: TrafficImported, _ entry: Event) throws {
        guard try state.traffic(body.name) == nil else {
            throw CatalogError.alreadyExists(what: "traffic set", name: body.name.text)
        }
        try addBlob(body.digest, sizeBytes: body.sizeBytes, entry)
        try write(
            """
            INSERT INTO traffic (name, digest, sizeBytes, requests, labelled, frozenFrom, importedBy, importedAt, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.name.text, body.digest.column, body.sizeBytes, body.requests, body.labelled, body.frozenFrom,
                entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }
}
