import Artifacts
import Catalog
import Foundation
import Logging
import RegistryRecords
import RegistryTypes
import RolloutRules
import Synchronization
import UserDocuments

/// The watches over rollouts with what is on disk for them: a checkpoint of each, and the marker that tells a restart
/// which release was answering when the process ended.
struct RolloutWatches: Sendable {
    let tracker: WatchTracker
    let files: WatchFiles
    let running: RunningReleases
    let settling: SettlingTracker
    let rollups: Rollups
    let loads: LoadMarkers
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
            let plan = state.channel(rollout.release.model, rollout.channel)?.live?.plan
            begun.append(
                ActiveWatch(
                    rollout,
                    watch: watch,
                    // Those that events are counted by now; see ``WatchTracker/use(_:)``.
                    documents: rollups.levels.documents,
                    telling: TellingAnswers(plan),
                    stored: stored,
                    loadCrashes: plan.map { loads.crashes(of: $0.weights.digest) } ?? 0,
                    now: now
                )
            )
        }
        settling.follow(state)
        let ids = Set(active.map(\.id))
        tracker.follow(begun, active: ids, asOf: state.head) {
            files.keep(ids)
            running.watch(active)
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
    func endMarkers() { running.end() }
}

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
            // In place: a copy of each watch for each request would cost as much as it holds.
            for index in state.watches.values.indices { change(&state.watches.values[index]) }
        }
    }

    /// Takes the documents into force that events are counted by from now on.
    func use(_ documents: [SLODocument]) { update { $0.use(documents) } }

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

/// Steps the watches: what happened is handed to the rules, and what they say is written to the log; channels follow.
struct RolloutWatcher: Sendable {
    let ledger: Ledger
    let watches: RolloutWatches
    let logger: Logger

    /// One step of every watch.
    func step(monotonicSeconds: Double) async {
        for (rollout, actions, watch) in watches.tracker.step(monotonicSeconds: monotonicSeconds, now: ledger.now()) {
            // A return that was decided is on disk before it is carried out: a process that crashes in between does it
            // at its next start, from the same evidence.
            if actions.contains(where: \.isReturn) { watches.store(watch) }
            for action in actions { await perform(action, rollout) }
            watches.store(watch)
        }
    }

    /// Goes on where a process before ended: a release that crashed it twice goes back before anything is loaded.
    func resume() async {
        for (rollout, actions) in watches.tracker.start(now: ledger.now()) {
            for action in actions { await perform(action, rollout) }
        }
    }

    /// Writes what a watch says to the log; the channel follows. It is said again in the next step when that fails.
    private func perform(_ action: RolloutAction, _ rollout: RolloutRecord) async {
        if action.isReturn { Failpoint.hit("return.decided") }
        do {
            // Only a return may use what is kept back on a full disk: a report before it must not spend that.
            let events = try await ledger.append(by: .system, urgency: action.isReturn ? .move : .ordinary) { state in
                guard let record = try state.rollout(rollout.id) else { return Change([]) }
                return Change(action.events(try RolloutFacts(record, in: state)))
            }.events
            guard !events.isEmpty else { return }
            if action.isReturn { Failpoint.hit("return.moved") }
            let kinds = events.map(\.kind).joined(separator: " ")
            logger.notice("rollout", metadata: ["rollout": "\(rollout.id)", "events": "\(kinds)"])
        } catch {
            logger.error(
                "a rollout's step cannot be written",
                metadata: ["rollout": "\(rollout.id)", "error": "\(error)"]
            )
        }
    }
}

extension RolloutAction {
    /// Whether it takes the channel back.
    fileprivate var isReturn: Bool { if case .takeBack = self { true } else { false } }
}

extension RolloutFacts {
    init(_ rollout: RolloutRecord, in state: CatalogState) throws {
        let model = rollout.release.model
        self.init(
            rollout: rollout,
            lastSettled: try state.lastSettled(model, rollout.channel),
            nextIncident: try state.nextIncidentID(),
            openIncidents: try state.incidents(of: model, isOpen: true, limit: 100),
            lastMoves: try state.moves(model, rollout.channel, limit: 5),
            isOnHold: try state.hold(model, rollout.channel) != nil
        )
    }
}
