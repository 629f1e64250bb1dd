import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// All channels, by model and name.
    public func channels() throws -> [ChannelRecord] {
        try channels(where: "", StatementArguments())
    }

    /// The channels of a model by name.
    public func channels(of model: Name) throws -> [ChannelRecord] {
        try channels(where: "WHERE channel.model = ?", [model.text])
    }

    /// A part of the channels that use a prompt, by model and name.
    public func channels(withPrompt prompt: Name, limit: Int) throws -> [ChannelRecord] {
        try channels(where: "WHERE channel.prompt = ?", [prompt.text], limit: limit)
    }

    /// A part of the channels that came to their release in one way, by model and name.
    public func channels(how: MoveKind, limit: Int) throws -> [ChannelRecord] {
        try channels(where: "WHERE channel.how = ?", [how.rawValue], limit: limit)
    }

    /// The newest moves of a model, or of all, over all channels.
    public func newestMoves(of model: Name?, limit: Int, before: Int? = nil) throws -> [ChannelMove] {
        var query = ListQuery()
        query.add("model = ?", model?.text)
        query.add("seq < ?", before)
        query.limit(limit)
        return try rows(
            "SELECT \(Self.moveColumns) FROM channelMove \(query.text) ORDER BY seq DESC LIMIT ?",
            query.arguments
        ) { try Self.move($0, from: 0) }
    }

    /// The newest moves that brought or took a release, newest first.
    public func moves(of release: ReleaseID, limit: Int) throws -> [ChannelMove] {
        let found = try ["toRelease", "fromRelease"].flatMap { column in
            try rows(
                """
                SELECT \(Self.moveColumns) FROM channelMove WHERE model = ? AND \(column) = ? ORDER BY seq DESC LIMIT ?
                """,
                [release.model.text, release.number, max(0, limit)]
            ) { try Self.move($0, from: 0) }
        }
        // A move brings one and takes another, so that none is found twice.
        return Array(found.sorted { $0.seq > $1.seq }.prefix(limit))
    }

    /// Where a channel points; nil before its first move.
    public func channel(_ model: Name, _ channel: Name) throws -> ChannelRecord? {
        try channels(where: "WHERE channel.model = ? AND channel.channel = ?", [model.text, channel.text]).first
    }

    /// The number of the release a channel points to: the shortest way from a name to what is live.
    public func liveRelease(_ model: Name, _ channel: Name) throws -> Int? {
        try number("SELECT release FROM channel WHERE model = ? AND channel = ?", [model.text, channel.text])
    }

    /// The moves of a channel, newest first.
    public func moves(_ model: Name, _ channel: Name, limit: Int = 50, before: Int? = nil) throws -> [ChannelMove] {
        try rows(
            """
            SELECT \(Self.moveColumns) FROM channelMove
            WHERE model = ? AND channel = ? AND seq < ? ORDER BY seq DESC LIMIT ?
            """,
            [model.text, channel.text, before ?? Int.max, max(0, limit)]
        ) { try Self.move($0, from: 0) }
    }

    /// The release to which a rollback of a channel goes: the newest that settled there, is not live there now, was
    /// not rejected there since and can still be loaded; nil when there is none. A release that came back with new
    /// evidence after a rejection, and settled, counts again.
    public func lastSettled(_ model: Name, _ channel: Name) throws -> Int? {
        guard let live = try liveRelease(model, channel) else { return nil }
        return try lastSettled(model, channel, besides: live)
    }

    /// The release to which a rollback would go if `live` were the one to leave; see ``lastSettled(_:_:)``. A promotion
    /// asks with the release that comes in.
    public func lastSettled(_ model: Name, _ channel: Name, besides live: Int) throws -> Int? {
        try settledReleases(model, channel, besides: live, limit: 1).first
    }

    /// The releases besides `live` to which a rollback could go, the last one that settled first; see ``lastSettled(_:_:)``.
    public func settledReleases(_ model: Name, _ channel: Name, besides live: Int, limit: Int = 5) throws -> [Int] {
        // Grouping would read all moves; the newest of each release comes first in their order.
        let cursor = try Row.fetchCursor(
            database.cachedStatement(
                sql: """
                    SELECT toRelease FROM channelMove
                    JOIN release ON release.model = channelMove.model AND release.number = channelMove.toRelease
                    JOIN version ON version.model = release.model AND version.number = release.version
                    WHERE channelMove.model = ? AND channelMove.channel = ? AND settled = 1 AND toRelease <> ?
                        AND version.quarantined IS NULL AND \(Self.isNotRejectedSince)
                    ORDER BY channelMove.seq DESC LIMIT 500
                    """
            ),
            arguments: [model.text, channel.text, live]
        )
        var found: [Int] = []
        while found.count < limit, let row = try cursor.next() {
            let release = try row.int(0)
            if !found.contains(release) { found.append(release) }
        }
        return found
    }

    /// Whether a release settled in a channel and was not rejected there since.
    public func hasSettled(_ release: ReleaseID, in channel: Name) throws -> Bool {
        try number(
            """
            SELECT 1 FROM channelMove
            WHERE model = ? AND channel = ? AND settled = 1 AND toRelease = ? AND \(Self.isNotRejectedSince) LIMIT 1
            """,
            [release.model.text, channel.text, release.number]
        ) != nil
    }

    static let isNotRejectedSince = """
        NOT EXISTS (
            SELECT 1 FROM rejection WHERE rejection.model = channelMove.model
                AND rejection.release = channelMove.toRelease AND rejection.seq > channelMove.seq
                AND (rejection.channel IS NULL OR rejection.channel = channelMove.channel)
        )
        """

    private func channels(where condition: String, _ arguments: StatementArguments, limit: Int = -1) throws
        -> [ChannelRecord]
    {
        let found = try rows(
            """
            SELECT channel.release, \(Self.moveColumns) FROM channel
            JOIN channelMove ON channelMove.seq = channel.seq
            \(condition) ORDER BY channel.model, channel.channel LIMIT ?
            """,
            arguments + [limit]
        ) { (release: try $0.int(0), move: try Self.move($0, from: 1)) }
        return try found.map { release, move in
            ChannelRecord(
                model: move.model,
                channel: move.channel,
                release: release,
                move: move,
                rollbackTo: try lastSettled(move.model, move.channel),
                rollbackToUnsettled: try lastSettled(move.model, move.channel) == nil
                    ? lastLive(move.model, move.channel, besides: release) : nil
            )
        }
    }

    /// The release that was live last in a channel before `live`: not rejected there since it left, not lost, and not
    /// there against the policy over another one; nil when there is none.
    private func lastLive(_ model: Name, _ channel: Name, besides live: Int) throws -> Int? {
        try number(
            """
            SELECT toRelease FROM channelMove
            JOIN release ON release.model = channelMove.model AND release.number = channelMove.toRelease
            JOIN version ON version.model = release.model AND version.number = release.version
            WHERE channelMove.model = ? AND channelMove.channel = ? AND toRelease <> ?
                AND (fromRelease IS NULL OR json_extract(channelMove.event, '$.how') <> 'overridden')
                AND version.quarantined IS NULL AND \(Self.isNotRejectedSince)
            ORDER BY channelMove.seq DESC LIMIT 1
            """,
            [model.text, channel.text, live]
        )
    }

    private static let moveColumns = ["event", "seq", "settled", "movedBy", "movedAt"]
        .map { "channelMove.\($0)" }.joined(separator: ", ")

    private static func move(_ row: Row, from start: Int) throws -> ChannelMove {
        var event = try row.json(ChannelMoved.self, start)
        event.settled = try row.flag(start + 2)
        return ChannelMove(event, seq: try row.int(start + 1), by: try row.text(start + 3), at: try row.time(start + 4))
    }
}

extension Projection {
    /// A move is refused unless the channel points where the event says it came from: of two commands that decided
    /// on the same state, the second one loses.
    func apply(_ body: ChannelMoved, _ entry: Event) throws {
        let live = try state.liveRelease(body.model, body.channel)
        guard live == body.from else {
            throw CatalogError.channelMoved(
                model: body.model,
                channel: body.channel,
                expected: body.from,
                actual: live
            )
        }
        guard body.to != body.from else {
            throw CatalogError.refused("channel \(body.model)@\(body.channel) points to r\(body.to) already")
        }
        try expectFree(body.model, body.channel, for: body.how)
        let release = ReleaseID(body.model, body.to)
        guard let pinned = try state.release(release) else { throw try state.missing(.release(release)) }
        guard Reference.isChannelName(body.channel) else {
            throw CatalogError.refused(
                "a channel cannot be named \"\(body.channel)\", which means a version or a release"
            )
        }
        try write(
            """
            INSERT INTO channelMove (seq, model, channel, fromRelease, toRelease, decision, settled, event, movedBy,
                movedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                entry.seq, body.model.text, body.channel.text, body.from, body.to, body.decision?.number, body.settled,
                jsonColumn(body), entry.actor, entry.time.milliseconds,
            ]
        )
        try write(
            """
            INSERT INTO channel (model, channel, release, seq, prompt, how) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (model, channel) DO UPDATE SET
                release = excluded.release, seq = excluded.seq, prompt = excluded.prompt, how = excluded.how
            """,
            [
                body.model.text, body.channel.text, body.to, entry.seq, pinned.content.prompt.name.text,
                body.how.rawValue,
            ]
        )
        // The policy allowed it: the evidence that it asks for after a rejection is there.
        if body.how == .promoted { try endRejections(of: release, in: body.channel, entry) }
    }

    /// Only what is live can settle, once, and not while it is watched: then the watch says when.
    func apply(_ body: ChannelSettled, _ entry: Event) throws {
        guard let channel = try state.channel(body.model, body.channel) else {
            throw try state.missing(.channel(model: body.model, channel: body.channel))
        }
        guard channel.release == body.release, channel.move.seq == body.move, !channel.move.settled else {
            throw CatalogError.refused(
                "r\(body.release) cannot settle in \(body.model)@\(body.channel): r\(channel.release) is live there"
                    + (channel.move.settled ? " and settled" : "")
            )
        }
        if let active = try state.activeRollout(body.model, body.channel) {
            throw CatalogError.refused("rollout \(active.id) watches r\(body.release), and says when it settled")
        }
        try write("UPDATE channelMove SET settled = 1 WHERE seq = ?", [body.move])
        try endRejections(of: ReleaseID(body.model, body.release), in: body.channel, entry)
    }
}
