import GRDB
import RegistryRecords
import RegistryTypes

extension Projection {
    func apply(_ body: ReleaseCreated, _ entry: Event) throws {
        let model = body.id.model
        let content = body.content
        let digest = try content.digest()
        if let same = try state.release(of: model, digest: digest) {
            throw CatalogError.alreadyExists(what: "this content as release", name: same.id.description)
        }
        try expect(body.id.number, toBe: state.nextReleaseNumber(of: model), "release of \(model)")
        let version = VersionID(model, content.version)
        guard let published = try state.version(version) else { throw try state.missing(.version(version)) }
        guard published.digest == content.manifest else {
            throw CatalogError.refused("release \(body.id) pins other content than \(version) has")
        }
        guard let prompt = try state.prompt(content.prompt) else {
            throw try state.missing(.promptVersion(content.prompt))
        }
        guard prompt.digest == content.promptDigest else {
            throw CatalogError.refused("release \(body.id) pins another text than \(content.prompt) has")
        }
        try write(
            """
            INSERT INTO release (model, number, version, prompt, promptNumber, digest, content, createdBy, createdAt,
                seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                model.text, body.id.number, content.version, content.prompt.name.text, content.prompt.number,
                digest.column, jsonColumn(content), entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }

    func apply(_ body: ReleaseRejected, _ entry: Event) throws {
        let changed = try write(
            "UPDATE release SET rejected = ?, rejectedAt = ? WHERE model = ? AND number = ?",
            [body.reason, entry.time.milliseconds, body.id.model.text, body.id.number]
        )
        guard changed == 1 else { throw try state.missing(.release(body.id)) }
    }
}
