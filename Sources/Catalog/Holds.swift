import GRDB
public import RegistryRecords
public import RegistryTypes

extension CatalogState {
    /// The hold on a channel; nil when it may be promoted to.
    public func hold(_ model: Name, _ channel: Name) throws -> HoldRecord? {
        try first(
            "\(Self.holdColumns) WHERE model = ? AND channel = ? AND liftedAt IS NULL",
            [model.text, channel.text],
            Self.hold
        )
    }

    /// The holds that are in force, oldest first.
    public func holds(of model: Name? = nil, limit: Int = 1000) throws -> [HoldRecord] {
        var query = ListQuery()
        query.add("model = ?", model?.text)
        query.require("liftedAt IS NULL")
        query.limit(limit)
        return try rows("\(Self.holdColumns) \(query.text) ORDER BY seq LIMIT ?", query.arguments, Self.hold)
    }

    /// The holds of a channel, newest first, with those that were lifted.
    public func pastHolds(_ model: Name, _ channel: Name, limit: Int = 50) throws -> [HoldRecord] {
        try rows(
            "\(Self.holdColumns) WHERE model = ? AND channel = ? ORDER BY seq DESC LIMIT ?",
            [model.text, channel.text, max(0, limit)],
            Self.hold
        )
    }

    private static let holdColumns = "SELECT event, placedBy, placedAt, lifted, liftedBy, liftedAt FROM hold"

    private static func hold(_ row: Row) throws -> HoldRecord {
        HoldRecord(
            try row.json(HoldPlaced.self, 0),
            by: try row.text(1),
            at: try row.time(2),
            lifted: try row.optionalText(3).map { _ in try row.recorded(from: 3) }
        )
    }
}

extension Projection {
    func apply(_ body: HoldPlaced, _ entry: Event) throws {
        guard try state.channel(body.model, body.channel) != nil else {
            throw try state.missing(.channel(model: body.model, channel: body.channel))
        }
        if try state.hold(body.model, body.channel) != nil {
            throw CatalogError.alreadyExists(what: "a hold", name: "on \(body.model)@\(body.channel)")
        }
        try write(
            "INSERT INTO hold (seq, model, channel, rollout, event, placedBy, placedAt) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                entry.seq, body.model.text, body.channel.text, body.rollout?.number, jsonColumn(body), entry.actor,
                entry.time.milliseconds,
            ]
        )
    }

    func apply(_ body: HoldLifted, _ entry: Event) throws {
        let changed = try write(
            """
            UPDATE hold SET lifted = ?, liftedBy = ?, liftedAt = ?, finishedSeq = ?
            WHERE model = ? AND channel = ? AND liftedAt IS NULL
            """,
            [
                jsonColumn(body), entry.actor, entry.time.milliseconds, entry.seq, body.model.text, body.channel.text,
            ]
        )
        guard changed == 1 else {
            throw CatalogError.notFound(what: "hold", name: "on \(body.model)@\(body.channel)", near: [])
        }
    }
}
