public import Digests
import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// All releases of a model, oldest first.
    ///
    /// - Parameter rejected: Only those that were taken back from a channel and need new evidence.
    public func releases(of model: Name, rejected: Bool = false) throws -> [ReleaseRecord] {
        let rejection = "SELECT release FROM rejection WHERE model = ?1 AND finishedSeq IS NULL"
        let condition = rejected ? "AND number IN (\(rejection))" : ""
        return try rows(
            "\(Self.releaseColumns) WHERE model = ?1 \(condition) ORDER BY number",
            [model.text],
            Self.release
        )
    }

    /// The newest releases of a model, newest first.
    ///
    /// - Parameters:
    ///   - version: Only those that ship this version.
    ///   - before: Only those with a lower number.
    public func newestReleases(of model: Name, version: Int? = nil, before: Int? = nil, limit: Int) throws
        -> [ReleaseRecord]
    {
        var query = ListQuery()
        query.add("model = ?", model.text)
        query.add("version = ?", version)
        query.add("number < ?", before)
        query.limit(limit)
        // SQLite would rather read the model's releases in their order until enough of them are of the version.
        let index = version == nil ? "" : "INDEXED BY release_by_version"
        return try rows(
            "\(Self.releaseColumns) \(index) \(query.text) ORDER BY number DESC LIMIT ?",
            query.arguments,
            Self.release
        )
    }

    /// The newest releases of a model with these weights, newest first.
    public func newestReleases(of model: Name, weights: Digest, limit: Int) throws -> [ReleaseRecord] {
        let versions = "SELECT number FROM version WHERE model = ?1 AND weightsDigest = ?2"
        return try rows(
            "\(Self.releaseColumns) WHERE model = ?1 AND version IN (\(versions)) ORDER BY number DESC LIMIT ?3",
            [model.text, weights.column, max(0, limit)],
            Self.release
        )
    }

    /// The releases that ship a version, oldest first.
    public func releases(with version: VersionID) throws -> [ReleaseRecord] {
        try rows(
            "\(Self.releaseColumns) INDEXED BY release_by_version WHERE model = ? AND version = ? ORDER BY number",
            [version.name.text, version.number],
            Self.release
        )
    }

    /// The release with a version that a channel pointed to last, production before all others: what a version stands for
    /// where it is asked for by its number. Nil where none was ever live.
    public func lastLiveRelease(with version: VersionID) throws -> Int? {
        try number(
            """
            SELECT release.number FROM channelMove
            JOIN release ON release.model = channelMove.model AND release.number = channelMove.toRelease
            WHERE release.model = ? AND release.version = ?
            ORDER BY channelMove.channel = 'production' DESC, channelMove.seq DESC LIMIT 1
            """,
            [version.name.text, version.number]
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
    public func release(of model: Name, content: ReleaseContent) throws -> ReleaseRecord? {
        try firstOfEqualContent(
            "\(Self.releaseColumns) WHERE model = ? AND digest = ?",
            model,
            try content.digests(),
            Self.release
        )
    }

    /// The number the next release of a model gets.
    public func nextReleaseNumber(of model: Name) throws -> Int {
        (try number("SELECT max(number) FROM release WHERE model = ?", [model.text]) ?? 0) + 1
    }

    /// A rejection that was ended, or that is of a channel where the release is live, is none.
    private static let releaseColumns = """
        SELECT event, digest, createdBy, createdAt, (
            SELECT json_group_array(json_array(channel, reason, at, seq)) FROM (
                SELECT * FROM rejection
                WHERE rejection.model = release.model AND rejection.release = release.number AND finishedSeq IS NULL
                    AND NOT EXISTS (
                        SELECT 1 FROM channel
                        WHERE channel.model = rejection.model AND channel.release = rejection.release
                            AND (rejection.channel IS NULL OR channel.channel = rejection.channel)
                    )
                ORDER BY seq
            )
        ) FROM release
        """

    private static func release(_ row: Row) throws -> ReleaseRecord {
        ReleaseRecord(
            try row.json(ReleaseCreated.self, 0),
            digest: try row.digest(1),
            createdBy: try row.text(2),
            createdAt: try row.time(3),
            rejections: try row.json([RejectionRow].self, 4).map(\.rejection)
        )
    }

    /// A row of the table of rejections as the query above gives it.
    private struct RejectionRow: Decodable {
        let rejection: ReleaseRejection

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            rejection = ReleaseRejection(
                channel: try values.decodeIfPresent(Name.self),
                reason: try values.decode(String.self),
                at: Timestamp(milliseconds: try values.decode(Int64.self)),
                seq: try values.decode(Int.self)
            )
        }
    }
}

extension Projection {
    /// The digests that a release pins are those of the version and the prompt in whatever form theirs were made.
    func apply(_ body: ReleaseCreated, _ entry: Event) throws {
        let model = body.id.model
        let content = body.content
        if let same = try state.release(of: model, content: content) {
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
            INSERT INTO release (model, number, version, prompt, promptNumber, digest, event, createdBy, createdAt,
                seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                model.text, body.id.number, content.version, content.prompt.name.text, content.prompt.number,
                content.digest(entry.form()).column, jsonColumn(body), entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }

    /// Builds that did not name the channel wrote the move that took the release back right before.
    func apply(_ body: ReleaseRejected, _ entry: Event) throws {
        guard try state.release(body.id) != nil else { throw try state.missing(.release(body.id)) }
        let left = try state.texts(
            "SELECT channel FROM channelMove WHERE model = ? AND fromRelease = ? ORDER BY seq DESC LIMIT 1",
            [body.id.model.text, body.id.number]
        ).first
        // The newer one says why from now on.
        if let text = body.channel?.text ?? left {
            try endRejections(of: body.id, in: Name(text), entry)
        }
        try write(
            "INSERT INTO rejection (seq, model, release, channel, reason, at) VALUES (?, ?, ?, ?, ?, ?)",
            [
                entry.seq, body.id.model.text, body.id.number, body.channel?.text ?? left, body.reason,
                entry.time.milliseconds,
            ]
        )
    }

    /// The evidence is there that a release may be in a channel again.
    func endRejections(of release: ReleaseID, in channel: Name, _ entry: Event) throws {
        try write(
            """
            UPDATE rejection SET finishedSeq = ?
            WHERE model = ? AND release = ? AND (channel IS NULL OR channel = ?) AND finishedSeq IS NULL
            """,
            [entry.seq, release.model.text, release.number, channel.text]
        )
    }

    func apply(_ body: ReleaseCrashed, _ entry: Event) throws {
        guard try state.release(body.id) != nil else { throw try state.missing(.release(body.id)) }
        try write(
            "INSERT INTO releaseCrash (seq, model, release, rollout, why, at) VALUES (?, ?, ?, ?, ?, ?)",
            [
                entry.seq, body.id.model.text, body.id.number, body.rollout?.number, body.why,
                entry.time.milliseconds,
            ]
        )
        guard let id = body.rollout else { return }
        let rollout = try expectActive(id)
        guard rollout.release == body.id else {
            throw CatalogError.refused("rollout \(id) watches \(rollout.release), not \(body.id)")
        }
        try write("UPDATE rollout SET crashes = crashes + 1 WHERE number = ?", [id.number])
    }
}
