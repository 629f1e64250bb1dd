public import Digests
import GRDB
public import RegistryRecords
public import RegistryTypes
import UserDocuments

extension CatalogState {
    /// All prompts by name.
    public func prompts() throws -> [Name] {
        try rows("SELECT DISTINCT name FROM prompt ORDER BY name") { try $0.name(0) }
    }

    /// All versions of a prompt, oldest first.
    public func promptVersions(of prompt: Name) throws -> [PromptRecord] {
        try rows("\(Self.promptColumns) WHERE name = ? ORDER BY number", [prompt.text], Self.prompt)
    }

    /// A version of a prompt by its number.
    public func prompt(_ id: VersionID) throws -> PromptRecord? {
        try first("\(Self.promptColumns) WHERE name = ? AND number = ?", [id.name.text, id.number], Self.prompt)
    }

    /// The newest version of a prompt.
    public func latestPrompt(_ prompt: Name) throws -> PromptRecord? {
        try first("\(Self.promptColumns) WHERE name = ? ORDER BY number DESC LIMIT 1", [prompt.text], Self.prompt)
    }

    /// The newest version of a prompt with this content.
    public func prompt(_ prompt: Name, digest: Digest) throws -> PromptRecord? {
        try first(
            "\(Self.promptColumns) WHERE name = ? AND digest = ? ORDER BY number DESC LIMIT 1",
            [prompt.text, digest.column],
            Self.prompt
        )
    }

    /// The number the next version of a prompt gets.
    public func nextPromptNumber(of prompt: Name) throws -> Int {
        (try number("SELECT max(number) FROM prompt WHERE name = ?", [prompt.text]) ?? 0) + 1
    }

    private static let promptColumns = "SELECT name, number, digest, document, message, pushedBy, pushedAt FROM prompt"

    private static func prompt(_ row: Row) throws -> PromptRecord {
        PromptRecord(
            id: VersionID(try row.name(0), try row.int(1)),
            digest: try row.digest(2),
            document: try row.json(PromptDocument.self, 3),
            message: try row.optionalText(4),
            pushedBy: try row.text(5),
            pushedAt: try row.time(6)
        )
    }
}
