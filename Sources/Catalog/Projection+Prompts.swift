import GRDB
import RegistryRecords
import RegistryTypes
import UserDocuments

extension Projection {
    func apply(_ body: PromptPushed, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextPromptNumber(of: body.id.name), "version of prompt \(body.id.name)")
        try write(
            """
            INSERT INTO prompt (name, number, digest, document, message, pushedBy, pushedAt, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.name.text, body.id.number, body.document.digest().column, jsonColumn(body.document),
                body.message, entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }
}
