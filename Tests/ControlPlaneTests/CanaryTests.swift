import ControlPlane
import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

/// Canaries as work of the server: asked for, stopped half-way, taken up again, given up with a reason.
@Suite struct CanaryTests {
    /// A server that stops during a canary: it stays in the log as running, and the next start comes to the verdict
    /// that a run without a stop comes to.
    @Test func aStoppedServerGoesOn() async throws {
        let first = try await DemoPlane()
        _ = try await first.apply(PromotionTests.documents)
        _ = try await first.publish("v2")
        let request = CanaryRequest(release: try DemoPlane.choice("ticket-bot@2"), document: DemoPlane.known("quick"))
        let id = try await first.plane.experiments.canaries.start(request, by: DemoPlane.admin).record.id
        try await first.running { [plane = first.plane] in
            try await eventually("\(id) has run 30 pairs, or ends", every: .milliseconds(1)) {
                let view = try await plane.experiments.canaries.show(id)
                return view.record.state != .running || view.progress?.done ?? 0 >= 30
            }
        }
        #expect(try await first.plane.experiments.canaries.show(id).record.state == .running)
        try await first.plane.close()

        let second = try await DemoPlane(ScratchFolder(copying: first.folder))
        let (resumed, whole) = try await second.running { () -> (CanaryView, CanaryView) in
            let whole = try await second.canary("ticket-bot@2", "quick")
            return (try await second.plane.experiments.canaries.show(id), whole)
        }
        #expect(resumed.report?.run.resumed == 1)
        #expect(resumed.report?.judgment == whole.report?.judgment)
        #expect(resumed.report?.worstPairs == whole.report?.worstPairs)
        #expect(resumed.record.verdict == .fail)
    }

    /// The order of the queue is that of the log: jobs of one moment, and one that was asked for after the clock went back.
    @Test func jobsRunInTheOrderOfTheLog() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(PromotionTests.documents)
        _ = try await demo.publish("v2")
        let (experiments, start, head) = (demo.plane.experiments, demo.clock.now(), try await demo.head())
        let release = try DemoPlane.choice("ticket-bot@2")
        let canary = CanaryRequest(release: release, document: DemoPlane.known("quick"), requests: 20)
        let evaluation = EvaluationRequest(release: release, suite: DemoPlane.known("golden"))
        var asked: [String] = []
        demo.clock.stand(true)
        asked.append("\(try await experiments.evaluations.start(evaluation, by: DemoPlane.admin).job)")
        asked.append("\(try await experiments.canaries.start(canary, by: DemoPlane.admin).record.id)")
        asked.append("\(try await experiments.evaluations.start(evaluation, by: DemoPlane.admin).job)")
        demo.clock.set(start.adding(seconds: -3600))
        asked.append("\(try await experiments.canaries.start(canary, by: DemoPlane.admin).record.id)")
        demo.clock.stand(false)
        let ended = try await demo.running { [plane = demo.plane, count = asked.count] in
            var ended: [String] = []
            try await eventually("\(count) jobs have ended", within: .seconds(300)) {
                let events = try await plane.audit.list(before: nil, after: head, limit: 100, kind: nil, subject: nil)
                ended = events.filter { ["canary.judged", "evaluation.finished"].contains($0.kind) }
                    .sorted { $0.seq < $1.seq }.map(\.subject)
                return ended.count == count
            }
            return ended
        }
        #expect(ended == asked)
    }

    /// The bytes of the candidate are damaged on disk after it was published: the canary ends and says why.
    @Test func damagedWeightsEndTheCanary() async throws {
        let first = try await DemoPlane()
        _ = try await first.apply(PromotionTests.documents)
        let version = try await first.publish("v3").version
        try await first.plane.close()
        let demo = try await DemoPlane(ScratchFolder(copying: first.folder))
        let weights = try #require(version.manifest.weights)
        let path = try await demo.plane.registry.uploads.path(of: weights.digest).path
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seek(toOffset: UInt64(weights.sizeBytes / 2))
        try file.write(contentsOf: Data("damage".utf8))
        try file.close()
        let view = try await demo.running { try await demo.canary("ticket-bot@2", "quick") }
        #expect(view.record.state == .stopped)
        #expect(view.record.verdict == nil)
        #expect(view.record.summary?.contains("damaged") == true)
        #expect(try await demo.promote("ticket-bot@2").decision?.gates.last?.state == .unknown)
        await expectError(.badData) { try await demo.promote("ticket-bot@2", reason: "now", override: true) }
        #expect(try await demo.live() == 1)
    }

    /// The same weights with another prompt, or with other settings: compared, judged and told as any other release.
    @Test func aPromptAndSettingsAreCandidatesToo() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(PromotionTests.documents)
        let text = try String(contentsOf: Checkout.demo.appending(path: "documents/prompt.yaml"), encoding: .utf8)
        _ = try await demo.apply(text.replacing("Return one JSON object", with: "Write a poem about the sea"))
        let canaries = demo.plane.experiments.canaries, version = try Reference("ticket-bot@1")
        func start(_ choice: ReleaseChoice, against: ReleaseChoice? = nil) async throws -> CanaryID {
            let request = CanaryRequest(release: choice, against: against, document: DemoPlane.known("quick"), seed: 3)
            return try await canaries.start(request, by: DemoPlane.admin).record.id
        }
        let ids = [
            try await start(ReleaseChoice(reference: version, prompt: "triage@2")),
            try await start(ReleaseChoice(reference: version, set: ["maxTokens": "8"])),
            // Back again: what the cut answers lack, whole ones have.
            try await start(DemoPlane.choice("ticket-bot@r1"), against: DemoPlane.choice("ticket-bot@r3")),
        ]
        let views = try await demo.running {
            var views: [CanaryView] = []
            for id in ids {
                try await eventually("\(id) ends", within: .seconds(300)) {
                    try await canaries.show(id).record.state != .running
                }
                views.append(try await canaries.show(id))
            }
            return views
        }
        let (prompt, short, back) = (views[0], views[1], views[2])
        #expect(prompt.record.candidate.number == 2 && prompt.record.verdict != nil)
        #expect((prompt.report?.different ?? 0) > 0, "\(prompt.report?.judgment.reasons ?? [])")
        #expect(short.record.candidate.number == 3 && short.record.verdict == .fail)
        // A baseline that is right nowhere could not get worse, so nothing is passed either.
        #expect(back.record.verdict == .pass || back.record.verdict == .inconclusive)
        #expect(back.record.failedChecks.isEmpty)
    }

    /// What a plan says before and after a run, and that it changes nothing and refuses what the run would refuse.
    @Test func aPlanChangesNothing() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(PromotionTests.documents)
        _ = try await demo.publish("v3")
        let canaries = demo.plane.experiments.canaries
        func plan(_ release: String, requests: Int? = nil, traffic: String? = nil) async throws -> CanaryPlanView {
            try await canaries.plan(
                CanaryRequest(
                    release: DemoPlane.choice(release),
                    traffic: traffic.map { DemoPlane.known($0) },
                    document: DemoPlane.known("close"),
                    requests: requests
                ),
                by: Caller(name: DemoPlane.known("reader"), role: .reader)
            )
        }
        let head = try await demo.head()
        let before = try await plan("ticket-bot@2")
        #expect(before.basis == nil && before.seconds == nil && before.checks.map(\.requestsNeeded) == [nil])
        #expect(before.candidate.number == 2 && before.baseline.number == 1 && before.trafficRequests == 2000)
        #expect(before.sentence == "how many requests it takes is not known: no canary of ticket-bot has measured it")
        await expectError(.notFound) { try await plan("ticket-bot@9") }
        await expectError(.notFound) { try await plan("ticket-bot@2", traffic: "week48") }
        await expectError(.badRequest) { try await plan("ticket-bot@2", requests: 0) }
        await expectError(.badRequest, "cannot be taken") { try await plan("ticket-bot@2", requests: 2001) }
        #expect(try await demo.head() == head)

        let run = try await demo.running { try await demo.canary("ticket-bot@2", "close") }
        let after = try await plan("ticket-bot@2")
        #expect(after.basis?.canary == run.record.id && after.basis?.requests == 120)
        let needed = try #require(after.checks[0].requestsNeeded)
        #expect(needed > 120 && (after.checks[0].detectable ?? 0) > 0.01 && after.seconds != nil)
        #expect(after.moreRequests != nil && after.sentence.contains("120 are probably too few"), "\(after.sentence)")
        let larger = try await plan("ticket-bot@2", requests: 2000)
        #expect(larger.sentence.hasSuffix("2,000 are enough"), "\(larger.sentence)")
        // Of the live release it says what a candidate of it would need.
        #expect(try await plan("ticket-bot").checks == after.checks)
    }

    private static let oftenLookedAt = """
        apiVersion: serin/v1
        kind: Canary
        name: often
        compare: { traffic: week47, requests: 200, lookEvery: 2 }
        checks:
          - { name: answered at all, metric: availability, mayDrop: 1 point }
        """

    @Test func refusesWhatCannotBeCompared() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(PromotionTests.documents)
        _ = try await demo.publish("v3")
        let head = try await demo.head()
        func start(
            _ release: String,
            against: String? = nil,
            traffic: String? = nil,
            document: String = "quick",
            requests: Int? = nil
        ) async throws -> CanaryView {
            try await demo.plane.experiments.canaries.start(
                CanaryRequest(
                    release: DemoPlane.choice(release),
                    against: against.map { try DemoPlane.choice($0) },
                    traffic: traffic.map { DemoPlane.known($0) },
                    document: DemoPlane.known(document),
                    requests: requests
                ),
                by: DemoPlane.admin
            )
        }
        await expectError(.badRequest, "with itself") { try await start("ticket-bot@1") }
        await expectError(.notFound) { try await start("ticket-bot@9") }
        await expectError(.notFound) { try await start("ticket-bot@1", against: "ticket-bot@r9") }
        await expectError(.badRequest) { try await start("ticket-bot@1", against: "other@1") }
        #expect(try await demo.head() == head)
        let near = await expectError(.notFound) { try await start("ticket-bot@2", document: "quik") }
        #expect(near?.near == ["quick"])
        await expectError(.notFound) { try await start("ticket-bot@2", traffic: "week48") }
        await expectError(.badRequest) { try await start("ticket-bot@2", requests: 0) }
        await expectError(.badRequest) { try await start("ticket-bot@2", requests: 2001) }
        let small = await expectError(.badRequest, "the document asks for 2,000, the set holds 300") {
            try await start("ticket-bot@2", traffic: "golden", document: "tickets")
        }
        #expect(small?.why == "canary document \"tickets\" asks for that many")
        // A number of its own does not silently take the looks from a document.
        _ = try await demo.apply(Self.oftenLookedAt)
        let looks = await expectError(.badRequest) { try await start("ticket-bot@2", document: "often", requests: 201) }
        let title = looks?.title ?? "", next = String(describing: looks?.next)
        #expect(title.contains("would look at 201 requests more than 100 times"), "\(title)")
        #expect(next.contains("lookEvery: 3 or more"), "\(next)")
        #expect(try await demo.plane.experiments.canaries.list(model: nil, before: nil, limit: 100).isEmpty)
        #expect(
            try await start("ticket-bot@2", traffic: "golden", document: "tickets", requests: 300).record.requests
                == 300
        )
    }

    /// A closed control plane refuses what would write, load or read, in words and not with a crash.
    @Test func refusesWorkOnceClosed() async throws {
        let demo = try await DemoPlane()
        let files = try await [demo.demoFile("v3/model.gguf", .weights)]
        try await demo.plane.close()
        let error = await expectError(.unavailable) {
            try await demo.plane.access.createKey(
                KeyRequest(name: DemoPlane.known("late"), role: .reader),
                by: DemoPlane.admin
            )
        }
        #expect(error?.title.contains("shutting down") == true)
        await #expect(throws: (any Error).self) { try await demo.publish(files) }
    }
}
