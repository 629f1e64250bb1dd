import RegistryRecords
import RegistryTypes
import Testing
import TrafficLog
import WireFormat

@testable import ControlPlane

/// Who may label what, which labels count, and what the log keeps of it.
@Suite struct LabelTests {
    private static func caller(_ name: String, _ role: Role = .caller) -> Caller {
        Caller(name: DemoPlane.known(name), role: role)
    }

    private static func label(
        _ live: WatchedPlane,
        _ id: RequestID,
        correct: Bool,
        by caller: Caller
    ) async throws {
        _ = try await live.plane.traffic.requests.label(id, LabelRequest(correct: correct), by: caller)
    }

    /// A key labels what it asked for; others need a role; both that and another word are in the log, without texts.
    @Test func aKeyLabelsWhatItAskedFor() async throws {
        let live = try await WatchedPlane()
        let id = live.serve(1)
        await expectError(.notAllowed) { try await Self.label(live, id, correct: false, by: Self.caller("other")) }
        try await Self.label(live, id, correct: true, by: Self.caller("shop"))
        #expect(try await live.count("request.labelled") == 0, "a first word on an own request is none of others")
        try await Self.label(live, id, correct: false, by: Self.caller("shop"))
        #expect(try await live.count("request.labelled") == 1, "another word than before is traced")
        try await Self.label(live, live.serve(1), correct: false, by: Self.caller("judge", .reader))
        let entries = try await live.plane.audit.list(
            before: nil,
            after: nil,
            limit: 10,
            kind: "request.labelled",
            subject: nil
        )
        #expect(entries.map(\.actor) == ["judge", "shop"])
        #expect(try await live.plane.audit.verify().firstBadEvent == nil)
    }

    /// One caller alone moves nothing, however much of the traffic is its own: the level is unknown, nothing goes back. A
    /// second caller, or somebody with a role, makes it count.
    @Test func noSingleCallerMovesALevelOrARelease() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        for _ in 0..<60 {
            let id = live.serve(2)
            live.serve(1, arm: .holdback)
            try await Self.label(live, id, correct: false, by: Self.caller("shop"))
            await live.pass(1)
        }
        #expect(try await live.level("correctness").row.valid == 0)
        #expect(try await live.rollout().row.state == "probation")
        #expect(try await live.incidents().isEmpty)
        // A second one that says it once lets one of the first one's count, not all.
        try await Self.label(live, live.serve(2, key: "market"), correct: false, by: Self.caller("market"))
        #expect(try await live.level("correctness").row.bad == 1)
        // Somebody with a role is believed.
        for _ in 0..<30 {
            try await Self.label(live, live.serve(2), correct: false, by: Self.caller("judge", .reader))
        }
        #expect(try await live.level("correctness").row.bad == 31)
    }

    /// Whatever one key says, and in whatever order, no more of it counts than others say too.
    @Test(arguments: [1, 2, 3] as [UInt64]) func withoutTheLoudestAsManyWouldCount(_ seed: UInt64) throws {
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let sources = LabelSources()
        var given: [Name: Int] = [:], counted = 0
        for step in 0..<2000 {
            let key = DemoPlane.known("key-\([0, 0, 0, 0, 1, 1, 2][random(7)])")
            let at = Timestamp(milliseconds: 1_795_000_000_000 + Int64(step))
            given[key, default: 0] += 1
            counted += sources.take(try LabelSources.Given.sample(by: key, at: at), isTrusted: false).count
            let others = given.values.reduce(0, +) - (given.values.max() ?? 0)
            #expect(counted == others)
        }
        #expect(
            sources.take(try .sample(by: DemoPlane.known("judge"), at: Timestamp(milliseconds: 0)), isTrusted: true)
                .count == 1
        )
    }

    /// A label of a request whose release is gone counts for the level of its own release, and moves no newer watch.
    @Test func aLabelAfterTheReleaseIsGone() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        let ids = (0..<40).map { _ in live.serve(2) }
        _ = try await live.demo.rollback(reason: "no")
        _ = try await live.demo.promote("ticket-bot@3")
        for id in ids { try await Self.label(live, id, correct: false, by: DemoPlane.admin) }
        await live.pass(5)
        #expect(try await live.level("correctness").row.bad == 40)
        #expect(try await live.rollout().row.state == "probation")
        #expect(try await live.rollout().arms.allSatisfy { $0.bad == 0 })
    }
}

extension LabelSources.Given {
    /// That an answer is wrong, by a key that asked for it.
    static func sample(by key: Name, at time: Timestamp) throws -> Self {
        let record = RequestRecord(
            id: RequestID(time: time, random: (1, UInt64(time.milliseconds))),
            time: time,
            model: DemoPlane.model,
            asked: "ticket-bot",
            channel: DemoPlane.production,
            release: 1,
            version: 1,
            prompt: VersionID(DemoPlane.known("triage"), 1),
            arm: .live,
            key: key,
            outcome: .answered,
            status: 200,
            totalSeconds: 0.1,
            capture: .metadata
        )
        return LabelSources.Given(
            label: RequestLabel(request: record.id, isCorrect: false, by: key, at: time),
            change: LabelChange(record: record, before: LabelState(), after: LabelState(isCorrect: false))
        )
    }
}
