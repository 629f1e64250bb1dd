import GRDB
public import RegistryRecords
public import RegistryTypes

/// What was live at a moment, by the order of the log.
extension CatalogState {
    /// The newest event that is dated at or before a moment; nil when the log begins later.
    public func newestEvent(at moment: Timestamp) throws -> Int? {
        try number("SELECT seq FROM event WHERE +time <= ? ORDER BY seq DESC LIMIT 1", [moment.milliseconds])
    }

    /// The first event before `seq` that is dated after a moment, for a clock that stepped back; nil as it should be.
    public func misdatedEvent(before seq: Int, after moment: Timestamp) throws -> Int? {
        try number("SELECT min(seq) FROM event WHERE seq < ? AND time > ?", [seq, moment.milliseconds])
    }

    /// When the log begins; nil for an empty one.
    public func beginning() throws -> Timestamp? {
        try first("SELECT time FROM event ORDER BY seq LIMIT 1") { try $0.time(0) }
    }

    /// The move that each channel stood at after an event, settled when it had settled by then; by model and channel.
    public func moves(asOf seq: Int) throws -> [ChannelMove] {
        let found = try rows(
            """
            SELECT event, seq, movedBy, movedAt FROM channelMove
            WHERE seq IN (SELECT max(seq) FROM channelMove WHERE seq <= ? GROUP BY model, channel)
            ORDER BY model, channel
            """,
            [seq]
        ) { row in
            ChannelMove(
                try row.json(ChannelMoved.self, 0),
                seq: try row.int(1),
                by: try row.text(2),
                at: try row.time(3)
            )
        }
        return try found.map { move in
            guard try !move.settled && hasSettled(move, asOf: seq) else { return move }
            var event = move.event
            event.settled = true
            return ChannelMove(event, seq: move.seq, by: move.by, at: move.at)
        }
    }

    private func hasSettled(_ move: ChannelMove, asOf seq: Int) throws -> Bool {
        let watched = try number(
            "SELECT 1 FROM rollout WHERE move = ? AND state = 'settled' AND finishedSeq <= ?",
            [move.seq, seq]
        )
        if watched != nil { return true }
        let newest = try events(before: seq + 1, limit: 1, kind: ChannelSettled.kind, subject: move.subject).first
        return (newest?.seq ?? 0) > move.seq
    }

    /// The hold on a channel after an event; nil when there was none.
    public func hold(_ model: Name, _ channel: Name, asOf seq: Int) throws -> HoldPlaced? {
        try first(
            """
            SELECT event FROM hold
            WHERE model = ?1 AND channel = ?2 AND seq <= ?3 AND (finishedSeq IS NULL OR finishedSeq > ?3)
            """,
            [model.text, channel.text, seq]
        ) { try $0.json(HoldPlaced.self, 0) }
    }
}
