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
    /// not rejected since and can still be loaded; nil when there is none. A release that came back with new evidence
    /// after a rejection, and settled, counts again.
    public func lastSettled(_ model: Name, _ channel: Name) throws -> Int? {
        guard let live = try liveRelease(model, channel) else { return nil }
        return try lastSettled(model, channel, besides: live)
    }

    /// The release to which a rollback would go if `live` were the one to leave; see ``lastSettled(_:_:)``. A promotion
    /// asks with the release that comes in.
    public func lastSettled(_ model: Name, _ channel: Name, besides live: Int) throws -> Int? {
        try number(
            """
            SELECT toRelease FROM channelMove
            JOIN release ON release.model = channelMove.model AND release.number = channelMove.toRelease
            JOIN version ON version.model = release.model AND version.number = release.version
            WHERE channelMove.model = ? AND channelMove.channel = ? AND settled = 1 AND toRelease <> ?
                AND version.quarantined IS NULL
                AND NOT EXISTS (
                    SELECT 1 FROM event WHERE subject = channelMove.model || '@r' || toRelease
                        AND kind = 'release.rejected' AND event.seq > channelMove.seq
                )
            ORDER BY channelMove.seq DESC LIMIT 1
            """,
            [model.text, channel.text, live]
        )
    }

    private func channels(where condition: String, _ arguments: StatementArguments) throws -> [ChannelRecord] {
        let found = try rows(
            """
            SELECT channel.release, \(Self.moveColumns) FROM channel
            JOIN channelMove ON channelMove.seq = channel.seq
            \(condition) ORDER BY channel.model, channel.channel
            """,
            arguments
        ) { (release: try $0.int(0), move: try Self.move($0, from: 1)) }
        return try found.map { release, move in
            ChannelRecord(
                model: move.model,
                channel: move.channel,
                release: release,
                move: move,
                rollbackTo: try lastSettled(move.model, move.channel)
            )
        }
    }

    private static let moveColumns = [
        "seq", "model", "channel", "fromRelease", "toRelease", "how", "decision", "reason", "settled", "movedBy",
        "movedAt",
    ].map { "channelMove.\($0)" }.joined(separator: ", ")

    private static func move(_ row: Row, from start: Int) throws -> ChannelMove {
        ChannelMove(
            seq: try row.int(start),
            model: try row.name(start + 1),
            channel: try row.name(start + 2),
            from: try row.optionalInt(start + 3),
            to: try row.int(start + 4),
            how: try row.word(MoveKind.self, start + 5),
            decision: try row.optionalInt(start + 6).map { DecisionID($0) },
            reason: try row.optionalText(start + 7),
            settled: try row.flag(start + 8),
            by: try row.text(start + 9),
            at: try row.time(start + 10)
        )
    }
}
