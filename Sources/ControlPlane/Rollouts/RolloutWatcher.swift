import Artifacts
import Catalog
import Foundation
import Logging
import RegistryRecords
import RegistryTypes
import RolloutRules

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
            let events = try await ledger.append(by: .system, isUrgent: action.isReturn) { state in
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

extension ServingMarkers {
    /// Puts the crashes of the process that the markers show into the log, before anything is loaded.
    ///
    /// - Returns: What the operator should know, one line each.
    func recordCrashes(_ catalog: Catalog, now: Timestamp) async throws -> [String] {
        let left = left()
        guard !left.isEmpty else { return [] }
        let crashed = try await catalog.append(actor: Caller.system.name.text, time: now) { state in
            let rollouts = try state.activeRollouts().filter { left.contains($0.id) }
            let events = rollouts.map { rollout in
                RegistryEvent.releaseCrashed(
                    ReleaseCrashed(
                        id: rollout.release,
                        rollout: rollout.id,
                        why: "the server process ended while it ran \(rollout.release)"
                    )
                )
            }
            return Change(events, answer: rollouts.map(\.release))
        }.answer
        // First the log, then the markers: a process that ends in between counts the same crash again at worst.
        try keep([])
        return crashed.map { "the server process ended while it ran \($0), which is in its probation" }
    }
}
