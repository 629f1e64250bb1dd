import Foundation
import RegistryRecords
import RegistryTypes
import RolloutRules
import Synchronization

/// The watches over all rollouts that go on: requests add to them from many threads, one task steps them.
final class WatchTracker: Sendable {
    private struct State {
        var watches: [RolloutID: ActiveWatch] = [:]
        /// The tallies of rollouts that ended since the start, for people.
        var ended: [RolloutID: ActiveWatch] = [:]
    }

    private let state = Mutex(State())
    /// The log entry that the rollouts were read at.
    private let followedAsOf = Mutex(0)
    /// Rollouts whose tallies are remembered after their end.
    private static let endedCount = 100

    /// The rollouts that are watched.
    var ids: Set<RolloutID> { Set(state.withLock { $0.watches.keys }) }

    /// Begins and ends watches as the log has it, and does `change` with them. Of two calls that cross, the one that
    /// read the later entry holds; a watch that goes on already keeps what it counted.
    func follow(_ begun: [ActiveWatch], active: Set<RolloutID>, asOf head: Int, _ change: () -> Void) {
        followedAsOf.withLock { asOf in
            guard head >= asOf else { return }
            asOf = head
            state.withLock { state in
                for watch in begun where state.watches[watch.rollout.id] == nil {
                    state.watches[watch.rollout.id] = watch
                }
                for id in state.watches.keys where !active.contains(id) {
                    state.ended[id] = state.watches.removeValue(forKey: id)
                }
                while state.ended.count > Self.endedCount, let oldest = state.ended.keys.min() {
                    state.ended[oldest] = nil
                }
            }
            change()
        }
    }

    /// A watch that goes on, or one that ended since the start.
    func watch(_ id: RolloutID) -> ActiveWatch? { state.withLock { $0.watches[id] ?? $0.ended[id] } }

    /// What the watch over a channel has seen so far; nil when nothing is watched there.
    func result(of model: Name, _ channel: Name) -> RolloutResult? {
        state.withLock { state in
            state.watches.values.first { $0.rollout.release.model == model && $0.rollout.channel == channel }?
                .watch.resultSoFar()
        }
    }

    /// Changes every watch that goes on.
    func update(_ change: (inout ActiveWatch) -> Void) {
        state.withLock { state in
            for id in state.watches.keys {
                guard var watch = state.watches[id] else { continue }
                change(&watch)
                state.watches[id] = watch
            }
        }
    }

    /// What to do before anything happened: after a restart.
    func start(now: Timestamp) -> [(rollout: RolloutRecord, actions: [RolloutAction])] {
        state.withLock { state in
            state.watches.keys.sorted().compactMap { id in
                guard var watch = state.watches[id] else { return nil }
                let actions = watch.start(now: now)
                state.watches[id] = watch
                return (watch.rollout, actions)
            }
        }
    }

    /// Steps every watch.
    ///
    /// - Returns: What to do, and the checkpoint of each watch.
    func step(
        monotonicSeconds: Double,
        now: Timestamp
    ) -> [(rollout: RolloutRecord, actions: [RolloutAction], watch: RolloutWatch)] {
        state.withLock { state in
            state.watches.keys.sorted().compactMap { id in
                guard var watch = state.watches[id] else { return nil }
                let actions = watch.step(monotonicSeconds: monotonicSeconds, now: now)
                state.watches[id] = watch
                return (watch.rollout, actions, watch.watch)
            }
        }
    }
}
