public import Digests
import GRDB
public import RegistryRecords
public import RegistryTypes
import UserDocuments

extension CatalogState {
    /// All models by name.
    public func models() throws -> [Name] { try rows("SELECT name FROM model ORDER BY name") { try $0.name(0) } }

    /// Whether anything was published under this name.
    public func hasModel(_ model: Name) throws -> Bool {
        try number("SELECT 1 FROM model WHERE name = ?", [model.text]) != nil
    }

    /// All versions of a model, oldest first.
    public func versions(of model: Name) throws -> [VersionRecord] {
        try rows("\(Self.versionColumns) WHERE model = ? ORDER BY number", [model.text], Self.version)
    }

    /// A version by its number.
    public func version(_ id: VersionID) throws -> VersionRecord? {
        try first("\(Self.versionColumns) WHERE model = ? AND number = ?", [id.name.text, id.number], Self.version)
    }

    /// The version of a model with this content.
    public func version(of model: Name, manifest: Digest) throws -> VersionRecord? {
        try first(
            "\(Self.versionColumns) WHERE model = ? AND manifestDigest = ?",
            [model.text, manifest.column],
            Self.version
        )
    }

    /// The newest version of a model.
    public func latestVersion(of model: Name) throws -> VersionRecord? {
        try first("\(Self.versionColumns) WHERE model = ? ORDER BY number DESC LIMIT 1", [model.text], Self.version)
    }

    /// The number the next version of a model gets.
    public func nextVersionNumber(of model: Name) throws -> Int {
        (try number("SELECT max(number) FROM version WHERE model = ?", [model.text]) ?? 0) + 1
    }

    // MARK: Blobs

    /// All blobs that events refer to, by digest, with their sizes.
    public func blobs() throws -> [(digest: Digest, sizeBytes: Int64)] {
        try rows("SELECT digest, sizeBytes FROM blob ORDER BY digest") { row in
            (digest: try row.digest(0), sizeBytes: Int64(try row.int(1)))
        }
    }

    /// What refers to a blob, such as `ticket-bot@7 model.gguf`, `traffic week47`, `c-204`: who is hit when it is damaged.
    public func uses(of blob: Digest) throws -> [String] {
        try texts(
            """
            SELECT model || '@' || number || ' ' || path FROM versionFile WHERE digest = ?1
            UNION ALL SELECT 'traffic ' || name FROM traffic WHERE digest = ?1
            UNION ALL SELECT 'c-' || number FROM canary WHERE evidence = ?1
            UNION ALL SELECT 'e-' || number FROM evaluation WHERE evidence = ?1
            """,
            [blob.column]
        )
    }

    private static let versionColumns = """
        SELECT model, number, manifest, manifestDigest, message, facts, smoke, card, publishedBy, publishedAt,
            quarantined FROM version
        """

    private static func version(_ row: Row) throws -> VersionRecord {
        VersionRecord(
            id: VersionID(try row.name(0), try row.int(1)),
            manifest: try row.json(Manifest.self, 2),
            digest: try row.digest(3),
            message: try row.optionalText(4),
            facts: try row.optionalJSON(ModelFacts.self, 5),
            smoke: try row.optionalJSON(SmokeResult.self, 6),
            card: try row.optionalJSON(CardSummary.self, 7),
            publishedBy: try row.text(8),
            publishedAt: try row.time(9),
            quarantined: try row.optionalText(10)
        )
    }
}
