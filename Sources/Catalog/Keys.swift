public import Digests
import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// All keys by name, also revoked ones.
    public func keys() throws -> [KeyRecord] { try rows("\(Self.keyColumns) ORDER BY name", [], Self.key) }

    /// A part of the keys, by name, also revoked ones.
    public func keys(_ part: NamePart) throws -> [KeyRecord] {
        var query = part.query()
        query.limit(part.limit)
        return try rows("\(Self.keyColumns) \(query.text) ORDER BY name LIMIT ?", query.arguments, Self.key)
    }

    /// The oldest key with a role that works, besides one; nil when there is none.
    public func workingKey(_ role: Role, besides name: Name? = nil) throws -> KeyRecord? {
        try first(
            "\(Self.keyColumns) WHERE role = ? AND revokedAt IS NULL AND name <> ? ORDER BY createdAt, name LIMIT 1",
            [role.rawValue, name?.text ?? ""],
            Self.key
        )
    }

    /// A key by its name.
    public func key(_ name: Name) throws -> KeyRecord? {
        try first("\(Self.keyColumns) WHERE name = ?", [name.text], Self.key)
    }

    /// The key whose token has this hash, also when it was revoked.
    public func key(tokenHash: Digest) throws -> KeyRecord? {
        try first("\(Self.keyColumns) WHERE tokenHash = ?", [tokenHash.column], Self.key)
    }

    private static let keyColumns =
        "SELECT name, role, capture, createdAt, createdBy, revokedAt, deadlineMilliseconds FROM key"

    private static func key(_ row: Row) throws -> KeyRecord {
        KeyRecord(
            name: try row.name(0),
            role: try row.word(Role.self, 1),
            capture: try row.word(CapturePolicy.self, 2),
            deadlineMilliseconds: try row.optionalInt(6),
            createdAt: try row.time(3),
            createdBy: try row.text(4),
            revokedAt: try row.optionalTime(5)
        )
    }
}

extension Projection {
    func apply(_ body: KeyCreated, _ entry: Event) throws {
        guard try state.key(body.name) == nil else {
            throw CatalogError.alreadyExists(what: "key", name: body.name.text)
        }
        try write(
            """
            INSERT INTO key (name, role, tokenHash, capture, createdBy, createdAt, seq, deadlineMilliseconds, ordinal)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.name.text, body.role.rawValue, body.tokenHash.column, (body.capture ?? .metadata).rawValue,
                entry.actor, entry.time.milliseconds, entry.seq, body.deadlineMilliseconds,
                try state.count(.keys) + 1,
            ]
        )
    }

    func apply(_ body: KeyRevoked, _ entry: Event) throws {
        guard let key = try state.key(body.name) else { throw try state.missing(.key(body.name)) }
        guard key.revokedAt == nil else { throw CatalogError.refused("key \(body.name) was revoked before") }
        try write("UPDATE key SET revokedAt = ? WHERE name = ?", [entry.time.milliseconds, body.name.text])
    }
}
