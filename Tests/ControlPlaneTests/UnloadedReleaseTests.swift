import Artifacts
import Catalog
import Digests
import Foundation
import Gateway
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

@testable import ControlPlane

/// A live release that cannot be loaded: the last settled one answers, everybody is told, and something ends it.
@Suite(.needsDemo) struct UnloadedReleaseTests {
    /// r2 live and settled with v3's weights, r1 settled before it, in the next process.
    private func settledTwice() async throws -> WatchedPlane {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2", reason: "now")
        await live.pass(WatchedPlane.probationSteps) { _ in live.traffic(2) }
        #expect(try await live.rollout().row.state == "settled")
        return live
    }

    private func weights(_ live: WatchedPlane, _ version: Int) async throws -> WeightFiles {
        let id = VersionID(DemoPlane.model, version)
        return try #require(try await live.plane.overview.ledger.read { try $0.requireVersion(id).manifest.weights })
    }

    /// Which release answers a request to production; nil when none does.
    private func answers(_ live: WatchedPlane) async throws -> Int? {
        let now = live.demo.clock.now()
        let call = GatewayCall(id: RequestID(time: now, random: (3, 4)), key: DemoPlane.known("shop"), capture: .off)
        let body = #"{"model":"ticket-bot","max_tokens":1,"messages":[{"role":"user","content":"Where is it?"}]}"#
        do {
            return try await live.plane.gateway.chat(Array(body.utf8), call).head.release.number
        } catch is GatewayError {
            return nil
        }
    }

    /// The next process, after `crashes` in a row that ended while they loaded a version.
    private func restarted(_ live: WatchedPlane, crashes: Int, of version: Int) async throws -> WatchedPlane {
        var live = live
        let weights = try await weights(live, version).digest
        for _ in 0..<crashes {
            try live.plane.stores.markers.begin(
                LoadMarker(
                    weights: weights,
                    version: VersionID(DemoPlane.model, version),
                    model: DemoPlane.model,
                    since: live.demo.clock.now()
                )
            )
            live = try await live.restarted(killed: true)
        }
        await live.plane.loop.follower.load()
        await live.pass(1)
        return live
    }

    @Test(arguments: [1, 2]) func aCrashOrTwoProveNothing(_ crashes: Int) async throws {
        let live = try await restarted(settledTwice(), crashes: crashes, of: 2)
        #expect(try await answers(live) == 2)
        #expect(live.plane.overview.readiness(model: nil).text == "ready\n")
        #expect(try await live.plane.overview.status().quarantined.isEmpty)
        #expect(try await live.count(ReleaseCrashed.kind) == 0)
        let digest = try await weights(live, 2).digest
        #expect(live.plane.stores.markers.crashes(of: digest) == 0, "it was loaded")
    }

    @Test func threeQuarantineItAndTheSettledOneAnswers() async throws {
        let live = try await restarted(settledTwice(), crashes: 3, of: 2)
        #expect(live.plane.startNotes.contains { $0.contains("serin quarantine lift ticket-bot@2 --reason TEXT") })
        #expect(try await answers(live) == 1)
        let readiness = live.plane.overview.readiness(model: nil)
        #expect(readiness.text == "ready\nticket-bot@production: r2 cannot be loaded: r1 answers instead\n")
        let health = try await live.health()
        #expect(health.state == .failing && health.words == "r2 cannot be loaded: r1 answers instead")
        #expect(health.unloaded?.next == "serin quarantine lift ticket-bot@2 --reason TEXT")
        let incident = try #require(try await live.incidents().first)
        #expect(incident.row.title == "r2 cannot be loaded" && incident.row.severity == "page")

        // Closed while it stands, it stays closed; the verb ends it, as printed.
        _ = try await live.plane.incidents.close(incident.row.id, ReasonRequest(reason: "known"), by: DemoPlane.admin)
        let next = try await live.restarted(killed: true)
        await next.plane.loop.follower.load()
        await next.pass(2)
        #expect(try await next.incidents().isEmpty)
        let request = LiftQuarantineRequest(subject: "ticket-bot@2", reason: "a power cut")
        await expectError(.notAllowed) {
            try await next.plane.quarantine.lift(request, by: Caller(name: DemoPlane.known("p"), role: .publisher))
        }
        #expect(try await next.plane.quarantine.list().map(\.subject) == ["ticket-bot@2"])
        // The folder is as it should be: what is quarantined is a state, which a person ends.
        let stores = next.plane.stores
        let checked = try await FolderCheck.report(stores.folder, stores.catalog, headProblem: nil).items
        let item = try #require(checked.first { $0.name == "channels" })
        #expect(item.isClean && item.detail.contains("points to ticket-bot@2, which is quarantined"), "\(item)")
        _ = try await next.plane.quarantine.lift(request, by: DemoPlane.admin)
        #expect(try await answers(next) == 2)
        #expect(next.plane.overview.readiness(model: nil).text == "ready\n")
        #expect(try await next.plane.quarantine.list().isEmpty)
        await next.pass(1)
        let told = try await next.plane.incidents.show(incident.row.id)
        #expect(told.timeline.contains { $0.text.contains("r2 answers again") }, "\(told.timeline.map(\.text))")
        await expectError(.conflict) { try await next.plane.quarantine.lift(request, by: DemoPlane.admin) }
        #expect(try await next.plane.stores.catalog.rebuild().isEqual)
        // It stays lifted.
        let last = try await next.restarted(killed: true)
        await last.plane.loop.follower.load()
        #expect(try await answers(last) == 2)
    }

    @Test func theOnlyAnswerIsNeverQuarantined() async throws {
        let demo = try await DemoPlane()
        try await demo.settle()
        let live = try await restarted(WatchedPlane(demo, monotonicSeconds: 0), crashes: 4, of: 1)
        #expect(try await live.plane.overview.status().quarantined.isEmpty)
        #expect(try await answers(live) == nil, "it is tried later, so that the server can be used meanwhile")
        let readiness = live.plane.overview.readiness(model: DemoPlane.model)
        #expect(!readiness.isReady)
        #expect(readiness.text == "not ready\nticket-bot@production: r1 cannot be loaded: nothing answers\n")
        #expect(!live.plane.overview.readiness(model: DemoPlane.known("nobody")).isReady)
        #expect(try await live.incidents().count == 1)
        let row = try #require(try await live.health().unloaded)
        #expect(row.next.contains("serin quarantine lift sha256:"), "\(row.next)")
        // The pause after four crashes is two minutes.
        live.demo.clock.runOn(seconds: 119.9)
        await live.plane.loop.follower.load()
        #expect(try await answers(live) == nil)
        let subject = "\(try await weights(live, 1).digest)"
        _ = try await live.plane.quarantine.lift(
            LiftQuarantineRequest(subject: subject, reason: "now"),
            by: DemoPlane.admin
        )
        #expect(try await answers(live) == 1)
    }

    @Test func thePauseAfterCrashesEnds() async throws {
        let demo = try await DemoPlane()
        try await demo.settle()
        let live = try await restarted(WatchedPlane(demo, monotonicSeconds: 0), crashes: 4, of: 1)
        #expect(try await answers(live) == nil)
        live.demo.clock.runOn(seconds: 120)
        await live.plane.loop.follower.load()
        #expect(try await answers(live) == 1)
        #expect(live.plane.overview.readiness(model: nil).text == "ready\n")
    }

    @Test func anOverrideOfQuarantinedWeightsTriesThemAgain() async throws {
        let live = try await restarted(settledTwice(), crashes: 3, of: 2)
        await expectError(.badData) { try await live.demo.promote("ticket-bot@2", to: "staging", reason: "x") }
        let moved = try await live.demo.promote(
            "ticket-bot@2",
            to: "staging",
            reason: "it was the power",
            override: true
        )
        #expect(moved.outcome == .moved)
        #expect(try await answers(live) == 2)
        #expect(try await live.count("quarantine.lifted") == 1)
    }

    /// A release in its watch that two processes in a row could not load goes back, and no crash is charged to it.
    @Test func aWatchedReleaseGoesBackAfterTwo() async throws {
        let watched = try await WatchedPlane()
        _ = try await watched.demo.promote("ticket-bot@2", reason: "now")
        let once = try await restarted(watched, crashes: 1, of: 2)
        #expect(try await once.rollout().row.state == "probation")
        let live = try await restarted(once, crashes: 2, of: 2)
        let view = try await live.rollout()
        #expect(view.row.state == "returned", "\(view.sentence)")
        #expect(view.sentence.contains("2 times in a row while it loaded r2"), "\(view.sentence)")
        #expect(try await live.count(ReleaseCrashed.kind) == 0)
        #expect(try await answers(live) == 1)
    }

    @Test(arguments: [true, false]) func lostBytesFallBackAndComeBack(_ isDamaged: Bool) async throws {
        var live = try await settledTwice()
        let digest = try await weights(live, 2).digest
        let path = live.plane.stores.blobs.path(of: digest)
        let bytes = try Data(contentsOf: URL(filePath: path))
        try FileManager.default.removeItem(atPath: path)
        if isDamaged { try (bytes.dropLast() + [bytes.last.map { $0 ^ 1 } ?? 0]).write(to: URL(filePath: path)) }
        live = try await live.restarted(killed: true)
        await live.plane.loop.follower.load()
        await live.pass(1)
        #expect(try await answers(live) == 1)
        let row = try #require(try await live.health().unloaded)
        #expect(row.answering == 1 && row.next.contains("serin publish"), "\(row)")
        #expect(try await live.incidents().first?.row.title == "r2 cannot be loaded")
        // Who looks at another model, or at the first of many, is told of the channel all the same; its incident is its own.
        let other = DemoPlane.known("another")
        _ = try await live.demo.publish([try await live.demo.demoFile("v1/model.gguf", .weights)], model: other)
        for status in [
            try await live.plane.overview.status(NamedPart(limit: #require(ListLimit(1)))),
            try await live.plane.overview.status(of: other),
        ] {
            #expect(status.models.map(\.name) == [other])
            #expect(status.health.map(\.state) == [.failing])
        }
        #expect(try await live.plane.overview.status(of: other).incidents.isEmpty)
        #expect(try await live.plane.overview.status(of: DemoPlane.model).incidents.count == 1)
        // Publishing the same files again, as it says, brings it back.
        #expect(try await live.demo.publish("v3").version.id.number == 2)
        await live.plane.loop.follower.catchUp()
        await live.pass(1)
        #expect(try await answers(live) == 2)
        #expect(try await live.health().unloaded == nil)
        #expect(try await live.incidents().first?.timeline.contains { $0.text.contains("answers again") } == true)
    }

    /// Bytes that were only being published when the process ended are published again.
    @Test func whatWasBeingPublishedIsPublishedAgain() async throws {
        let demo = try await DemoPlane()
        let file = try await demo.demoFile("v3/model.gguf", .weights)
        let marker = LoadMarker(weights: file.digest, version: nil, model: DemoPlane.model, since: demo.clock.now())
        try demo.plane.stores.markers.begin(marker)
        let live = try await WatchedPlane(demo, monotonicSeconds: 0).restarted(killed: true)
        #expect(live.plane.startNotes.contains { $0.contains("it is tried again, alone") })
        #expect(try await live.demo.publish("v3").version.isLoadable)
    }
}
