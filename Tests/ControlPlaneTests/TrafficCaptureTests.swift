import Foundation
import Gateway
import RegistryRecords
import RegistryTypes
import Synchronization
import TestSupport
import Testing
import WireFormat
import Wording

@testable import ControlPlane

/// Requests on their way through the gateway into the log of traffic, and what is made of them there.
@Suite struct TrafficCaptureTests {
    private static let drawn = Mutex<UInt64>(0)

    private static func call(_ live: WatchedPlane, key: String = "shop", capture: CapturePolicy, header: String? = nil)
        -> GatewayCall
    {
        let number = drawn.withLock { drawn in
            drawn += 1
            return drawn
        }
        return GatewayCall(
            id: RequestID(time: live.demo.clock.now(), random: (8, number)),
            key: DemoPlane.known(key),
            capture: capture,
            captureHeader: header
        )
    }

    private static func ask(
        _ live: WatchedPlane,
        user: String? = nil,
        capture: CapturePolicy = .off,
        header: String? = nil,
        text: String = "Where is my parcel? Order 48213.",
        limit: Int = 2
    ) async throws -> AnswerHead {
        let members: [String: Any] = [
            "model": "ticket-bot", "max_completion_tokens": limit,
            "messages": [["role": "user", "content": text]],
        ]
        let body = try JSONSerialization.data(withJSONObject: members.merging(user.map { ["user": $0] } ?? [:]) { $1 })
        return try await live.plane.gateway.chat(Array(body), call(live, capture: capture, header: header)).head
    }

    /// Days are dropped by their age; a clock that leaps by 40 days makes nothing old.
    @Test(arguments: [3_456_000.0, -259_200])
    func aClockThatLeapsDropsNothing(_ seconds: Double) async throws {
        let live = try await WatchedPlane()
        let days = try await live.demo.running {
            live.serve(1)
            live.demo.clock.advance(seconds: 1)
            try await eventually("the request is stored") { try await live.plane.traffic.requests.capture().stored > 0 }
            return try await live.plane.traffic.requests.capture().days.map(\.day)
        }
        #expect(days.count == 1)
        live.demo.clock.advance(seconds: seconds)
        await live.plane.loop.maintenance.run()
        #expect(try await live.plane.traffic.requests.capture().days.map(\.day) == days)
    }

    /// During a probation a share of the callers stays behind, always the same ones; afterwards nobody does.
    @Test func aShareStaysBehind() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        var arms: [String: TrafficArm] = [:]
        for user in 0..<150 {
            let head = try await Self.ask(live, user: "user \(user)", limit: 64)
            arms["user \(user)"] = head.arm
            #expect(head.release.number == (head.arm == .holdback ? 1 : 2))
        }
        // 20 % of 150: five standard errors on either side.
        #expect((6...54).contains(arms.values.count { $0 == .holdback }))
        for (user, arm) in arms.prefix(40) { #expect(try await Self.ask(live, user: user).arm == arm) }
        // The draw is the same in another process.
        let next = try await live.restarted()
        await next.plane.loop.follower.catchUp()
        for (user, arm) in arms.prefix(40) {
            #expect(try await Self.ask(next, user: user, limit: 64).arm == arm)
        }
        await next.pass(WatchedPlane.probationSteps)
        let rollout = try await next.rollout()
        #expect(rollout.row.state == "settled", "\(rollout.sentence)")
        for user in arms.keys.prefix(40) {
            let head = try await Self.ask(next, user: user)
            #expect(head.arm == .live && head.release.number == 2)
        }
    }

    /// What a key lets be kept is kept, and the header only lowers it.
    @Test func eachKeyKeepsWhatItSays() async throws {
        let live = try await WatchedPlane()
        await live.plane.loop.follower.catchUp()
        let cases: [(CapturePolicy, String?, CapturePolicy)] = [
            (.off, nil, .off), (.metadata, nil, .metadata), (.redacted, nil, .redacted),
            (.redacted, "metadata", .metadata), (.redacted, "off", .off), (.metadata, "redacted", .metadata),
            (.off, "redacted", .off), (.off, "metadata", .off),
        ]
        for (key, header, kept) in cases {
            let id = try await Self.ask(live, capture: key, header: header).id
            if kept == .off {
                await expectError(.notFound) { try await live.plane.traffic.requests.show(id) }
            } else {
                let view = try await live.plane.traffic.requests.show(id)
                #expect((view.body != nil) == (kept == .redacted), "\(key) \(header ?? "")")
                #expect(view.record.capture == kept)
            }
        }
        let view = try await live.plane.traffic.requests.capture()
        #expect(view.days.map(\.requests) == [4] && view.days.map(\.withTexts) == [1])
        #expect(view.dropped.values.allSatisfy { $0 == 0 })
        await #expect(throws: GatewayError.self) { try await Self.ask(live, capture: .redacted, header: "everything") }
    }

    /// What is looked at again is what it was: half an answer has no form, a refused request keeps why and is not answered
    /// again, and of several answers the first is compared.
    @Test func whatIsShownIsWhatHappened() async throws {
        let live = try await WatchedPlane()
        await live.plane.loop.follower.catchUp()
        func ask(_ more: String) async throws -> RequestID {
            let call = Self.call(live, capture: .redacted)
            let body =
                #"{"model": "ticket-bot", "messages": [{"role": "user", "content": "Where is it? Write to bob.smith@planted.example."}]\#(more)}"#
            do { _ = try await live.plane.gateway.chat(Array(body.utf8), call) } catch is GatewayError {}
            return call.id
        }
        let requests = live.plane.traffic.requests, answering = live.plane.traffic.answering
        let cut = try await requests.show(try await ask(#", "max_tokens": 2"#))
        #expect(cut.record.isOutputValid == nil && cut.problems.isEmpty && cut.reason == nil)
        for more in [#", "temperature": 9"#, #", "tool_choice": {"secret": 1}"#, #", "bob.smith@planted.example": 1"#] {
            let refused = try await requests.show(try await ask(more))
            let reason = try #require(refused.reason)
            #expect(refused.record.outcome == .rejected && refused.problems.isEmpty && !reason.contains("bob.smith"))
            let error = await expectError(.conflict) {
                try await answering.replay(refused.record.id, ReplayRequest(), by: DemoPlane.admin)
            }
            #expect(error?.why == reason)
        }
        let three = try await answering.replay(
            try await ask(#", "n": 3, "temperature": 1, "seed": 3"#),
            ReplayRequest(),
            by: DemoPlane.admin
        )
        #expect(three.note?.contains("3 answers") == true)
        let other = try await answering.replay(
            cut.record.id,
            ReplayRequest(on: ReleaseChoice(reference: Reference("ticket-bot@1"), set: ["temperature": "0.9"])),
            by: DemoPlane.admin
        )
        #expect(other.release == nil && other.answer.release == nil && other.answer.settings?.temperature == 0.9)
        try await live.plane.close()
    }

    private static let secrets = [
        "bob.smith@planted.example", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "+49 30 7654321",
        "203.0.113.77", "srn_3Jx7Qm2Lw9Rk4Tz8Yb1Vc6Np5Hd0Sg3Fj7Xa2Ue9Mo4", "sk-plantedplantedplanted12",
    ]

    /// Nothing of what must not be stored is in any file: of the logs, of a frozen set, of a reference, of a report.
    @Test func noFileHoldsASecret() async throws {
        let live = try await WatchedPlane()
        await live.plane.loop.follower.catchUp()
        let start = live.demo.clock.now()
        func serve(_ count: Int) async throws -> [RequestID] {
            var ids: [RequestID] = []
            for number in 0..<count {
                let secret = Self.secrets[number % Self.secrets.count]
                ids.append(live.serve(1, text: "Order \(45_000 + number), write to \(secret) please"))
                live.demo.clock.advance(seconds: 1)
            }
            return ids
        }
        let ids = try await serve(300)
        for secret in Self.secrets {
            _ = try await Self.ask(live, user: secret, capture: .redacted, text: "Order 48213. My own: \(secret)")
        }
        for (id, secret) in zip(ids, Self.secrets) {
            _ = try await live.plane.traffic.requests.label(
                id,
                LabelRequest(correct: false, correction: "tell \(secret)", comment: "said \(secret)"),
                by: DemoPlane.admin
            )
        }
        let middle = live.demo.clock.now()
        _ = try await live.plane.traffic.sets.freeze(
            DemoPlane.known("planted"),
            FreezeRequest(filter: [:]),
            by: DemoPlane.admin
        )
        _ = try await live.plane.drift.setBaseline(
            BaselineRequest(model: DemoPlane.model, since: start, until: middle),
            by: DemoPlane.admin
        )
        _ = try await serve(300)
        let drift = try await live.plane.drift.run(
            DriftRequest(model: DemoPlane.model, windowSeconds: 299),
            by: DemoPlane.admin
        )
        await live.plane.loop.rollups.flush()
        try expectNoSecret(in: live.demo.folder)
        // Segments are compressed: what comes out of them is looked at as well.
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        func expectClean(_ value: some Encodable) throws {
            let text = String(decoding: try encoder.encode(value), as: UTF8.self)
            for secret in Self.secrets { #expect(!text.contains(secret), "\(secret)") }
        }
        try expectClean(drift)
        for id in ids.prefix(60) {
            let view = try await live.plane.traffic.requests.show(id)
            #expect(view.body?.redactions.isEmpty == false)
            try expectClean(view)
        }
        try expectClean(try await live.plane.traffic.sets.show(DemoPlane.known("planted")))
        try await live.plane.close()
        try expectNoSecret(in: live.demo.folder)
    }

    private func expectNoSecret(in folder: URL) throws {
        var files = 0
        let names = FileManager.default.enumerator(at: folder.appending(path: "data"), includingPropertiesForKeys: nil)
        while let url = names?.nextObject() as? URL {
            guard let data = try? Data(contentsOf: url, options: .alwaysMapped), !data.isEmpty else { continue }
            files += 1
            for secret in Self.secrets {
                #expect(data.range(of: Data(secret.utf8)) == nil, "\(secret) in \(url.path)")
            }
        }
        #expect(files > 5)
    }

    /// Nothing to freeze, nothing that can be replayed, terms that nobody knows: each says what to do.
    @Test func whatCannotBeFrozen() async throws {
        let live = try await WatchedPlane()
        let name = DemoPlane.known("frozen")
        func freeze(_ filter: [String: String] = [:], sample: Int? = nil) async throws -> FreezeAnswer {
            try await live.plane.traffic.sets.freeze(
                name,
                FreezeRequest(filter: filter, sample: sample),
                by: DemoPlane.admin
            )
        }
        let none = await expectError(.badRequest) { try await freeze() }
        #expect(none?.title == "no captured request fits")
        live.serve(1, capture: .metadata)
        let textless = await expectError(.badRequest) { try await freeze() }
        #expect(textless?.next?.text.contains("--capture redacted") == true)
        await expectError(.badRequest) { try await freeze(["colour": "red"]) }
        await expectError(.badRequest) { try await freeze(["outcome": "wonderful"]) }
        await expectError(.badRequest) { try await freeze(sample: 0) }
        await expectError(.notAllowed) {
            try await live.plane.traffic.sets.freeze(
                name,
                FreezeRequest(filter: [:]),
                by: Caller(name: DemoPlane.known("app"), role: .caller)
            )
        }
        #expect(try await live.plane.traffic.sets.list().items.contains { $0.name == name } == false)
        live.serve(1)
        #expect(try await freeze().taken == 1)
        #expect(try await freeze().taken == 1, "the same query over the same log is the same set")
        live.serve(1, text: "Another one, order 11111")
        await expectError(.conflict) { try await freeze() }
        await expectError(.badRequest) {
            try await live.plane.traffic.requests.list(RequestQuery(terms: ["colour": "red"]))
        }
        await expectError(.badRequest) {
            try await live.plane.traffic.requests.list(RequestQuery(terms: ["release": "-1"]))
        }
        let one = try #require(ListLimit(1))
        #expect(try await live.plane.traffic.requests.list(RequestQuery(limit: one)).items.count == 1)
    }

    /// A captured request is answered again, where its texts are there and the release is of its model.
    @Test func whatCanBeReplayed() async throws {
        let live = try await WatchedPlane()
        await live.plane.loop.follower.catchUp()
        let id = try await Self.ask(live, capture: .redacted).id
        let captured = try await live.plane.traffic.requests.show(id)
        let answer = try await live.plane.traffic.answering.replay(id, ReplayRequest(), by: DemoPlane.admin)
        #expect(answer.isSame, "\(answer.answer.text) is not \(captured.body?.answers ?? [])")
        #expect(answer.differences.allSatisfy { $0.mark == .same })
        let other = try await live.plane.traffic.answering.replay(
            id,
            ReplayRequest(on: DemoPlane.choice("ticket-bot@2")),
            by: DemoPlane.admin
        )
        #expect(other.version.number == 2)
        // It counts for nothing.
        #expect(try await live.level("availability").row.valid == 1)
        #expect(try await live.plane.traffic.requests.list(RequestQuery()).items.count == 1)
        await expectError(.badRequest) {
            try await live.plane.traffic.answering.replay(
                id,
                ReplayRequest(on: DemoPlane.choice("other-bot@1")),
                by: DemoPlane.admin
            )
        }
        await expectError(.notFound) {
            try await live.plane.traffic.answering.replay(
                id,
                ReplayRequest(on: DemoPlane.choice("ticket-bot@99")),
                by: DemoPlane.admin
            )
        }
        let textless = try await Self.ask(live, capture: .metadata).id
        await expectError(.conflict) {
            try await live.plane.traffic.answering.replay(textless, ReplayRequest(), by: DemoPlane.admin)
        }
        await expectError(.notFound) {
            try await live.plane.traffic.answering.replay(
                RequestID(time: live.demo.clock.now(), random: (1, 1)),
                ReplayRequest(),
                by: DemoPlane.admin
            )
        }
    }

    /// Too little data, no reference, windows that make no sense.
    @Test func whatDriftCannotSay() async throws {
        let live = try await WatchedPlane()
        func run(_ seconds: Double? = nil, against: String? = nil, model: Name = DemoPlane.model) async throws
            -> DriftView
        {
            try await live.plane.drift.run(
                DriftRequest(model: model, windowSeconds: seconds, against: against),
                by: DemoPlane.admin
            )
        }
        let now = live.demo.clock.now()
        func baseline(_ since: Timestamp, _ until: Timestamp) async throws -> BaselineView {
            try await live.plane.drift.setBaseline(
                BaselineRequest(model: DemoPlane.model, since: since, until: until),
                by: DemoPlane.admin
            )
        }
        let learning = await expectError(.inconclusive) { try await run() }
        #expect(learning != nil)
        await expectError(.inconclusive) { try await baseline(now.adding(seconds: -3600), now) }
        await expectError(.badRequest) { try await baseline(now, now) }
        await expectError(.badRequest) { try await baseline(now, now.adding(seconds: -1)) }
        for seconds in [0, -1, .infinity, .nan, 1e300] { await expectError(.badRequest) { try await run(seconds) } }
        await expectError(.notFound) { try await run(against: "b-99") }
        await expectError(.notFound) { try await run(against: "yesterday") }
        await expectError(.notFound) { try await run(model: DemoPlane.known("other-bot")) }
        for _ in 0..<199 { live.serve(1) }
        await expectError(.inconclusive) { try await baseline(now, live.demo.clock.now()) }
        live.serve(1)
        let set = try await baseline(now, live.demo.clock.now())
        #expect(set.requests == 200)
        // Inside its own reference, half inside, and from the future: nothing is compared, nothing is stored.
        let inside = await expectError(.inconclusive) { try await run(5) }
        #expect(inside?.title.contains("inside its own reference") == true)
        await expectError(.inconclusive) { try await run(86_400) }
        let ahead = live.demo.clock.now().adding(seconds: 3600)
        await expectError(.badRequest) { try await baseline(now, ahead) }
        await expectError(.badRequest) {
            try await live.plane.drift.run(
                DriftRequest(model: DemoPlane.model, windowSeconds: 60, until: ahead),
                by: DemoPlane.admin
            )
        }
        #expect(try await live.plane.drift.list(model: nil, before: nil, limit: 10).isEmpty)
        live.demo.clock.advance(seconds: 3600)
        await expectError(.inconclusive) { try await run(60) }
        #expect(try await live.plane.drift.list(model: nil, before: nil, limit: 10).isEmpty)
        // Constant signals, and some that are missing in all requests, are no fault.
        for _ in 0..<250 { live.serve(1) }
        let view = try await run(600)
        #expect(view.row.verdict == "none", "\(view.row.sentence)")
    }
}
