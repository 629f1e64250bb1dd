import ControlPlane
import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

/// Which releases reach production, and that nothing else does.
@Suite struct PromotionTests {
    /// A policy that asks for little, so that few pairs decide.
    static let documents = """
        apiVersion: serin/v1
        kind: Canary
        name: quick
        compare: { traffic: week47, requests: 150 }
        checks:
          - { name: answers, metric: exact_match, mayDrop: 8 points }
        ---
        apiVersion: serin/v1
        kind: Canary
        name: close
        compare: { traffic: week47, requests: 120 }
        checks:
          - { name: answers, metric: exact_match, mayDrop: 1 point }
        ---
        apiVersion: serin/v1
        kind: Policy
        name: production
        for: { channel: production, models: ["*"] }
        gates:
          - { id: smoke, type: smoke, level: mandatory }
          - { id: canary, type: canary, level: overridable, using: quick, verdict: pass, maxAge: 7 d }
        onMissing: block
        """
    static let deployer = Caller(name: DemoPlane.known("deployer"), role: .deployer)

    private func state(_ answer: MoveAnswer, _ gate: String = "canary") -> GateState? {
        answer.decision?.gates.first { $0.id.text == gate }?.state
    }

    /// Texts of the log are shown wherever what they are about is: they have a limit, and nothing moves past it.
    @Test func textsOfTheLogHaveALimit() async throws {
        let demo = try await DemoPlane()
        let head = try await demo.head()
        // What comes after U+0000 would be lost in the tables.
        for long in [String(repeating: "x", count: 4001), "half\0lost"] {
            await expectError(.badRequest) { try await demo.promote("ticket-bot@1", to: "staging", reason: long) }
            await expectError(.badRequest) { try await demo.rollback(reason: long) }
            let opaque = try await demo.file("notes.txt", .opaque, Data("notes".utf8))
            await expectError(.badRequest) {
                try await demo.plane.registry.publishing.publish(
                    DemoPlane.model,
                    PublishRequest(manifest: Manifest(files: [opaque]), message: long),
                    by: DemoPlane.admin
                )
            }
            await expectError(.badRequest) {
                try await demo.plane.registry.prompts.push(PromptPush(source: "", message: long), by: DemoPlane.admin)
            }
        }
        #expect(try await demo.head() == head)
    }

    /// What is asked of a release with chosen settings is asked about that release, and a rollback of a channel is of that
    /// channel.
    @Test func nextStepsNameTheReleaseAndTheChannel() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(Self.documents)
        let answer = try await demo.plane.channels.promote(
            DemoPlane.model,
            DemoPlane.production,
            PromoteRequest(
                release: ReleaseChoice(reference: try Reference("ticket-bot@1"), set: ["temperature": "0.3"])
            ),
            by: DemoPlane.admin
        )
        let gate = try #require(answer.decision?.gates.first { $0.id.text == "canary" })
        #expect(gate.remedy?.contains("serin canary run ticket-bot@r2") == true, "\(gate.remedy ?? "nothing")")
    }

    /// Evidence as it comes in, and what promotion says at each point.
    @Test func followsTheEvidence() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(Self.documents)
        #expect(try await demo.publish("v3").version.id.number == 2)
        #expect(try await demo.publish("v2").version.id.number == 3)
        let missing = try await demo.promote("ticket-bot@2")
        #expect(missing.outcome == .refused)
        #expect(state(missing) == .unknown)
        let stored = try #require(missing.decision?.id)
        #expect(try await demo.plane.channels.decision(stored) == missing.decision)

        try await demo.running {
            let damaged = try await demo.canary("ticket-bot@3", "quick")
            #expect(damaged.record.verdict == .fail)
            let undecided = try await demo.canary("ticket-bot@2", "close")
            #expect(undecided.record.verdict == .inconclusive)
            #expect(undecided.report?.judgment.requestsNeeded != nil)
            // Of another document than the policy names: no evidence for it.
            #expect(try await self.state(demo.promote("ticket-bot@2")) == .unknown)
            #expect(try await demo.canary("ticket-bot@2", "quick").record.verdict == .pass)
        }
        let failed = try await demo.promote("ticket-bot@3")
        #expect(failed.outcome == .refused)
        #expect(state(failed) == .fail)
        #expect(try await demo.live() == 1)

        let head = try await demo.head()
        let planned = try await demo.promote("ticket-bot@2", dryRun: true)
        #expect(planned.outcome == .wouldMove)
        #expect(planned.decision?.id == nil)
        #expect(try await demo.promote("ticket-bot@3", dryRun: true).outcome == .refused)
        let explained = try await demo.plane.channels.explain(
            ExplainRequest(release: DemoPlane.choice("ticket-bot@2"), channel: DemoPlane.production),
            by: DemoPlane.admin
        )
        #expect(explained.isAllowed)
        #expect(try await demo.head() == head)

        await expectError(.conflict) { try await demo.promote("ticket-bot@2", expected: 7) }
        #expect(try await demo.head() == head)

        demo.clock.advance(seconds: 8 * 86_400)
        let expired = try await demo.promote("ticket-bot@2")
        #expect(expired.outcome == .refused)
        #expect(expired.move == nil)
        #expect(try await demo.live() == 1)
        demo.clock.advance(seconds: -8 * 86_400)

        let moved = try await demo.promote("ticket-bot@2", expected: 1, by: Self.deployer)
        #expect(moved.outcome == .moved)
        #expect(moved.from?.id.number == 1)
        #expect(moved.move?.how == .promoted)
        #expect(moved.move?.settled == false)
        #expect(moved.move?.decision == moved.decision?.id)
        #expect(moved.decision?.id != nil)
        #expect(try await demo.live() == moved.to.id.number)
        #expect(try await demo.promote("ticket-bot@2").outcome == .unchanged)

        // What was taken back needs evidence that is newer than that.
        #expect(try await demo.rollback(reason: "complaints").outcome == .moved)
        let again = try await demo.promote("ticket-bot@2")
        #expect(again.outcome == .refused)
        #expect(again.decision?.blockers.map(\.id.text) == ["canary", "rejected"])
        #expect(try await demo.plane.audit.verify().firstBadEvent == nil)
    }

    /// A canary is evidence for its document as that stands: not for other traffic, not for margins changed since.
    @Test func evidenceIsOfItsDocument() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(Self.documents)
        _ = try await demo.publish("v3")
        @Sendable func finding() async throws -> String? {
            try await demo.promote("ticket-bot@2", dryRun: true).decision?.gates.first { $0.id.text == "canary" }?.found
        }
        try await demo.running {
            let request = CanaryRequest(
                release: try DemoPlane.choice("ticket-bot@2"),
                traffic: DemoPlane.known("golden"),
                document: DemoPlane.known("quick"),
                requests: 150
            )
            let id = try await demo.plane.experiments.canaries.start(request, by: DemoPlane.admin).record.id
            try await eventually("\(id) ends") {
                try await demo.plane.experiments.canaries.show(id).record.state != .running
            }
            #expect(try await demo.plane.experiments.canaries.show(id).record.verdict == .pass)
            #expect(try await finding() == "c-1 does not count: it replayed golden, and quick names week47")
            #expect(try await demo.canary("ticket-bot@2", "quick").record.verdict == .pass)
        }
        #expect(try await demo.promote("ticket-bot@2", dryRun: true).outcome == .wouldMove)
        _ = try await demo.apply(Self.documents.replacingOccurrences(of: "8 points", with: "7 points"))
        #expect(try await finding() == "c-2 does not count: its document quick changed since")
        #expect(try await demo.promote("ticket-bot@2").outcome == .refused)
    }

    /// An override is the act of a person with the role and a reason, and never settles.
    @Test func overrides() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v3")
        await expectError(.badRequest) { try await demo.promote("ticket-bot@2", override: true) }
        await expectError(.badRequest) { try await demo.promote("ticket-bot@2", reason: " \n", override: true) }
        await expectError(.notAllowed) {
            try await demo.promote("ticket-bot@2", reason: "now", override: true, by: Self.deployer)
        }
        #expect(try await demo.live() == 1)
        let moved = try await demo.promote("ticket-bot@2", reason: "the old one is down", override: true)
        #expect(moved.outcome == .moved)
        #expect(moved.move?.how == .overridden)
        #expect(moved.move?.settled == false)
        #expect(moved.move?.reason == "the old one is down")
        #expect(moved.decision?.override?.by == "admin")
        #expect(try await demo.live() == 2)
    }

    /// A channel without a policy is moved by nobody: there are no rules that an override could go against.
    @Test func needsAPolicy() async throws {
        let demo = try await DemoPlane()
        let refused = try await demo.promote("ticket-bot@1", to: "nightly")
        #expect(refused.outcome == .refused)
        #expect(refused.decision?.policy == nil)
        #expect(refused.decision?.id != nil)
        let overridden = try await demo.promote("ticket-bot@1", to: "nightly", reason: "try it", override: true)
        #expect(overridden.outcome == .refused)
        let explained = try await demo.plane.channels.explain(
            ExplainRequest(release: DemoPlane.choice("ticket-bot@1"), channel: DemoPlane.known("nightly")),
            by: DemoPlane.admin
        )
        #expect(explained.blockers.map(\.id.text) == ["policy"])
        await expectError(.notFound) { try await demo.plane.registry.releases.resolve(Reference("ticket-bot@nightly")) }
    }

    /// Requests that make no sense are errors of whoever sent them.
    @Test(arguments: [
        ("other-bot@1", "production", ControlPlaneError.Kind.badRequest),
        ("ticket-bot@9", "production", .notFound),
        ("ticket-bot@r9", "production", .notFound),
        ("ticket-bot@nowhere", "production", .notFound),
        ("ticket-bot@1", "r2", .badRequest),
        ("ticket-bot@1", "7", .badRequest),
    ])
    func refusesNonsense(_ release: String, _ channel: String, _ kind: ControlPlaneError.Kind) async throws {
        let demo = try await DemoPlane()
        let head = try await demo.head()
        await expectError(kind) { try await demo.promote(release, to: channel) }
        #expect(try await demo.head() == head)
    }

    /// The same key moves once, answers the same, and is not taken for another channel or request.
    @Test func answersARetryAsBefore() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v3")
        let first = try await demo.promote("ticket-bot@2", reason: "now", override: true, expected: 1, key: "k1")
        #expect(first.outcome == .moved)
        let head = try await demo.head()
        // `expected` no longer holds, and the release is live already: both would answer wrongly.
        let retry = try await demo.promote("ticket-bot@2", reason: "now", override: true, expected: 1, key: "k1")
        #expect(retry.outcome == .moved)
        #expect(retry.move == first.move)
        #expect(retry.from == first.from)
        #expect(retry.decision == first.decision)
        await expectError(.conflict) {
            try await demo.promote("ticket-bot@2", to: "staging", reason: "now", override: true, expected: 1, key: "k1")
        }
        await expectError(.conflict) { try await demo.promote("ticket-bot@1", key: "k1") }
        await expectError(.badRequest) { try await demo.promote("ticket-bot@1", key: "two words") }
        #expect(try await demo.head() == head)

        let refused = try await demo.promote("ticket-bot@1", to: "nightly", key: "k2")
        let refusedAgain = try await demo.promote("ticket-bot@1", to: "nightly", key: "k2")
        #expect(refused.outcome == .refused)
        #expect(refusedAgain.decision == refused.decision)
        #expect(
            try await demo.plane.channels.decisions(model: nil, before: nil, limit: 500).count {
                $0.channel.text == "nightly"
            } == 1
        )
    }

    /// Twenty callers at once: one move, and nobody gets an error for coming second.
    @Test func movesOnce() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v3")
        let outcomes = try await withThrowingTaskGroup(of: MoveAnswer.Outcome.self) { group in
            for index in 0..<20 {
                group.addTask {
                    try await demo.promote("ticket-bot@2", reason: "caller \(index)", override: true).outcome
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.count { $0 == .moved } == 1)
        #expect(outcomes.count { $0 == .unchanged } == 19)
        let moves = try await demo.plane.audit.list(
            before: nil,
            after: nil,
            limit: 1000,
            kind: "channel.moved",
            subject: nil
        )
        #expect(moves.count == 2)
        #expect(try await demo.live() == 2)
    }

    /// Callers that believe different things: one of two expectations holds.
    @Test func oneOfTwoExpectationsHolds() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v3")
        _ = try await demo.publish("v2")
        let results = await withTaskGroup(of: Result<MoveAnswer, any Error>.self) { group in
            for version in [2, 3] {
                group.addTask {
                    do {
                        return .success(
                            try await demo.promote("ticket-bot@\(version)", reason: "now", override: true, expected: 1)
                        )
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count { (try? $0.get())?.outcome == .moved } == 1)
        for case .failure(let error) in results { #expect((error as? ControlPlaneError)?.kind == .conflict) }
    }

    /// A caller that goes away after the commit: the move stands, and memory follows it.
    @Test func aCallerThatLeavesChangesNothing() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v3")
        for version in [2, 1, 2, 1, 2, 1, 2, 1, 2, 1] {
            let before = try await demo.head()
            let work = Task {
                try await demo.promote("ticket-bot@\(version)", reason: "now", override: true)
            }
            try await eventually("the move is in the log", every: .zero) { try await demo.head() != before }
            work.cancel()
            _ = await work.result
            #expect(try await demo.live() == version)
        }
    }
}
