import Foundation
import Gateway
import Logging
import RegistryTypes
import WireFormat

/// The loop that goes on while the server runs: each second, what happened is handed to the watches and the alerts;
/// besides, counts are written, what could not be loaded is tried again, and the data folder is kept in order.
struct WatchLoop: Sendable {
    let ledger: Ledger
    let follower: LogFollower
    let published: PublishedState
    let watcher: RolloutWatcher
    let settling: Settling
    let alerts: AlertFollower
    let trafficReturn: TrafficReturn
    let unloaded: UnloadedFollower
    let rollups: Rollups
    let channelFile: ChannelFile
    let maintenance: Maintenance
    let gateway: Gateway
    let logger: Logger

    /// Between two steps, in milliseconds.
    private static let stepMilliseconds = 1000
    /// How often roll-ups are written, in steps.
    private static let stepsPerFlush = 2
    /// How often a live release that is not loaded is tried again, in steps.
    private static let stepsPerReload = 10
    /// How often days are dropped and the reserve is looked at, in steps.
    private static let stepsPerMaintenance = 600

    /// Takes up the watches where the last process left them: what must go back because it crashed the process goes back
    /// before it is loaded again. Done once, before ``run()``.
    func takeUp() async {
        await follower.watchFirst()
        await watcher.resume()
    }

    /// Goes on until cancelled.
    func run() async {
        let start = ContinuousClock.now
        var next = start
        var count = 0
        while !Task.isCancelled {
            await step(monotonicSeconds: start.duration(to: .now) / .seconds(1))
            if count % Self.stepsPerFlush == 0 { await flush() }
            if count % Self.stepsPerMaintenance == 0 { await maintenance.run() }
            // What could not be loaded is tried again: a passing lack of memory must not need a restart.
            if count % Self.stepsPerReload == Self.stepsPerReload - 1, gateway.hasUnloadedChannel {
                await follower.catchUp()
                noteFailedLoads()
            }
            count += 1
            // Steps that took too long are left out, not made up for.
            next = max(next.advanced(by: .milliseconds(Self.stepMilliseconds)), .now)
            try? await Task.sleep(until: next, clock: .continuous)
        }
        await flush()
    }

    /// Writes what was counted and is not on disk yet.
    func flush() async {
        await rollups.flush()
        if let courses = settling.tracker.takeChanged() { channelFile.store(courses, logger) }
    }

    /// One step: the documents in force, the watches, then the alerts.
    func step(monotonicSeconds: Double) async {
        if published.current == nil { await follower.catchUp() }
        do {
            try await followLevels()
        } catch {
            logger.error("service levels cannot be read", metadata: ["error": "\(error)"])
        }
        await watcher.step(monotonicSeconds: monotonicSeconds)
        await settling.step()
        await alerts.step(now: ledger.now())
        await trafficReturn.step(now: ledger.now())
        await unloaded.step()
    }

    /// A watched release that could not be loaded once more failed as it would have failed requests, which another release
    /// answers meanwhile.
    func noteFailedLoads() {
        let now = ledger.now()
        for row in unloaded.rows {
            watcher.watches.tracker.update {
                $0.addFailedLoad(ReleaseID(row.model, row.release), in: row.channel, at: now)
            }
        }
    }

    /// Makes the service levels those of the documents in force.
    func followLevels() async throws {
        guard let state = published.current else { return }
        try await rollups.follow(state.levels, now: ledger.now())
        watcher.watches.tracker.use(rollups.levels.documents)
    }
}
