import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// The rollouts that are watched now, oldest first.
    public func activeRollouts() throws -> [RolloutRecord] {
        try rows("\(Self.rolloutColumns) WHERE rollout.state = 'probation' ORDER BY rollout.number", [], Self.rollout)
    }

    /// The rollout that is watched now in a channel; nil for none.
    public func activeRollout(_ model: Name, _ channel: Name) throws -> RolloutRecord? {
        try first(
            "\(Self.rolloutColumns) WHERE rollout.model = ? AND rollout.channel = ? AND rollout.state = 'probation'",
            [model.text, channel.text],
            Self.rollout
        )
    }

    /// Rollouts, newest first.
    ///
    /// - Parameters:
    ///   - model: Only those of this model.
    ///   - channel: Only those into this channel.
    ///   - before: Only those with a lower number.
    public func rollouts(
        of model: Name? = nil,
        channel: Name? = nil,
        limit: Int = 50,
        before: RolloutID? = nil
    ) throws -> [RolloutRecord] {
        var query = ListQuery()
        query.add("rollout.model = ?", model?.text)
        query.add("rollout.channel = ?", channel?.text)
        query.add("rollout.number < ?", before?.number)
        query.limit(limit)
        return try rows(
            "\(Self.rolloutColumns) \(query.text) ORDER BY rollout.number DESC LIMIT ?",
            query.arguments,
            Self.rollout
        )
    }

    /// A rollout by its number.
    public func rollout(_ id: RolloutID) throws -> RolloutRecord? {
        try first("\(Self.rolloutColumns) WHERE rollout.number = ?", [id.number], Self.rollout)
    }

    /// The identifier the next rollout gets.
    public func nextRolloutID() throws -> RolloutID { RolloutID(try next("rollout")) }

    private static let rolloutColumns = """
        SELECT rollout.event, channelMove.fromRelease, channelMove.event, rollout.move, rollout.crashes, rollout.state,
            rollout.outcome, rollout.startedBy, rollout.startedAt, rollout.endedBy, rollout.endedAt
        FROM rollout JOIN channelMove ON channelMove.seq = rollout.move
        """

    private static func rollout(_ row: Row) throws -> RolloutRecord {
        RolloutRecord(
            try row.json(RolloutStarted.self, 0),
            previous: try row.optionalInt(1),
            how: try row.json(ChannelMoved.self, 2).how,
            move: try row.int(3),
            crashes: try row.int(4),
            end: try end(as: row.word(RolloutState.self, 5), row, at: 6),
            startedBy: try row.text(7),
            startedAt: try row.time(8),
            endedBy: try row.optionalText(9),
            endedAt: try row.optionalTime(10)
        )
    }

    private static func end(as state: RolloutState, _ row: Row, at index: Int) throws -> RolloutRecord.End? {
        switch state {
        case .probation: nil
        case .settled: .settled(try row.json(RolloutSettled.self, index))
        case .returned: .returned(try row.json(RolloutReturned.self, index))
        case .rolledBack, .superseded, .aborted: .ended(try row.json(RolloutEnded.self, index))
        }
    }
}

extension Projection {
    /// A rollout follows the move that brought its release, and begins only while that move is the last one.
    func apply(_ body: RolloutStarted, _ entry: Event) throws {
        try expect(body.id.number, toBe: state.nextRolloutID().number, "rollout")
        let model = body.release.model
        guard let channel = try state.channel(model, body.channel), channel.release == body.release.number else {
            throw CatalogError.refused(
                "rollout \(body.id) begins before \(model)@\(body.channel) points to its release"
            )
        }
        guard !channel.move.settled else {
            throw CatalogError.refused("rollout \(body.id) would watch \(body.release), which is settled already")
        }
        try expectSettled(body.from, model, body.channel, "rollout \(body.id) names")
        try write(
            """
            INSERT INTO rollout (number, model, channel, release, fromRelease, move, event, startedBy, startedAt, seq)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                body.id.number, model.text, body.channel.text, body.release.number, body.from, channel.move.seq,
                jsonColumn(body), entry.actor, entry.time.milliseconds, entry.seq,
            ]
        )
    }

    func apply(_ body: RolloutSettled, _ entry: Event) throws {
        let rollout = try expectActive(body.id)
        try end(rollout, by: .settled(body), jsonColumn(body), entry)
        try write("UPDATE channelMove SET settled = 1 WHERE seq = ?", [rollout.move])
        try endRejections(of: rollout.release, in: rollout.channel, entry)
    }

    /// The incident stands before it, the move, the rejection and the hold follow in the same command.
    func apply(_ body: RolloutReturned, _ entry: Event) throws {
        let rollout = try expectActive(body.id)
        try expectSettled(body.to, rollout.release.model, rollout.channel, "rollout \(body.id) would return to")
        try end(rollout, by: .returned(body), jsonColumn(body), entry)
    }

    func apply(_ body: RolloutEnded, _ entry: Event) throws {
        guard [.rolledBack, .superseded, .aborted].contains(body.how) else {
            throw CatalogError.refused("rollout \(body.id) cannot be ended as \(body.how.rawValue) by a person")
        }
        try end(expectActive(body.id), by: .ended(body), jsonColumn(body), entry)
    }

    /// A watch that goes on must not be left behind by a move, and nobody promotes over a hold.
    func expectFree(_ model: Name, _ channel: Name, for how: MoveKind) throws {
        if let active = try state.activeRollout(model, channel) {
            throw CatalogError.refused("rollout \(active.id) of \(model)@\(channel) goes on: end it before the move")
        }
        if how == .promoted, let hold = try state.hold(model, channel) {
            throw CatalogError.refused("\(model)@\(channel) is on hold: \(hold.reason)")
        }
    }

    /// Which of the releases that settled is the last one, builds have decided differently: what one of them wrote is
    /// replayed, and what never settled there is refused.
    private func expectSettled(_ number: Int?, _ model: Name, _ channel: Name, _ what: String) throws {
        guard let number else { return }
        let settled = try state.number(
            "SELECT 1 FROM channelMove WHERE model = ? AND channel = ? AND toRelease = ? AND settled = 1 LIMIT 1",
            [model.text, channel.text, number]
        )
        guard settled == nil else { return }
        throw CatalogError.refused("\(what) r\(number), which never settled in \(model)@\(channel)")
    }

    func expectActive(_ id: RolloutID) throws -> RolloutRecord {
        guard let rollout = try state.rollout(id) else { throw try state.missing(.rollout(id)) }
        guard rollout.state == .probation else { throw CatalogError.rolloutEnded(id, state: rollout.state) }
        return rollout
    }

    private func end(_ rollout: RolloutRecord, by end: RolloutRecord.End, _ outcome: String, _ entry: Event) throws {
        let incident: IncidentID? = if case .returned(let event) = end { event.incident } else { nil }
        try write(
            """
            UPDATE rollout SET state = ?, outcome = ?, incident = ?, endedBy = ?, endedAt = ?, finishedSeq = ?
            WHERE number = ?
            """,
            [
                end.state.rawValue, outcome, incident?.number, entry.actor, entry.time.milliseconds, entry.seq,
                rollout.id.number,
            ]
        )
    }
}
