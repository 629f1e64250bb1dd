import GRDB
import RegistryRecords
import RegistryTypes

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
        guard try state.release(release) != nil else { throw try state.missing(.release(release)) }
        guard Reference.isChannelName(body.channel) else {
            throw CatalogError.refused(
                "a channel cannot be named \"\(body.channel)\", which means a version or a release"
            )
        }
        try write(
            """
            INSERT INTO channelMove (seq, model, channel, fromRelease, toRelease, how, decision, reason, settled,
                movedBy, movedAt) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                entry.seq, body.model.text, body.channel.text, body.from, body.to, body.how.rawValue,
                body.decision?.number, body.reason, body.settled, entry.actor, entry.time.milliseconds,
            ]
        )
        try write(
            """
            INSERT INTO channel (model, channel, release, seq) VALUES (?, ?, ?, ?)
            ON CONFLICT (model, channel) DO UPDATE SET release = excluded.release, seq = excluded.seq
            """,
            [body.model.text, body.channel.text, body.to, entry.seq]
        )
    }
}
