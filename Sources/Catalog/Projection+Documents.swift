import GRDB
import RegistryRecords
import RegistryTypes
import UserDocuments

extension Projection {
    func apply(_ body: DocumentApplied, _ entry: Event) throws {
        try expect(
            body.revision,
            toBe: state.nextRevision(body.kind, body.name),
            "revision of \(body.kind.rawValue) \(body.name)"
        )
        try write(
            """
            INSERT INTO document (kind, name, revision, digest, source, shipped, appliedBy, appliedAt, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.kind.rawValue, body.name.text, body.revision, body.digest.column, body.source, body.shipped,
                entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }
}
