public import RegistryRecords
public import RegistryTypes
import UserDocuments

/// How a move begins: whether the release is watched, and the events around the move. Nothing is settled by coming in: a
/// watched release settles by its watch, another one when it has answered.
public struct RolloutStart: Sendable {
    /// Events that stand before the move: the end of the rollout that goes on in the channel.
    public let before: [RegistryEvent]
    /// Events that stand after the move: the start of the new one.
    public let after: [RegistryEvent]

    /// What a promotion of `release` begins.
    ///
    /// - Parameters:
    ///   - live: The release the channel points to; nil for none.
    ///   - lastSettled: The last settled release besides `release`; nil for none.
    ///   - active: The rollout that goes on in the channel; nil for none.
    ///   - result: What that one has seen, if its watch knows.
    ///   - policy: The policy that decided; nil when none matched: nothing is watched then.
    ///   - indicators: The service levels of the model that are in force.
    public init(
        release: ReleaseID,
        channel: Name,
        live: Int?,
        lastSettled: Int?,
        active: RolloutRecord?,
        result: RolloutResult?,
        policy: PolicyRevision?,
        indicators: [RolloutIndicator],
        nextID: RolloutID
    ) {
        before =
            active.map { active in
                [
                    .rolloutEnded(
                        RolloutEnded(
                            id: active.id,
                            how: .superseded,
                            reason: "\(release) was promoted",
                            result: result
                        )
                    )
                ]
            } ?? []
        let rollout = policy?.document.rollout ?? Rollout()
        let isWatched = live != nil && rollout.probationSeconds > 0
        after =
            isWatched
            ? [
                .rolloutStarted(
                    RolloutStarted(
                        id: nextID,
                        release: release,
                        channel: channel,
                        from: lastSettled,
                        policy: policy.map { PolicyReference($0) },
                        probationSeconds: rollout.probationSeconds,
                        holdback: lastSettled == nil ? 0 : rollout.holdback,
                        triggers: policy?.document.rollBackWhen ?? [],
                        indicators: indicators
                    )
                )
            ] : []
    }
}
