import ControlPlane
import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

/// Canaries and evaluations that a person ends, and those that are refused before they begin.
@Suite struct CancelTests {
    private static func demo() async throws -> DemoPlane {
        // Far longer than any wait here: what is cancelled holds nothing up.
        let demo = try await DemoPlane(retryPause: .seconds(3600))
        _ = try await demo.apply(PromotionTests.documents)
        _ = try await demo.publish("v2")
        return demo
    }

    private static func canary(requests: Int? = nil) throws -> CanaryRequest {
        CanaryRequest(
            release: try DemoPlane.choice("ticket-bot@2"),
            document: DemoPlane.known("quick"),
            requests: requests
        )
    }

    private static func evaluation() throws -> EvaluationRequest {
        EvaluationRequest(release: try DemoPlane.choice("ticket-bot@2"), suite: DemoPlane.known("golden"))
    }

    private static func caller(_ name: String, _ role: Role) -> Caller {
        Caller(name: DemoPlane.known(name), role: role)
    }

    /// What waits ends in the log, once, with who ended it; the next in the queue runs.
    @Test func whatWaitsIsCancelledOnce() async throws {
        let demo = try await Self.demo()
        let experiments = demo.plane.experiments
        let canary = try await experiments.canaries.start(Self.canary(), by: DemoPlane.admin).record.id
        let job = try await experiments.evaluations.start(Self.evaluation(), by: DemoPlane.admin).job
        let evaluation = try EvaluationID(text: job)
        let waiting = try #require(try await experiments.evaluations.list(model: nil, before: nil, limit: 10).first)
        #expect(waiting.state == .running && waiting.progress?.isWaiting == true && waiting.id == evaluation)
        let status = try await demo.plane.overview.status()
        #expect(status.running.map(\.record.id) == [canary])
        #expect(status.runningEvaluations?.map(\.id) == [evaluation])

        let stopped = try await experiments.canaries.cancel(
            canary,
            CancelRequest(reason: "wrong set"),
            by: DemoPlane.admin
        )
        #expect(stopped.record.state == .stopped)
        #expect(stopped.record.summary == "cancelled by admin: wrong set")
        #expect(
            try await experiments.evaluations.cancel(evaluation, CancelRequest(), by: DemoPlane.admin).problem?.title
                == "cancelled by admin"
        )
        let head = try await demo.head()
        #expect(try await experiments.canaries.cancel(canary, CancelRequest(), by: DemoPlane.admin) == stopped)
        _ = try await experiments.evaluations.cancel(evaluation, CancelRequest(reason: "again"), by: DemoPlane.admin)
        #expect(try await demo.head() == head)
        let listed = try #require(try await experiments.evaluations.list(model: nil, before: nil, limit: 10).first)
        #expect(listed.state == .stopped && listed.reason == "cancelled by admin" && listed.progress == nil)
        #expect(try await demo.plane.overview.status().runningEvaluations?.isEmpty == true)

        let next = try await demo.running { try await demo.canary("ticket-bot@2", "quick", requests: 20) }
        #expect(next.record.state == .judged)
        await expectError(.conflict) {
            try await experiments.canaries.cancel(next.record.id, CancelRequest(), by: DemoPlane.admin)
        }
        await expectError(.conflict) {
            try await experiments.evaluations.cancel(EvaluationID(1), CancelRequest(), by: DemoPlane.admin)
        }
        await expectError(.notFound) {
            try await experiments.canaries.cancel(CanaryID(99), CancelRequest(), by: DemoPlane.admin)
        }
        await expectError(.notFound) {
            try await experiments.evaluations.cancel(EvaluationID(99), CancelRequest(), by: DemoPlane.admin)
        }
        await expectError(.badRequest) {
            try await experiments.canaries.cancel(canary, CancelRequest(reason: "  "), by: DemoPlane.admin)
        }
    }

    /// What runs is ended in its middle, stays ended after a restart, and lets the next one run at once.
    @Test func whatRunsIsCancelled() async throws {
        let demo = try await Self.demo()
        let experiments = demo.plane.experiments
        let id = try await experiments.canaries.start(Self.canary(), by: DemoPlane.admin).record.id
        let (stopped, next) = try await demo.running { () -> (CanaryView, CanaryView) in
            try await eventually("\(id) has run 30 pairs, or ends", every: .milliseconds(1)) {
                let view = try await experiments.canaries.show(id)
                return view.record.state != .running || view.progress?.done ?? 0 >= 30
            }
            let stopped = try await experiments.canaries.cancel(id, CancelRequest(), by: DemoPlane.admin)
            let next = try await experiments.canaries.start(Self.canary(requests: 20), by: DemoPlane.admin).record.id
            try await eventually("\(next) ends") {
                try await experiments.canaries.show(next).record.state != .running
            }
            return (stopped, try await experiments.canaries.show(next))
        }
        #expect(stopped.record.state == .stopped)
        #expect(next.record.state == .judged)
        try await demo.plane.close()
        let again = try await DemoPlane(ScratchFolder(copying: demo.folder))
        let view = try await again.running { () -> CanaryView in
            _ = try await again.canary("ticket-bot@2", "quick", requests: 20)
            return try await again.plane.experiments.canaries.show(id)
        }
        #expect(view.record.summary == "cancelled by admin")
        #expect(try await again.promote("ticket-bot@2").decision?.gates.last?.state != .pass)
    }

    /// Who asked may end it, and whoever may move production; nobody else.
    @Test func whoMayCancel() async throws {
        let demo = try await Self.demo()
        let experiments = demo.plane.experiments
        let anna = Self.caller("anna", .publisher)
        let rows: [(Caller, Bool)] = [
            (anna, true), (Self.caller("bert", .publisher), false), (Self.caller("carl", .reader), false),
            (Self.caller("dora", .caller), false), (Self.caller("emil", .deployer), true), (DemoPlane.admin, true),
        ]
        for (caller, may) in rows {
            let canary = try await experiments.canaries.start(Self.canary(), by: anna).record.id
            let evaluation = try EvaluationID(
                text: try await experiments.evaluations.start(Self.evaluation(), by: anna).job
            )
            if may {
                #expect(
                    try await experiments.canaries.cancel(canary, CancelRequest(), by: caller).record.state == .stopped
                )
                _ = try await experiments.evaluations.cancel(evaluation, CancelRequest(), by: caller)
            } else {
                await expectError(.notAllowed) {
                    try await experiments.canaries.cancel(canary, CancelRequest(), by: caller)
                }
                await expectError(.notAllowed) {
                    try await experiments.evaluations.cancel(evaluation, CancelRequest(), by: caller)
                }
                #expect(try await experiments.canaries.show(canary).record.state == .running)
            }
        }
    }

    /// A set whose variable has another name is refused by name before anything is written.
    @Test func whatCannotBeAskedIsRefusedBeforeItStarts() async throws {
        let demo = try await Self.demo()
        let lines = (0..<300).map { "{\"id\":\"\($0)\",\"variables\":{\"text\":\"hi\"},\"expected\":\"x\"}\n" }.joined()
        let bytes = Data(lines.utf8)
        let digest = try await demo.upload(bytes)
        _ = try await demo.plane.traffic.sets.import(
            DemoPlane.known("other"),
            TrafficImport(digest: digest),
            by: DemoPlane.admin
        )
        let head = try await demo.head()
        let refused = await expectError(.badRequest) {
            try await demo.plane.experiments.canaries.start(
                CanaryRequest(
                    release: DemoPlane.choice("ticket-bot@2"),
                    traffic: DemoPlane.known("other"),
                    document: DemoPlane.known("quick"),
                    requests: 300
                ),
                by: DemoPlane.admin
            )
        }
        #expect(refused?.title == "variable ticket is missing in 300 of 300 requests")
        #expect(refused?.why?.contains("variable text is not known to prompt triage in 300 of 300 requests") == true)
        let unasked = await expectError(.badRequest) {
            try await demo.plane.experiments.evaluations.start(
                EvaluationRequest(release: DemoPlane.choice("ticket-bot@2"), suite: DemoPlane.known("other")),
                by: DemoPlane.admin
            )
        }
        #expect(unasked?.title == "variable ticket is missing in 300 of 300 requests")
        let after = try await demo.head()
        // The release of the version may be new; nothing else is written.
        #expect(after - head <= 1)
    }
}
