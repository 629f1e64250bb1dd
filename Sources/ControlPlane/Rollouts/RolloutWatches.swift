import Gateway
import Logging
import RegistryRecords
import RegistryTypes
import RolloutRules

/// The watches over rollouts with what is on disk for them: a checkpoint of each, and the marker that tells a restart
/// which release ran when the process ended.
struct RolloutWatches: Sendable {
    let tracker: WatchTracker
    let files: WatchFiles
    let markers: ServingMarkers
    let rollups: Rollups
    let gateway: Gateway
    let logger: Logger

    /// Begins watches for rollouts that the log has and nobody watches, and ends those it has ended. Done before a
    /// release gets its first request, so that this one counts, and its marker is on disk before it can do damage.
    func follow(_ state: ServingState, now: Timestamp) async {
        let active = state.rollouts
        let watched = tracker.ids
        var begun: [ActiveWatch] = []
        for rollout in active where !watched.contains(rollout.id) {
            let (watch, problem) = files.watch(rollout)
            if let problem { logger.warning("\(problem)") }
            let stored = (try? await rollups.buckets(since: rollout.startedAt, now: now)) ?? [:]
            let documents = state.levels.map(\.document)
            begun.append(ActiveWatch(rollout, watch: watch, documents: documents, stored: stored, now: now))
        }
        let ids = Set(active.map(\.id))
        tracker.follow(begun, active: ids, asOf: state.head) {
            files.keep(ids)
            keepMarkers(ids)
        }
    }

    /// Stores a watch. Without its file it begins again after a restart, which costs time and no safety.
    func store(_ watch: RolloutWatch) {
        do {
            try files.store(watch)
        } catch {
            logger.warning(
                "a watch cannot be stored",
                metadata: ["rollout": "\(watch.rollout)", "error": "\(error)"]
            )
        }
    }

    /// Says that an end of the process from now on is an orderly one: no release is to blame for it.
    func endMarkers() { try? markers.keep([]) }

    private func keepMarkers(_ ids: Set<RolloutID>) {
        // What is there already is not written again.
        guard markers.left() != ids, gateway.readiness != .draining else { return }
        do {
            try markers.keep(ids)
        } catch {
            logger.warning("the marker of a watched release cannot be written", metadata: ["error": "\(error)"])
        }
    }
}
