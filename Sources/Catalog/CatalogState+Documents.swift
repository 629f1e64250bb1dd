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

    /// A revision of a document by its digest: the one that a decision or a canary used.
    public func document(_ kind: DocumentKind, _ name: Name, digest: Digest) throws -> DocumentRecord? {
        try first(
            "\(Self.documentColumns) WHERE kind = ? AND name = ? AND digest = ? ORDER BY revision DESC LIMIT 1",
            [kind.rawValue, name.text, digest.column],
            Self.document
        )
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
    public func nextRevision(_ kind: DocumentKind, _ name: Name) throws -> Int {
        (try number("SELECT max(revision) FROM document WHERE kind = ? AND name = ?", [kind.rawValue, name.text]) ?? 0)
            + 1
    }

    private static let documentColumns = """
        SELECT kind, name, revision, digest, source, shipped, appliedBy, appliedAt FROM document
        """

    private static func document(_ row: Row) throws -> DocumentRecord {
        DocumentRecord(
            kind: try row.word(DocumentKind.self, 0),
            name: try row.name(1),
            revision: try row.int(2),
            digest: try row.digest(3),
            source: try row.text(4),
            shipped: try row.flag(5),
            appliedBy: try row.text(6),
            appliedAt: try row.time(7)
        )
    }
}
