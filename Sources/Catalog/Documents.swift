public import Digests
import GRDB
public import RegistryRecords
public import RegistryTypes
public import UserDocuments

extension CatalogState {
    /// The documents of a kind that are in force, by name.
    public func documents(_ kind: DocumentKind) throws -> [DocumentRecord] {
        try rows(
            """
            \(Self.documentColumns) WHERE kind = ?1 AND revision =
                (SELECT max(revision) FROM document AS other WHERE other.kind = ?1 AND other.name = document.name)
            ORDER BY name
            """,
            [kind.rawValue],
            Self.document
        )
    }

    /// The document of this name that is in force.
    public func document(_ kind: DocumentKind, _ name: Name) throws -> DocumentRecord? {
        try first(
            "\(Self.documentColumns) WHERE kind = ? AND name = ? ORDER BY revision DESC LIMIT 1",
            [kind.rawValue, name.text],
            Self.document
        )
    }

    /// The revision of a document with this digest: the one that a canary was started with.
    public func document(_ kind: DocumentKind, _ name: Name, digest: Digest) throws -> DocumentRecord? {
        try revisions(kind, name).last { $0.digest == digest }
    }

    /// All revisions of a document, oldest first.
    public func revisions(_ kind: DocumentKind, _ name: Name) throws -> [DocumentRecord] {
        try rows(
            "\(Self.documentColumns) WHERE kind = ? AND name = ? ORDER BY revision",
            [kind.rawValue, name.text],
            Self.document
        )
    }

    /// The number the next revision of a document gets.
    func nextRevision(_ kind: DocumentKind, _ name: Name) throws -> Int {
        (try number("SELECT max(revision) FROM document WHERE kind = ? AND name = ?", [kind.rawValue, name.text]) ?? 0)
            + 1
    }

    private static let documentColumns = "SELECT event, appliedBy, appliedAt FROM document"

    private static func document(_ row: Row) throws -> DocumentRecord {
        DocumentRecord(
            try row.json(DocumentApplied.self, 0),
            appliedBy: try row.text(1),
            appliedAt: try row.time(2)
        )
    }
}

extension Projection {
    func apply(_ body: DocumentApplied, _ entry: Event) throws {
        try expect(
            body.revision,
            toBe: state.nextRevision(body.kind, body.name),
            "revision of \(body.kind.rawValue) \(body.name)"
        )
        try write(
            "INSERT INTO document (kind, name, revision, event, appliedBy, appliedAt, seq) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                body.kind.rawValue, body.name.text, body.revision, jsonColumn(body), entry.actor,
                entry.time.milliseconds, entry.seq,
            ]
        )
    }
}
