public import Digests
import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// All prompts by name.
    public func prompts() throws -> [Name] {
        try rows("SELECT name FROM prompt WHERE number = 1 ORDER BY name") { try $0.name(0) }
    }

    /// A part of the prompts, by name.
    public func prompts(_ part: NamePart) throws -> [Name] {
        var query = part.query()
        query.require("number = 1")
        query.limit(part.limit)
        return try rows("SELECT name FROM prompt \(query.text) ORDER BY name LIMIT ?", query.arguments) {
            try $0.name(0)
        }
    }

    /// All versions of a prompt, oldest first.
    public func promptVersions(of prompt: Name) throws -> [PromptRecord] {
        try rows("\(Self.promptColumns) WHERE name = ? ORDER BY number", [prompt.text], Self.prompt)
    }

    /// The newest versions of a prompt, newest first.
    ///
    /// - Parameter before: Only those with a lower number.
    public func newestPrompts(of prompt: Name, before: Int? = nil, limit: Int) throws -> [PromptRecord] {
        try rows(
            "\(Self.promptColumns) WHERE name = ? AND number < ? ORDER BY number DESC LIMIT ?",
            [prompt.text, before ?? Int.max, max(0, limit)],
            Self.prompt
        )
    }

    /// A version of a prompt by its number.
    public func prompt(_ id: VersionID) throws -> PromptRecord? {
        try first("\(Self.promptColumns) WHERE name = ? AND number = ?", [id.name.text, id.number], Self.prompt)
    }

    /// The newest version of a prompt.
    public func latestPrompt(_ prompt: Name) throws -> PromptRecord? {
        try first("\(Self.promptColumns) WHERE name = ? ORDER BY number DESC LIMIT 1", [prompt.text], Self.prompt)
    }

    /// The oldest version of a prompt with the content that has these digests, as `DigestedContent.digests()` gives them.
    public func prompt(_ prompt: Name, digests: [Digest]) throws -> PromptRecord? {
        try digests.compactMap { digest in
            try first(
                """
                \(Self.promptColumns) INDEXED BY prompt_by_digest
                WHERE name = ? AND digest = ? ORDER BY number LIMIT 1
                """,
                [prompt.text, digest.column],
                Self.prompt
            )
        }.min { $0.id.number < $1.id.number }
    }

    /// The number the next version of a prompt gets.
    public func nextPromptNumber(of prompt: Name) throws -> Int {
        (try number("SELECT max(number) FROM prompt WHERE name = ?", [prompt.text]) ?? 0) + 1
    }

    private static let promptColumns = "SELECT event, digest, pushedBy, pushedAt FROM prompt"

    private static func prompt(_ row: Row) throws -> PromptRecord {
        PromptRecord(
            try row.json(PromptPushed.self, 0),
            digest: try row.digest(1),
            pushedBy: try row.text(2),
            pushedAt: try row.time(3)
        )
    }
}

extension Projection {
    func apply(_ body: PromptPushed, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextPromptNumber(of: body.id.name), "version of prompt \(body.id.name)")
        try write(
            """
            INSERT INTO prompt (name, number, digest, event, pushedBy, pushedAt, ordinal, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.name.text, body.id.number, body.document.digest(entry.form()).column, jsonColumn(body),
                entry.actor, entry.time.milliseconds, body.id.number == 1 ? try state.count(.prompts) + 1 : nil,
                entry.seq,
            ]
        )
    }
}
