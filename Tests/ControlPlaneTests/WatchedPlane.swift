import Foundation
import Gateway
import RegistryTypes
import Synchronization
import TestSupport
import Testing
import WireFormat

@testable import ControlPlane

/// The demo while it answers: requests that tests make up, and two clocks that tests move.
final class WatchedPlane: Sendable {
    let demo: DemoPlane
    var plane: ControlPlane { demo.plane }
    private let monotonic: Mutex<Double>
    private static let drawn = Mutex<UInt64>(0)

    /// Everybody may promote what loads; a release is watched for 5 minutes against a fifth that stays behind.
    static let policy = """
        apiVersion: serin/v1
        kind: Policy
        name: production
        for: { channel: production, models: ["*"] }
        gates:
          - { id: smoke, type: smoke, level: mandatory }
        onMissing: block
        rollout: { strategy: direct, probation: 5 min, holdback: 20 % }
        rollBackWhen:
          - { burn: 2, long: 2 min, short: 30 s }
          - { worseThanPrevious: bad answers, error: 1 % }
          - { engineFailures: 3 }
        """
    /// How many steps its probation takes at most: the first one watches nothing yet.
    static let probationSteps = 302

    /// The demo with two more versions, of which nothing is promoted yet.
    convenience init(policy: String = WatchedPlane.policy) async throws {
        let demo = try await DemoPlane()
        try await demo.settle()
        _ = try await demo.apply(policy)
        _ = try await demo.publish("v3")
        _ = try await demo.publish("v2")
        // Their releases, in this order, whatever is promoted first.
        for version in 2...3 {
            _ = try await demo.promote("ticket-bot@\(version)", to: "staging", reason: "order", override: true)
        }
        self.init(demo, monotonicSeconds: 0)
    }

    init(_ demo: DemoPlane, monotonicSeconds: Double) {
        self.demo = demo
        monotonic = Mutex(monotonicSeconds)
    }

    /// The same folder in a new process: after an orderly end, or as a killed process left it. The clock goes on.
    func restarted(killed: Bool = false) async throws -> WatchedPlane {
        if !killed { try await plane.close() }
        let next = try await DemoPlane(ScratchFolder(copying: demo.folder), from: demo.clock.now())
        // The clock of a new process begins anew.
        let live = WatchedPlane(next, monotonicSeconds: 0)
        await live.plane.loop.takeUp()
        return live
    }

    /// Seconds pass, each with a step of the watch.
    func pass(_ seconds: Int, each: (Int) -> Void = { _ in }) async {
        for second in 0..<seconds {
            demo.clock.advance(seconds: 1)
            each(second)
            await step()
        }
    }

    /// A step of the watch, a second after the last one.
    func step() async {
        let now = monotonic.withLock { seconds in
            seconds += 1
            return seconds
        }
        await plane.loop.step(monotonicSeconds: now)
    }

    /// Decides as a step does, writes the checkpoint, and dies before the log has it.
    func decideAndDie() throws {
        let now = monotonic.withLock { seconds in
            seconds += 1
            return seconds
        }
        for (_, _, watch) in plane.loop.watcher.watches.tracker.step(monotonicSeconds: now, now: demo.clock.now()) {
            try plane.loop.watcher.watches.files.store(watch)
        }
    }

    /// A request that ends now.
    @discardableResult
    func serve(
        _ release: Int,
        arm: TrafficArm = .live,
        outcome: RequestOutcome = .answered,
        isValid: Bool? = true,
        changesRelease: Bool? = nil,
        isCutByRequest: Bool? = nil,
        source: RequestSource = .user,
        key: String = "shop",
        channel: Name = DemoPlane.production,
        isCut: Bool = false,
        capture: CapturePolicy = .redacted,
        text: String = "Where is my parcel? Order 48213."
    ) -> RequestID {
        let now = demo.clock.now()
        let number = Self.drawn.withLock { drawn in
            drawn += 1
            return drawn
        }
        let id = RequestID(time: now, random: (7, number))
        let record = RequestRecord(
            id: id,
            time: now,
            model: DemoPlane.model,
            asked: "ticket-bot",
            channel: arm == .pinned ? nil : channel,
            release: release,
            version: release,
            prompt: VersionID(DemoPlane.known("ticket-triage"), 1),
            arm: arm,
            source: source,
            key: DemoPlane.known(key),
            outcome: outcome,
            status: outcome == .answered ? 200 : 500,
            finish: outcome == .answered ? isCut ? "length" : "stop" : nil,
            promptTokens: 40,
            outputTokens: isCut ? 1 : 12,
            totalSeconds: 0.05,
            isOutputValid: outcome == .answered && !isCut ? isValid : nil,
            changesRelease: changesRelease,
            isCutByRequest: isCutByRequest,
            capture: capture
        )
        let body = RequestBody(variables: ["ticket": text], answers: ["{\"intent\":\"status\"}"])
        plane.traffic.requests.recorder.record(CompletedRequest(record: record, body: body))
        return id
    }

    /// A request that a release begins to answer, and never ends.
    func begin(_ release: Int) {
        let number = Self.drawn.withLock { drawn in
            drawn += 1
            return drawn
        }
        let id = RequestID(time: demo.clock.now(), random: (8, number))
        plane.loop.watcher.watches.running.began(id, ReleaseID(DemoPlane.model, release))
    }

    /// A second of traffic: four requests to the release, one to the share that stays behind.
    func traffic(_ release: Int, heldBack: Int = 1, isValid: Bool = true, isHeldBackValid: Bool = true) {
        for _ in 0..<4 { serve(release, isValid: isValid) }
        serve(heldBack, arm: .holdback, isValid: isHeldBackValid)
    }

    /// The newest rollout.
    func rollout() async throws -> RolloutView {
        let row = try #require(try await plane.rollouts.list(model: DemoPlane.model, before: nil, limit: 1).first)
        return try await plane.rollouts.show(row.id)
    }

    /// How the channel does.
    func health() async throws -> HealthRow {
        try #require(try await plane.overview.status().health.first { $0.channel == DemoPlane.production })
    }

    /// Open incidents, newest first.
    func incidents() async throws -> [IncidentView] {
        var views: [IncidentView] = []
        for row in try await plane.incidents.list(model: DemoPlane.model, open: true, before: nil, limit: 100) {
            views.append(try await plane.incidents.show(row.id))
        }
        return views
    }

    /// How an SLO of the demo stands.
    func level(_ name: String) async throws -> SLOView {
        try await plane.levels.show(DemoPlane.known(name), model: DemoPlane.model)
    }

    /// How many entries of a kind the log has.
    func count(_ kind: String) async throws -> Int {
        try await plane.audit.list(before: nil, after: nil, limit: 1000, kind: kind, subject: nil).count
    }
}
