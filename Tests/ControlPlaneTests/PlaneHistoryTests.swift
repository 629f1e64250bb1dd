import Artifacts
import Catalog
import Digests
import Foundation
import Gateway
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import TrafficLog
import WireFormat

@testable import ControlPlane

/// Histories drawn at random through the whole control plane, with kills, full disks and clocks that step: whatever became of
/// them, the log is replayed to the same tables, and production answers or says why.
@Suite(.needsDemo) struct PlaneHistoryTests {
    /// 1,000 of them in `bin/test --full histories`.
    private static let seeds: [ClosedRange<UInt64>] =
        Checkout.hasAllHistories ? (0..<20).map { $0 * 50 + 1...($0 + 1) * 50 } : [1...1]

    @Test(arguments: seeds) func theLogIsReplayedAndProductionAnswers(_ seeds: ClosedRange<UInt64>) async throws {
        for seed in seeds {
            let history = try await PlaneHistory(seed: seed)
            for _ in 0..<60 { try await history.step() }
            try await history.expectSound()
        }
    }
}

/// One history: a control plane in a data folder that is asked for this and that.
final class PlaneHistory {
    /// What may happen next.
    enum Step: CaseIterable {
        case publish, promote, override, rollback, rollbackTo, serve, serveBadly, settle, resume, crash, restart, kill
        case loadCrash, lift, clock, label, policy, level, key, revoke, closeIncident, note, canary, fullDisk
    }

    /// The demo with three versions under a policy with a short probation, made once.
    private static let template = Task {
        let live = try await WatchedPlane(policy: policy(probation: "3 s"))
        try await live.plane.close()
        return live
    }

    private static func policy(probation: String) -> String {
        WatchedPlane.policy.replacingOccurrences(of: "probation: 5 min", with: "probation: \(probation)")
    }

    /// Where there may be no room; nil where no such disk can be had.
    private let disk: SmallDisk?
    private var live: WatchedPlane
    private var state: UInt64
    private let seed: UInt64
    private(set) var accepted: [Step: Int] = [:]

    init(seed: UInt64) async throws {
        self.seed = seed
        state = seed &* 0x9e37_79b9_7f4a_7c15
        disk = SmallDisk.isPossible ? try SmallDisk(megabytes: 160) : nil
        let template = try await Self.template.value
        let scratch = try ScratchFolder(copying: template.demo.folder, into: disk?.url)
        let demo = try await DemoPlane(scratch, from: template.demo.clock.now())
        live = WatchedPlane(demo, monotonicSeconds: 0)
        await live.plane.loop.takeUp()
        await live.plane.loop.follower.load()
        await live.plane.loop.maintenance.run()
    }

    private func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    private var channel: String { random(3) == 0 ? "staging" : "production" }

    /// One step, drawn. What cannot be done is refused with a reason; anything else that is thrown is a fault.
    func step() async throws {
        let step = Step.allCases[random(Step.allCases.count)]
        do {
            try await take(step)
            accepted[step, default: 0] += 1
        } catch let error as ControlPlaneError {
            #expect(error.kind != .internalFault, "seed \(seed), \(step): \(error)")
            #expect(!error.title.isEmpty)
        }
    }

    private func take(_ step: Step) async throws {
        let draw = random(1 << 20)
        switch step {
        case .publish:
            let card = Data("---\nlicense: mit\n---\n# number \(draw)\n".utf8)
            _ = try await live.demo.publish([
                live.demo.demoFile("v\(draw % 3 + 1)/model.gguf", .weights), live.demo.file("card.md", .card, card),
            ])
        case .promote: _ = try await promote(override: false, draw)
        case .override: _ = try await promote(override: true, draw)
        case .rollback: _ = try await live.demo.rollback(reason: "back", channel: channel)
        case .rollbackTo: _ = try await live.demo.rollback(to: draw % 5 + 1, reason: "there", channel: channel)
        case .serve, .serveBadly:
            let release = try await live.demo.live()
            let outcome: RequestOutcome = step == .serve ? .answered : .engineFailed
            await live.pass(5) { _ in for _ in 0..<4 { live.serve(release, outcome: outcome) } }
        case .settle: try await live.demo.settle(channel)
        case .resume:
            _ = try await live.plane.channels.resume(
                DemoPlane.model,
                DemoPlane.known(channel),
                ReasonRequest(reason: "understood"),
                by: DemoPlane.admin
            )
        case .crash:
            live.begin(try await live.demo.live())
            try await restart(killed: true)
        case .restart: try await restart(killed: false)
        case .kill: try await restart(killed: true)
        case .loadCrash: try await crashWhileLoading(draw)
        case .lift:
            _ = try await live.plane.quarantine.lift(
                LiftQuarantineRequest(subject: "ticket-bot@\(draw % 4 + 1)", reason: "a power cut"),
                by: DemoPlane.admin
            )
        case .clock:
            live.demo.clock.advance(seconds: Double(draw % 400_000) - 200_000)
            await live.pass(2)
        case .label:
            let id = live.serve(try await live.demo.live())
            await live.plane.queue.flush()
            _ = try await live.plane.traffic.requests.label(
                id,
                LabelRequest(correct: draw % 2 == 0),
                by: DemoPlane.admin
            )
        case .policy: _ = try await live.demo.apply(Self.policy(probation: ["3 s", "10 s", "1 h"][draw % 3]))
        case .level:
            _ = try await live.demo.apply(
                """
                apiVersion: serin/v1
                kind: SLO
                name: answers-\(draw % 3)
                for: { channel: production, models: ["*"] }
                indicator: { type: availability }
                target: 9\(draw % 10) %
                window: 7 d
                """
            )
        case .key:
            let request = KeyRequest(name: DemoPlane.known("key-\(draw % 9)"), role: .caller)
            _ = try await live.plane.access.createKey(request, by: DemoPlane.admin)
        case .revoke: _ = try await live.plane.access.revokeKey(DemoPlane.known("key-\(draw % 9)"), by: DemoPlane.admin)
        case .closeIncident:
            for incident in try await live.incidents().prefix(1) {
                let reason = ReasonRequest(reason: "over")
                _ = try await live.plane.incidents.close(incident.row.id, reason, by: DemoPlane.admin)
            }
        case .note:
            for incident in try await live.incidents().prefix(1) {
                _ = try await live.plane.incidents.note(incident.row.id, NoteRequest(text: "seen"), by: DemoPlane.admin)
            }
        case .canary:
            let request = CanaryRequest(
                release: try DemoPlane.choice("ticket-bot@\(draw % 3 + 1)"),
                document: DemoPlane.known("tickets")
            )
            let id = try await live.plane.experiments.canaries.start(request, by: DemoPlane.admin).record.id
            _ = try await live.plane.experiments.canaries.cancel(
                id,
                CancelRequest(reason: "enough"),
                by: DemoPlane.admin
            )
        case .fullDisk:
            guard let disk else { return }
            disk.fill()
            // What is refused is refused for lack of room; a rollback may take what is kept back.
            _ = try? await promote(override: true, draw)
            _ = try? await live.demo.rollback(reason: "the disk is full")
            await live.pass(2) { _ in live.serve(1) }
            if draw % 2 == 0 { try await restart(killed: true, onFullDisk: disk) }
            try disk.free()
            await live.plane.loop.maintenance.run()
        }
    }

    private func promote(override: Bool, _ draw: Int) async throws -> MoveAnswer {
        try await live.demo.promote(
            draw % 2 == 0 ? "ticket-bot@\(draw % 4 + 1)" : "ticket-bot@r\(draw % 5 + 1)",
            to: channel,
            reason: "drawn",
            override: override
        )
    }

    /// The next process in the same folder; where this one is killed, in a copy of it.
    private func restart(killed: Bool, onFullDisk full: SmallDisk? = nil) async throws {
        let clock = live.demo.clock.now()
        if !killed { try await live.plane.close() }
        // Room for the copy alone: the process that starts in it finds the disk as full as before.
        try full?.free()
        let scratch = try ScratchFolder(copying: live.demo.folder, into: disk?.url)
        let old = live
        if killed { try? await old.plane.close() }
        live = WatchedPlane(try await next(scratch, clock, full), monotonicSeconds: 0)
        await live.plane.loop.takeUp()
        await live.plane.loop.follower.load()
    }

    private func next(_ scratch: ScratchFolder, _ clock: Timestamp, _ full: SmallDisk?) async throws -> DemoPlane {
        full?.fill()
        return try await DemoPlane(scratch, from: clock)
    }

    /// One to three processes in a row end while they load weights of a version.
    private func crashWhileLoading(_ draw: Int) async throws {
        let id = VersionID(DemoPlane.model, draw % 3 + 1)
        let weights = try await live.plane.overview.ledger.read { try $0.requireVersion(id).manifest.weights }
        guard let weights else { return }
        for _ in 0...(draw % 3) {
            let marker = LoadMarker(
                weights: weights.digest,
                version: draw % 5 == 0 ? nil : id,
                model: DemoPlane.model,
                since: live.demo.clock.now()
            )
            try live.plane.stores.markers.begin(marker)
            try await restart(killed: true)
        }
    }

    /// The log gives the tables, here and in the next process; production answers, or it is said what does not and why.
    func expectSound() async throws {
        let comment: Comment = "seed \(seed)"
        try await restart(killed: random(2) == 0)
        await live.pass(1)
        let readiness = live.plane.overview.readiness(model: nil)
        let production = readiness.unloaded.filter { $0.channel == DemoPlane.production }
        #expect(readiness.isReady || production.contains { $0.answering == nil && !$0.why.isEmpty }, comment)
        if readiness.isReady {
            let call = GatewayCall(
                id: RequestID(time: live.demo.clock.now(), random: (9, seed)),
                key: DemoPlane.known("shop"),
                capture: .metadata
            )
            let body = #"{"model":"ticket-bot","max_tokens":1,"messages":[{"role":"user","content":"Where is it?"}]}"#
            _ = try await live.plane.gateway.chat(Array(body.utf8), call)
        }
        for row in production {
            let incidents = try await live.incidents()
            #expect(incidents.contains { $0.row.family == "engine" } || row.answering != nil, comment)
        }
        let catalog = live.plane.stores.catalog
        let before = try await catalog.dump()
        #expect(try await catalog.rebuild().isEqual, comment)
        #expect(try await catalog.dump() == before, comment)
        #expect(try await catalog.verifyChain().isIntact, comment)
        #expect(try await catalog.checkIntegrity().isIntact, comment)
        try await live.plane.close()
    }
}
