import DriftAnalysis
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

    private static let judge = caller("judge", .reader)

    private static func correctness(_ live: WatchedPlane) async throws -> [Int] {
        let row = try await live.level("correctness").row
        return [row.valid, row.bad]
    }

    /// One caller alone moves nothing, nor do two: the level is unknown and says what waits, nothing goes back. What three
    /// say alike counts, and what somebody with a role says.
    @Test func noSingleCallerMovesALevelOrARelease() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        for _ in 0..<60 {
            let id = live.serve(2)
            live.serve(1, arm: .holdback)
            try await Self.label(live, id, correct: false, by: Self.caller("shop"))
            await live.pass(1)
        }
        #expect(try await Self.correctness(live) == [0, 0])
        #expect(try await live.level("correctness").row.sentence.contains("60 labels of callers wait until other keys"))
        #expect(try await live.rollout().row.state == "probation")
        #expect(try await live.incidents().isEmpty)
        try await Self.label(live, live.serve(2, key: "market"), correct: false, by: Self.caller("market"))
        #expect(try await Self.correctness(live) == [0, 0])
        // The third bears out the other two: two labels of the first, and one of each of the others.
        try await Self.label(live, live.serve(2, key: "desk"), correct: false, by: Self.caller("desk"))
        #expect(try await Self.correctness(live) == [4, 4])
        // Somebody with a role is believed.
        for _ in 0..<30 { try await Self.label(live, live.serve(2), correct: false, by: Self.judge) }
        #expect(try await Self.correctness(live) == [34, 34])
    }

    /// Two honest callers and one that calls everything wrong: the level stays near what the honest ones say, nothing goes
    /// back and nobody is called.
    @Test func aLiarBesideTwoHonestOnes() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        for step in 0..<100 {
            for key in ["market", "desk", "shop"] {
                let isRight = key != "shop" && step != (key == "desk" ? 40 : 70)
                try await Self.label(live, live.serve(2, key: key), correct: isRight, by: Self.caller(key))
                let held = live.serve(1, arm: .holdback, key: key)
                try await Self.label(live, held, correct: key == "shop" || isRight, by: Self.caller(key))
            }
            await live.pass(1)
        }
        let counts = try await Self.correctness(live)
        #expect(counts[0] >= 150 && counts[1] <= 4, "\(counts)")
        #expect(try await live.rollout().row.state == "probation")
        let incidents = try await live.incidents()
        #expect(incidents.isEmpty, "\(incidents)")
    }

    /// A caller's word before or after that of somebody with a role changes nothing: not what counts, nor what is shown.
    @Test(arguments: [true, false]) func aCallersWordHidesNoJudges(_ isCallerFirst: Bool) async throws {
        let live = try await WatchedPlane()
        for _ in 0..<40 {
            let id = live.serve(1)
            if isCallerFirst { try await Self.label(live, id, correct: true, by: Self.caller("shop")) }
            try await Self.label(live, id, correct: false, by: Self.judge)
            if !isCallerFirst { try await Self.label(live, id, correct: true, by: Self.caller("shop")) }
        }
        #expect(try await Self.correctness(live) == [40, 40])
        #expect(try await live.level("correctness").row.sentence.contains("labels of callers") == false)
        let wrong = try await live.plane.traffic.requests.list(RequestQuery(terms: ["correct": "no"]))
        #expect(wrong.items.count == 40)
        let right = try await live.plane.traffic.requests.list(RequestQuery(terms: ["correct": "yes"]))
        #expect(right.items.isEmpty)
    }

    /// Whatever is said of an answer that nobody got, or that the request made another one or cut short, counts for
    /// nothing, whoever says it.
    @Test func labelsOfWhatTheReleaseDidNotAnswer() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        for _ in 0..<12 {
            for id in [
                live.serve(2, outcome: .rejected), live.serve(2, outcome: .clientDeadline),
                live.serve(2, outcome: .engineFailed, source: .replay), live.serve(2, changesRelease: true),
                live.serve(2, isCutByRequest: true),
            ] { try await Self.label(live, id, correct: false, by: Self.judge) }
        }
        #expect(try await Self.correctness(live) == [0, 0])
        #expect(try await live.rollout().arms.allSatisfy { $0.bad == 0 })
        try await Self.label(
            live,
            live.serve(2, changesRelease: false, isCutByRequest: false),
            correct: false,
            by: Self.judge
        )
        #expect(try await Self.correctness(live) == [1, 1])
    }

    /// What was acknowledged counts after a kill, once: labels of a judge, and those that waited for others, also of a
    /// request of the day before.
    @Test(arguments: [true, false]) func labelsOutliveARestart(_ isKilled: Bool) async throws {
        var live = try await WatchedPlane()
        for _ in 0..<40 { try await Self.label(live, live.serve(1), correct: false, by: Self.judge) }
        var waiting: [(RequestID, String)] = []
        for _ in 0..<6 { for key in ["shop", "market", "desk"] { waiting.append((live.serve(1, key: key), key)) } }
        for (id, key) in waiting where key != "desk" {
            try await Self.label(live, id, correct: false, by: Self.caller(key))
        }
        for _ in 0..<2 {
            live = try await live.restarted(killed: isKilled)
            #expect(try await Self.correctness(live) == [40, 40])
        }
        live.demo.clock.advance(seconds: 600)
        for (id, key) in waiting where key == "desk" {
            try await Self.label(live, id, correct: false, by: Self.caller(key))
        }
        #expect(try await Self.correctness(live) == [58, 58])
        for _ in 0..<2 {
            live = try await live.restarted(killed: isKilled)
            #expect(try await Self.correctness(live) == [58, 58])
        }
    }

    /// What a correction says of the answer: the same text or the same JSON is right. It ends when the answer is called
    /// right, and one that says nothing, or that says it of a right answer, is refused.
    @Test func whatACorrectionSays() async throws {
        let live = try await WatchedPlane()
        func say(_ id: RequestID, _ request: LabelRequest, _ caller: Caller = Self.judge) async throws -> LabelState {
            _ = try await live.plane.traffic.requests.label(id, request, by: caller)
            return try await live.plane.traffic.requests.traffic.request(id).counted
        }
        let answer = #"{"intent":"status"}"#
        for (correction, isRight) in [
            (answer, true), (answer + "\n", true), (#" { "intent" : "status" } "#, true),
            (#"{"intent":"status","x":1}"#, false), ("status", false), (#"{"intent":"status""#, false),
        ] {
            let state = try await say(live.serve(1), LabelRequest(correction: correction))
            #expect(state.isCorrect == isRight, "\(correction)")
        }
        let id = live.serve(1)
        #expect(try await say(id, LabelRequest(correct: false, correction: "W")).correction == "W")
        #expect(try await say(id, LabelRequest(correct: false)).correction == "W")
        #expect(try await say(id, LabelRequest(correct: true)) == LabelState(isCorrect: true))
        #expect(try await say(id, LabelRequest(correct: false)) == LabelState(isCorrect: false))
        for request in [
            LabelRequest(correct: true, correction: "Z"), LabelRequest(correction: ""), LabelRequest(correction: " \n"),
            LabelRequest(correct: false, correction: ""),
        ] {
            await expectError(.badRequest) { _ = try await say(id, request) }
        }
        // A caller's correction is shown, and is nobody's measure.
        let own = live.serve(1)
        #expect(try await say(own, LabelRequest(correction: "poison"), Self.caller("shop")) == .none)
        #expect(try await live.plane.traffic.requests.show(own).labels.map(\.correction) == ["poison"])
    }

    /// What callers say of their own answers writes no expectation of a frozen set and moves no drift.
    @Test func oneCallerWritesNoExpectation() async throws {
        let live = try await WatchedPlane()
        let ids = (0..<31).map { _ in live.serve(1) }
        await live.plane.queue.flush()
        func total() async throws -> DriftSummary {
            var scan = DriftScan(epoch: DriftEpoch())
            try await live.plane.traffic.requests.traffic.scan { scan.add($0) }
            return try scan.total()
        }
        var expected = try await total()
        for (number, id) in ids.dropLast().enumerated() {
            let request = number < 15 ? LabelRequest(correction: "poison") : LabelRequest(correct: true)
            _ = try await live.plane.traffic.requests.label(id, request, by: Self.caller("shop"))
        }
        _ = try await live.plane.traffic.requests.label(ids[30], LabelRequest(correct: true), by: Self.judge)
        expected.addLabel(isCorrect: (true, nil), isLiked: (nil, nil))
        #expect(try await total() == expected)
        let answer = try await live.plane.traffic.sets.freeze(
            DemoPlane.known("own"),
            FreezeRequest(filter: [:]),
            by: DemoPlane.admin
        )
        #expect(answer.taken == 31 && answer.labelled == 1 && answer.unbacked == 30)
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
