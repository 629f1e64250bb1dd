import Digests
import GRDB
import RegistryRecords
import RegistryTypes

extension Projection {
    func apply(_ body: VersionPublished, _ entry: Event) throws {
        let model = body.id.name
        let digest = try body.manifest.digest()
        if let same = try state.version(of: model, manifest: digest) {
            throw CatalogError.alreadyExists(what: "this content as version", name: same.id.description)
        }
        try expect(body.id.number, toBe: state.nextVersionNumber(of: model), "version of \(model)")
        try write(
            "INSERT INTO model (name, seq) VALUES (?, ?) ON CONFLICT (name) DO NOTHING",
            [model.text, entry.seq]
        )
        try write(
            """
            INSERT INTO version (model, number, manifestDigest, manifest, message, facts, smoke, card, publishedBy,
                publishedAt, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                model.text, body.id.number, digest.column, jsonColumn(body.manifest), body.message,
                body.facts.map(jsonColumn), body.smoke.map(jsonColumn), body.card.map(jsonColumn), entry.actor,
                entry.time.milliseconds, entry.seq,
            ]
        )
        for file in body.manifest.files {
            try addBlob(file.digest, sizeBytes: file.sizeBytes, entry)
            try write(
                "INSERT INTO versionFile (model, number, path, role, digest) VALUES (?, ?, ?, ?, ?)",
                [model.text, body.id.number, file.path, file.role.rawValue, file.digest.column]
            )
        }
    }

    func apply(_ body: VersionQuarantined, _ entry: Event) throws {
        let changed = try write(
            "UPDATE version SET quarantined = ? WHERE model = ? AND number = ?",
            [body.reason, body.id.name.text, body.id.number]
        )
        guard changed == 1 else { throw try state.missing(.version(body.id)) }
    }
}
