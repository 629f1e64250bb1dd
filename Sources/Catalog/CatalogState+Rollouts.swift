import GRDB
public import RegistryRecords
public import RegistryTypes
import UserDocuments

extension CatalogState {
    // MARK: Rollouts

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
        try rows(
            """
            \(Self.rolloutColumns)
            WHERE (?1 IS NULL OR rollout.model = ?1) AND (?2 IS NULL OR rollout.channel = ?2) AND rollout.number < ?3
            ORDER BY rollout.number DESC LIMIT ?4
            """,
            [model?.text, channel?.text, before?.number ?? Int.max, max(0, limit)],
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
        SELECT rollout.number, rollout.model, rollout.release, rollout.channel, rollout.fromRelease,
            channelMove.fromRelease, channelMove.how, rollout.move, rollout.policy, rollout.probationSeconds,
            rollout.holdback, rollout.triggers, rollout.indicators, rollout.state, rollout.crashes, rollout.cause,
            rollout.result, rollout.reason, rollout.incident, rollout.startedBy, rollout.startedAt, rollout.endedBy,
            rollout.endedAt
        FROM rollout JOIN channelMove ON channelMove.seq = rollout.move
        """

    private static func rollout(_ row: Row) throws -> RolloutRecord {
        RolloutRecord(
            id: RolloutID(try row.int(0)),
            release: ReleaseID(try row.name(1), try row.int(2)),
            channel: try row.name(3),
            from: try row.optionalInt(4),
            previous: try row.optionalInt(5),
            how: try row.word(MoveKind.self, 6),
            move: try row.int(7),
            policy: try row.optionalJSON(PolicyReference.self, 8),
            probationSeconds: try row.real(9),
            holdback: try row.real(10),
            triggers: try row.json([RollbackTrigger].self, 11),
            indicators: try row.json([RolloutIndicator].self, 12),
            state: try row.word(RolloutState.self, 13),
            crashes: try row.int(14),
            cause: try row.optionalJSON(RolloutCause.self, 15),
            result: try row.optionalJSON(RolloutResult.self, 16),
            reason: try row.optionalText(17),
            incident: try row.optionalInt(18).map { IncidentID($0) },
            startedBy: try row.text(19),
            startedAt: try row.time(20),
            endedBy: try row.optionalText(21),
            endedAt: try row.optionalTime(22)
        )
    }

    // MARK: Holds

    /// The hold on a channel; nil when it may be promoted to.
    public func hold(_ model: Name, _ channel: Name) throws -> HoldRecord? {
        try first(
            "\(Self.holdColumns) WHERE model = ? AND channel = ? AND liftedAt IS NULL",
            [model.text, channel.text],
            Self.hold
        )
    }

    /// The holds that are in force, oldest first.
    public func holds(of model: Name? = nil) throws -> [HoldRecord] {
        try rows(
            "\(Self.holdColumns) WHERE (?1 IS NULL OR model = ?1) AND liftedAt IS NULL ORDER BY seq",
            [model?.text],
            Self.hold
        )
    }

    /// The holds of a channel, newest first, with those that were lifted.
    public func pastHolds(_ model: Name, _ channel: Name, limit: Int = 50) throws -> [HoldRecord] {
        try rows(
            "\(Self.holdColumns) WHERE model = ? AND channel = ? ORDER BY seq DESC LIMIT ?",
            [model.text, channel.text, max(0, limit)],
            Self.hold
        )
    }

    private static let holdColumns =
        "SELECT model, channel, reason, rollout, placedBy, placedAt, liftedBy, liftedAt, liftedReason FROM hold"

    private static func hold(_ row: Row) throws -> HoldRecord {
        HoldRecord(
            model: try row.name(0),
            channel: try row.name(1),
            reason: try row.text(2),
            rollout: try row.optionalInt(3).map { RolloutID($0) },
            by: try row.text(4),
            at: try row.time(5),
            liftedBy: try row.optionalText(6),
            liftedAt: try row.optionalTime(7),
            liftedReason: try row.optionalText(8)
        )
    }
}
