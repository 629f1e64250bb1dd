import GRDB
import RegistryRecords
import RegistryTypes

extension Projection {
    func apply(_ body: KeyCreated, _ entry: Event) throws {
        guard try state.key(body.name) == nil else {
            throw CatalogError.alreadyExists(what: "key", name: body.name.text)
        }
        try write(
            "INSERT INTO key (name, role, tokenHash, capture, createdBy, createdAt, seq) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                body.name.text, body.role.rawValue, body.tokenHash.column, (body.capture ?? .metadata).rawValue,
                entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }

    func apply(_ body: KeyRevoked, _ entry: Event) throws {
        guard let key = try state.key(body.name) else { throw try state.missing(.key(body.name)) }
        guard key.revokedAt == nil else { throw CatalogError.refused("key \(body.name) was revoked before") }
        try write("UPDATE key SET revokedAt = ? WHERE name = ?", [entry.time.milliseconds, body.name.text])
    }
}
