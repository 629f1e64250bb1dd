public import Digests
import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// All releases of a model, oldest first.
    public func releases(of model: Name) throws -> [ReleaseRecord] {
        try rows("\(Self.releaseColumns) WHERE model = ? ORDER BY number", [model.text], Self.release)
    }

    /// The releases that ship a version, oldest first.
    public func releases(with version: VersionID) throws -> [ReleaseRecord] {
        try rows(
            "\(Self.releaseColumns) WHERE model = ? AND version = ? ORDER BY number",
            [version.name.text, version.number],
            Self.release
        )
    }

    /// The releases that use a version of a prompt, by model and number.
    public func releases(withPrompt prompt: VersionID) throws -> [ReleaseRecord] {
        try rows(
            "\(Self.releaseColumns) WHERE prompt = ? AND promptNumber = ? ORDER BY model, number",
            [prompt.name.text, prompt.number],
            Self.release
        )
    }

    /// A release by its number.
    public func release(_ id: ReleaseID) throws -> ReleaseRecord? {
        try first("\(Self.releaseColumns) WHERE model = ? AND number = ?", [id.model.text, id.number], Self.release)
    }

    /// The release of a model with this content.
    public func release(of model: Name, digest: Digest) throws -> ReleaseRecord? {
        try first(
            "\(Self.releaseColumns) WHERE model = ? AND digest = ?",
            [model.text, digest.column],
            Self.release
        )
    }

    /// The number the next release of a model gets.
    public func nextReleaseNumber(of model: Name) throws -> Int {
        (try number("SELECT max(number) FROM release WHERE model = ?", [model.text]) ?? 0) + 1
    }

    private static let releaseColumns = """
        SELECT model, number, content, digest, createdBy, createdAt, rejected, rejectedAt FROM release
        """

    private static func release(_ row: Row) throws -> ReleaseRecord {
        ReleaseRecord(
            id: ReleaseID(try row.name(0), try row.int(1)),
            content: try row.json(ReleaseContent.self, 2),
            digest: try row.digest(3),
            createdBy: try row.text(4),
            createdAt: try row.time(5),
            rejected: try row.optionalText(6),
            rejectedAt: try row.optionalTime(7)
        )
    }
}
