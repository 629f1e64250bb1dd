import Artifacts
import Catalog
import Foundation
import Gateway
import Logging
import RegistryRecords
import RegistryTypes
import RolloutRules
import ServiceLevels

/// The watch: each second, what happened is handed to the rules, and what they say is written to the log and done.
extension ControlPlane {
    /// Between two steps, in milliseconds.
    private static let stepMilliseconds = 1000
    /// How often roll-ups are written, in steps.
    private static let stepsPerFlush = 2
    /// How often a live release that is not loaded is tried again, in steps.
    private static let stepsPerReload = 10
    /// How often days are dropped and the reserve is looked at, in steps.
    private static let stepsPerUpkeep = 600

    /// Watches until cancelled.
    func watch() async {
        let start = ContinuousClock.now
        var next = start
        var count = 0
        while !Task.isCancelled {
            let seconds = start.duration(to: .now) / .seconds(1)
            await step(monotonicSeconds: seconds)
            if count % Self.stepsPerFlush == 0 { await flushRollups() }
            if count % Self.stepsPerUpkeep == 0 { await maintain() }
            // What could not be loaded is tried again: a passing lack of memory must not need a restart.
            if count % Self.stepsPerReload == Self.stepsPerReload - 1, gateway.hasUnloadedChannel {
                await refreshServing()
            }
            count += 1
            // Steps that took too long are left out, not made up for.
            next = max(next.advanced(by: .milliseconds(Self.stepMilliseconds)), .now)
            try? await Task.sleep(until: next, clock: .continuous)
        }
        await flushRollups()
    }

    /// One step: the watches, then the alerts.
    func step(monotonicSeconds: Double) async {
        let now = configuration.now()
        do {
            try await followDocuments(now: now)
            try await followRollouts(now: now)
        } catch {
            logger.error("rollouts cannot be read", metadata: ["error": "\(error)"])
        }
        for (rollout, actions, watch) in watchBoard.step(monotonicSeconds: monotonicSeconds, now: now) {
            // A return that was decided is on disk before it is carried out: a process that dies in between does it at
            // its next start, from the same evidence.
            if actions.contains(where: { if case .takeBack = $0 { true } else { false } }) { store(watch) }
            for action in actions { await perform(action, rollout) }
            store(watch)
        }
        await followAlerts(now: now)
    }

    private func store(_ watch: RolloutWatch) {
        do {
            try watchFiles.store(watch)
        } catch {
            logger.warning(
                "a watch cannot be stored",
                metadata: ["rollout": "\(watch.rollout)", "error": "\(error)"]
            )
        }
    }

    /// Goes on where a process before ended: a release that killed it twice goes back before anything is loaded.
    func resumeRollouts() async {
        let now = configuration.now()
        do {
            try await followRollouts(now: now)
        } catch {
            logger.error("rollouts cannot be read", metadata: ["error": "\(error)"])
        }
        for (rollout, actions) in watchBoard.start(now: now) {
            for action in actions { await perform(action, rollout) }
        }
    }

    /// Begins watches for rollouts that the log has and nobody watches, and ends those it has ended. Done before a
    /// release gets its first request, so that this one counts, and its marker is on disk before it can do damage.
    func followRollouts(now: Timestamp) async throws {
        let (head, active) = try await read { (try $0.head().seq, try $0.activeRollouts()) }
        let watched = watchBoard.ids
        let begun = try await begin(active.filter { !watched.contains($0.id) }, now: now)
        let ids = Set(active.map(\.id))
        watchBoard.follow(begun, active: ids, asOf: head) {
            watchFiles.keep(ids)
            // A step that finds nothing changed does not write.
            guard servingMarkers.left() != ids, gateway.readiness != .draining else { return }
            do {
                try servingMarkers.keep(ids)
            } catch {
                logger.warning("the marker of a watched release cannot be written", metadata: ["error": "\(error)"])
            }
        }
    }

    private func begin(_ rollouts: [RolloutRecord], now: Timestamp) async throws -> [ActiveWatch] {
        guard !rollouts.isEmpty else { return [] }
        // Those of the log: a rollout may name an SLO that was applied since the last step.
        let documents = try await read { try Self.serviceLevels(in: $0) }
        var watches: [ActiveWatch] = []
        for rollout in rollouts {
            let (watch, problem) = watchFiles.watch(rollout)
            if let problem { logger.warning("\(problem)") }
            let stored = (try? await storedBuckets(since: rollout.startedAt)) ?? [:]
            watches.append(ActiveWatch(rollout, watch: watch, documents: documents, stored: stored, now: now))
        }
        return watches
    }

    /// Writes what a watch says to the log; the channel follows. It is said again in the next step when that fails.
    private func perform(_ action: RolloutAction, _ rollout: RolloutRecord) async {
        if case .takeBack = action { Failpoint.hit("return.decided") }
        do {
            // Only a return may use what is kept back on a full disk: a report before it must not spend that.
            let isReturn = if case .takeBack = action { true } else { false }
            let events = try await append(by: .system, isUrgent: isReturn) { state in
                guard let record = try state.rollout(rollout.id) else { return [] }
                return action.events(try RolloutFacts(record, in: state))
            }
            guard !events.isEmpty else { return }
            if case .takeBack = action { Failpoint.hit("return.moved") }
            let kinds = events.map(\.kind).joined(separator: " ")
            logger.notice("rollout", metadata: ["rollout": "\(rollout.id)", "events": "\(kinds)"])
        } catch {
            logger.error(
                "a rollout's step cannot be written",
                metadata: ["rollout": "\(rollout.id)", "error": "\(error)"]
            )
        }
    }

    /// Puts the crashes of the process that the markers show into the log, before anything is loaded.
    static func recordCrashes(_ markers: ServingMarkers, catalog: Catalog, now: Timestamp) async throws -> [String] {
        let left = markers.left()
        guard !left.isEmpty else { return [] }
        var notes: [String] = []
        let events = try await catalog.append(actor: systemActor, time: now) { state in
            try state.activeRollouts().filter { left.contains($0.id) }.map { rollout in
                .releaseCrashed(
                    ReleaseCrashed(
                        id: rollout.release,
                        rollout: rollout.id,
                        why: "the server process ended while it ran \(rollout.release)"
                    )
                )
            }
        }
        for event in events {
            notes.append("the server process ended while it ran \(event.subject), which is in its probation")
        }
        // First the log, then the markers: a process that ends in between counts the same crash again at worst.
        try markers.keep([])
        return notes
    }
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
