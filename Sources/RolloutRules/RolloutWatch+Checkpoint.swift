public import Foundation
public import RegistryRecords
import StrictJSON

/// A watch is stored as one small document, after each step that matters, so that a restart goes on where it was. What
/// happened after the last checkpoint is not counted; that is allowed, because evidence may leave out steps as long as
/// nobody chooses them by their outcome.
extension RolloutWatch {
    /// The bytes to store.
    ///
    /// - Throws: `EncodingError`.
    public func checkpoint() throws -> Data { try CanonicalJSON.encode(self) }

    /// The watch as it was stored, with the crashes that the log knows of.
    ///
    /// - Throws: ``RolloutRulesError``; ``init(_:)`` begins anew with what the log knows then.
    public init(_ rollout: RolloutRecord, checkpoint: Data) throws(RolloutRulesError) {
        guard let stored = try? CanonicalJSON.decode(RolloutWatch.self, from: checkpoint),
            stored.watchedSeconds.isFinite, stored.watchedSeconds >= 0
        else { throw .unreadableCheckpoint(rollout.id) }
        let fresh = RolloutWatch(rollout)
        guard stored.rollout == fresh.rollout, stored.release == fresh.release, stored.from == fresh.from,
            stored.probationSeconds == fresh.probationSeconds, stored.holdback == fresh.holdback,
            stored.triggers == fresh.triggers, stored.levels.map(\.indicator) == rollout.indicators
        else { throw .foreignCheckpoint(rollout.id) }
        self = stored
        state = rollout.state
        crashes = max(stored.crashes, rollout.crashes)
    }
}
