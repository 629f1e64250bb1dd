import ControlPlane
import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import TrafficLog
import WireFormat
import Wording

/// Sets that repeat a request, and runs that are too small: they neither lift nor block a promotion.
@Suite struct CopiedLineTests {
    private static func lines(_ demo: DemoPlane, _ indices: [Int]) throws -> Data {
        let url = demo.folder.appending(path: "traffic/week47.jsonl")
        let set = try TrafficSet(data: Data(contentsOf: url)).requests
        return try TrafficSet(
            indices.enumerated().map { number, index in
                TrafficRequest(id: "l\(number)", variables: set[index].variables, expected: set[index].expected)
            }
        )
        .canonicalData()
    }

    private static func importing(_ demo: DemoPlane, _ name: String, _ indices: [Int]) async throws -> TrafficRecord {
        try await demo.plane.traffic.sets.import(
            DemoPlane.known(name),
            TrafficImport(digest: demo.upload(lines(demo, indices))),
            by: DemoPlane.admin
        )
    }

    /// The number of different requests is what a set holds, at import, shown, and where one is asked for.
    @Test func aSetHoldsWhatIsDifferent() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(PromotionTests.documents)
        _ = try await demo.publish("v2")
        let copies = try await Self.importing(demo, "copies", [Int](repeating: 3, count: 200))
        #expect(copies.requests == 200 && copies.different == 1)
        #expect(copies.event.requestsText() == "200 requests, 1 different")
        #expect(try await demo.plane.traffic.sets.show(DemoPlane.known("copies")).different == 1)
        let week = try await demo.plane.traffic.sets.show(DemoPlane.known("week47"))
        #expect(week.record.event.requestsText(different: week.different) == "2,000 requests")

        let head = try await demo.head()
        let number = try await demo.plane.registry.models.show(DemoPlane.model).releases.count
        for requests in [nil, 2, 0] {
            let error = await expectError(.badRequest) {
                try await demo.plane.experiments.canaries.start(
                    CanaryRequest(
                        release: DemoPlane.choice("ticket-bot@2"),
                        traffic: DemoPlane.known("copies"),
                        document: DemoPlane.known("quick"),
                        requests: requests
                    ),
                    by: DemoPlane.admin
                )
            }
            #expect(error?.title.contains("which holds 1 different in 200 lines") == true)
        }
        // What is refused leaves no release behind.
        #expect(try await demo.head() == head)
        #expect(try await demo.plane.registry.models.show(DemoPlane.model).releases.count == number)
    }

    /// A gate that asks for many cases is not filled by copies of one.
    @Test func aSuiteOfCopiesFillsNoGate() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v2")
        _ = try await Self.importing(demo, "copies", [Int](repeating: 3, count: 300))
        _ = try await demo.apply(
            """
            apiVersion: serin/v1
            kind: Policy
            name: eps
            for: { channel: eps, models: ["*"] }
            gates:
              - { id: suite, type: evaluation, level: overridable, suite: copies, metric: exact_match, atLeast: 0.5, minSamples: 200 }
            onMissing: block
            """
        )
        let id = try await demo.plane.experiments.evaluations.start(
            EvaluationRequest(release: DemoPlane.choice("ticket-bot@2"), suite: DemoPlane.known("copies")),
            by: DemoPlane.admin
        )
        .job
        try await demo.running { [plane = demo.plane] in
            try await eventually("\(id) ends") { try await plane.experiments.evaluations.show(id).record != nil }
        }
        #expect(
            try await demo.plane.experiments.evaluations.show(id).record?.scores.map(\.samples).max() == 1
        )
        let refused = try await demo.promote("ticket-bot@2", to: "eps", dryRun: true)
        #expect(refused.outcome == .refused)
        #expect(refused.decision?.gates.first?.state == .unknown)
    }

    /// A run of one request, by anybody who may run canaries, takes nothing from a pass; nor do a hundred of them.
    @Test func aSmallRunReplacesNoVerdict() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(PromotionTests.documents)
        _ = try await demo.publish("v3")
        let current = demo
        let verdicts = try await demo.running {
            var verdicts = [try await current.canary("ticket-bot@2", "quick").record.verdict]
            for _ in 0..<3 {
                verdicts.append(try await current.canary("ticket-bot@2", "quick", requests: 1).record.verdict)
            }
            return verdicts
        }
        #expect(verdicts == [.pass, .inconclusive, .inconclusive, .inconclusive])
        let decision = try #require(try await demo.promote("ticket-bot@2", dryRun: true).decision)
        #expect(decision.isAllowed)
        let small = try #require(decision.facts.canaries.max { $0.id < $1.id })
        #expect(
            small.objection == "it compared 1 of the 150 requests that quick names, too few to tell"
        )
    }

    /// One key may not fill the queue for everybody.
    @Test func oneKeyLeavesRoomForOthers() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(PromotionTests.documents)
        _ = try await demo.publish("v3")
        let request = CanaryRequest(
            release: try DemoPlane.choice("ticket-bot@2"),
            document: DemoPlane.known("quick"),
            requests: 1
        )
        let greedy = Caller(name: DemoPlane.known("greedy"), role: .publisher)
        for _ in 0..<25 { _ = try await demo.plane.experiments.canaries.start(request, by: greedy) }
        let error = await expectError(.unavailable) {
            try await demo.plane.experiments.canaries.start(request, by: greedy)
        }
        #expect(error?.why == "25 of greedy run or wait already, and one key may have 25 of the 50")
        let other = Caller(name: DemoPlane.known("other"), role: .publisher)
        _ = try await demo.plane.experiments.canaries.start(request, by: other)
    }

    /// A mistyped channel is told the near name, and no command that would be refused.
    @Test func aMistypedChannelIsNotPromotedTo() async throws {
        let demo = try await DemoPlane()
        let error = await expectError(.notFound) { try await demo.rollback(channel: "prodction") }
        #expect(error?.near == ["production"])
        #expect(error?.next?.text == "serin status ticket-bot; ticket-bot@production is live")
        let other = await expectError(.notFound) { try await demo.rollback(channel: "europe") }
        #expect(other?.next?.text == "serin promote ticket-bot@VERSION --to europe")
    }

    /// What documents name that is not there is said when they are applied.
    @Test func whatIsNotThereIsSaid() async throws {
        let demo = try await DemoPlane()
        let answer = try await demo.apply(
            """
            apiVersion: serin/v1
            kind: Canary
            name: extra
            compare: { traffic: wek47, requests: 10 }
            checks: [{ name: answers, metric: exact_match, mayDrop: 8 points }]
            ---
            apiVersion: serin/v1
            kind: Policy
            name: other
            for: { channel: prodution, models: ["ticket-bott"] }
            gates:
              - { id: a, type: evaluation, level: overridable, suite: goldn, metric: exact_match, atLeast: 0.5 }
              - { id: b, type: canary, level: overridable, using: nosuch }
              - { id: c, type: canary, level: overridable, using: extra }
            onMissing: block
            """,
            dryRun: true
        )
        #expect(
            answer.changes.map(\.warnings) == [
                [#"compare.traffic: there is no traffic set "wek47" yet; did you mean week47?"#],
                [
                    #"for.channel: there is no channel "prodution" yet; did you mean production?"#,
                    #"for.models: there is no model "ticket-bott" yet; did you mean ticket-bot?"#,
                    #"suite of gate a: there is no traffic set "goldn" yet; did you mean golden?"#,
                    #"using of gate b: there is no canary document "nosuch" yet"#,
                ],
            ]
        )
        #expect(try await demo.apply(PromotionTests.documents, dryRun: true).changes.allSatisfy { $0.warnings == nil })
    }
}
