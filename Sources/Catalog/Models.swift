public import Digests
import GRDB
public import RegistryRecords
public import RegistryTypes
import StrictJSON

/// Models, their versions, and the blobs that events refer to.
extension CatalogState {
    /// All models by name.
    public func models() throws -> [Name] { try rows("SELECT name FROM model ORDER BY name") { try $0.name(0) } }

    /// A part of the models, by name.
    public func models(_ part: NamePart) throws -> [Name] {
        var query = part.query()
        query.limit(part.limit)
        return try rows("SELECT name FROM model \(query.text) ORDER BY name LIMIT ?", query.arguments) {
            try $0.name(0)
        }
    }

    /// Whether anything was published under this name.
    public func hasModel(_ model: Name) throws -> Bool {
        try number("SELECT 1 FROM model WHERE name = ?", [model.text]) != nil
    }

    /// What a model is called where it comes from; nil when nobody said.
    public func displayName(of model: Name) throws -> DisplayName? {
        try first("SELECT displayName FROM model WHERE name = ? AND displayName IS NOT NULL", [model.text]) {
            try DisplayName($0.text(0))
        }
    }

    /// The model that is known by a display name.
    public func model(displayedAs name: DisplayName) throws -> Name? {
        try first("SELECT name FROM model WHERE displayName = ?", [name.text]) { try $0.name(0) }
    }

    /// The model whose name, or display name in small letters, is `text`: what a reader would take for one called so.
    public func model(calledLike text: String, besides other: Name) throws -> Name? {
        let text = text.lowercased()
        let sought = [
            "SELECT name FROM model WHERE name = ?1 AND name <> ?2",
            "SELECT name FROM model WHERE lower(displayName) = ?1 AND name <> ?2 ORDER BY name LIMIT 1",
        ]
        for sql in sought {
            if let found = try first(sql, [text, other.text], { try $0.name(0) }) { return found }
        }
        return nil
    }

    /// All versions of a model, oldest first.
    public func versions(of model: Name) throws -> [VersionRecord] {
        try rows("\(Self.versionColumns) WHERE model = ? ORDER BY number", [model.text], Self.version)
    }

    /// The newest versions of a model, newest first.
    ///
    /// - Parameter before: Only those with a lower number.
    public func newestVersions(of model: Name, before: Int? = nil, limit: Int) throws -> [VersionRecord] {
        try rows(
            "\(Self.versionColumns) WHERE model = ? AND number < ? ORDER BY number DESC LIMIT ?",
            [model.text, before ?? Int.max, max(0, limit)],
            Self.version
        )
    }

    /// The versions that are not loaded any more, of a model or of all, the newest first.
    public func quarantinedVersions(of model: Name? = nil, limit: Int) throws -> [VersionRecord] {
        var query = ListQuery()
        query.require("quarantined IS NOT NULL")
        // Few versions are, of all models: the plus keeps SQLite from reading all those of the model instead.
        query.add("+model = ?", model?.text)
        query.limit(limit)
        return try rows(
            "\(Self.versionColumns) \(query.text) ORDER BY seq DESC LIMIT ?",
            query.arguments,
            Self.version
        )
    }

    /// A version by its number.
    public func version(_ id: VersionID) throws -> VersionRecord? {
        try first("\(Self.versionColumns) WHERE model = ? AND number = ?", [id.name.text, id.number], Self.version)
    }

    /// The newest version of a model with these weights, as `WeightFiles.digest` names them.
    public func version(of model: Name, weights: Digest) throws -> VersionRecord? {
        try first(
            """
            \(Self.versionColumns) INDEXED BY version_by_weights
            WHERE model = ? AND weightsDigest = ? ORDER BY number DESC LIMIT 1
            """,
            [model.text, weights.column],
            Self.version
        )
    }

    /// The version of a model that came before this one.
    public func version(before id: VersionID) throws -> VersionRecord? {
        try first(
            "\(Self.versionColumns) WHERE model = ? AND number < ? ORDER BY number DESC LIMIT 1",
            [id.name.text, id.number],
            Self.version
        )
    }

    /// The version of a model with this content.
    public func version(of model: Name, manifest: Manifest) throws -> VersionRecord? {
        try version(of: model, manifestDigests: try manifest.digests())
    }

    /// The version of a model with the content that has these digests, as `DigestedContent.digests()` gives them.
    public func version(of model: Name, manifestDigests digests: [Digest]) throws -> VersionRecord? {
        try firstOfEqualContent(
            "\(Self.versionColumns) WHERE model = ? AND manifestDigest = ?",
            model,
            digests,
            Self.version
        )
    }

    /// The oldest version of a model with these files, wherever it is said to come from: that is no part of what it is.
    public func version(of model: Name, holding manifest: Manifest) throws -> VersionRecord? {
        if let same = try version(of: model, manifest: manifest) { return same }
        return try first(
            """
            \(Self.versionColumns) INDEXED BY version_by_files
            WHERE model = ? AND filesDigest = ? ORDER BY number LIMIT 1
            """,
            [model.text, manifest.filesDigest().column],
            Self.version
        )
    }

    /// The versions that ship a file with these bytes, by model and number.
    public func versions(holding file: Digest) throws -> [VersionRecord] {
        try rows(
            """
            \(Self.versionColumns) JOIN versionFile USING (model, number)
            WHERE versionFile.digest = ? ORDER BY model, number
            """,
            [file.column],
            Self.version
        )
    }

    /// The number the next version of a model gets.
    public func nextVersionNumber(of model: Name) throws -> Int {
        (try number("SELECT max(number) FROM version WHERE model = ?", [model.text]) ?? 0) + 1
    }

    /// The versions of which a file has this digest.
    public func versionIDs(holding digest: Digest) throws -> [VersionID] {
        try rows(
            "SELECT DISTINCT model, number FROM versionFile WHERE digest = ? ORDER BY model, number",
            [digest.column]
        ) { VersionID(try $0.name(0), try $0.int(1)) }
    }

    /// All blobs that events refer to, by digest, with their sizes.
    public func blobs() throws -> [(digest: Digest, sizeBytes: Int64)] {
        try rows("SELECT digest, sizeBytes FROM blob ORDER BY digest") { row in
            (digest: try row.digest(0), sizeBytes: Int64(try row.int(1)))
        }
    }

    /// The blobs that events refer to, by digest, with their sizes: those after `digest`, at most `limit` of them.
    public func blobs(after digest: Digest?, limit: Int) throws -> [(digest: Digest, sizeBytes: Int64)] {
        var query = ListQuery()
        query.add("digest > ?", digest?.column)
        query.limit(limit)
        return try rows(
            "SELECT digest, sizeBytes FROM blob \(query.text) ORDER BY digest LIMIT ?",
            query.arguments
        ) { (digest: try $0.digest(0), sizeBytes: Int64(try $0.int(1))) }
    }

    private static let versionColumns =
        "SELECT event, manifestDigest, publishedBy, publishedAt, quarantined, lineage FROM version"

    private static func version(_ row: Row) throws -> VersionRecord {
        VersionRecord(
            try row.json(VersionPublished.self, 0),
            digest: try row.digest(1),
            publishedBy: try row.text(2),
            publishedAt: try row.time(3),
            quarantined: try row.optionalText(4),
            addedLineage: try row.optionalText(5) == nil ? nil : row.json(Manifest.Lineage.self, 5)
        )
    }
}

extension Projection {
    func apply(_ body: VersionPublished, _ entry: Event) throws {
        let model = body.id.name
        let digests = try body.manifest.digests()
        if let same = try state.version(of: model, manifestDigests: digests) {
            throw CatalogError.alreadyExists(what: "this content as version", name: same.id.description)
        }
        try expect(body.id.number, toBe: state.nextVersionNumber(of: model), "version of \(model)")
        try write(
            "INSERT INTO model (name, ordinal, seq) VALUES (?, ?, ?) ON CONFLICT (name) DO NOTHING",
            [model.text, try state.count(.models) + 1, entry.seq]
        )
        let digest = try digests.count > 1 && entry.form() == .foundation ? digests[1] : digests[0]
        try write(
            """
            INSERT INTO version (model, number, manifestDigest, filesDigest, weightsDigest, event, publishedBy,
                publishedAt, seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                model.text, body.id.number, digest.column, body.manifest.filesDigest().column,
                body.manifest.weights?.digest.column, jsonColumn(body), entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
        for file in body.manifest.base?.files ?? [] { try addBlob(file.digest, sizeBytes: file.sizeBytes, entry) }
        for file in body.manifest.files {
            try addBlob(file.digest, sizeBytes: file.sizeBytes, entry)
            try write(
                "INSERT INTO versionFile (model, number, path, role, digest) VALUES (?, ?, ?, ?, ?)",
                [model.text, body.id.number, file.path, file.role.rawValue, file.digest.column]
            )
        }
    }

    func apply(_ body: ModelNamed, _ entry: Event) throws {
        if let other = try state.model(displayedAs: body.displayName), other != body.model {
            throw CatalogError.alreadyExists(what: "model known as \(body.displayName)", name: other.text)
        }
        let changed = try write(
            "UPDATE model SET displayName = ? WHERE name = ?",
            [body.displayName.text, body.model.text]
        )
        guard changed == 1 else { throw try state.missing(.model(body.model)) }
    }

    func apply(_ body: VersionLineageAdded, _ entry: Event) throws {
        let changed = try write(
            "UPDATE version SET lineage = ? WHERE model = ? AND number = ? AND lineage IS NULL",
            [jsonColumn(body.lineage), body.id.name.text, body.id.number]
        )
        guard changed == 1 else { throw try state.missing(.version(body.id)) }
    }

    /// What was only being published has no row: its marker is a file.
    func apply(_ body: QuarantineLifted, _ entry: Event) throws {
        guard let id = body.version else { return }
        let changed = try write(
            "UPDATE version SET quarantined = NULL WHERE model = ? AND number = ? AND quarantined IS NOT NULL",
            [id.name.text, id.number]
        )
        guard changed == 1 else { throw CatalogError.refused("\(id) is not quarantined") }
    }

    func apply(_ body: VersionQuarantined, _ entry: Event) throws {
        let changed = try write(
            "UPDATE version SET quarantined = ? WHERE model = ? AND number = ?",
            [body.reason, body.id.name.text, body.id.number]
        )
        guard changed == 1 else { throw try state.missing(.version(body.id)) }
    }
}

extension Manifest {
    /// The digest of what a version is made of, wherever it is said to come from. It is looked up by and nowhere told, so
    /// that it may have one form whatever the entries of the log have.
    fileprivate func filesDigest() throws -> Digest {
        lineage == nil ? try digest() : try Manifest(files: files, base: base).digest()
    }
}
