import Foundation
import RegistryTypes
import TestSupport
import Testing
import WireFormat

/// `kill -9` while a release is watched, taken back, captured and counted.
@Suite(.serialized, .needsDemo)
struct ProbationCrashTests {
    /// A kill of a server in which the watched release answers nothing is nobody's doing. The first crash while it answers
    /// is charged and the probation goes on; the second takes the channel back before anything is loaded.
    @Test func theSecondKillInAProbationReturnsTheChannel() throws {
        let stage = try ProbationStage()
        let first = try stage.server()
        try stage.promote(first, 2)
        try first.crash()
        let idle = try stage.server()
        #expect(try stage.rollout(idle).crashes == 0)
        try idle.crash()

        for crashes in 0...1 {
            let armed = try stage.server(failpoint: "release.answering")
            let view = try stage.rollout(armed)
            #expect(view.row.state == "probation")
            #expect(view.crashes == crashes)
            #expect(try stage.live(armed) == 2)
            #expect(armed.output.contains("ended while it ran") == (crashes > 0), "\(armed.output)")
            let customers = try stage.customers(armed, seconds: 60)
            #expect(try armed.waitForEnd() == .signal(SIGKILL), "the release was not asked")
            customers.send(SIGTERM)
            try customers.outcome(within: .seconds(60))
        }

        let third = try stage.server()
        let view = try stage.rollout(third)
        #expect(view.row.state == "returned", "\(view.sentence)")
        #expect(view.crashes == 2)
        #expect(try stage.live(third) == 1)
        #expect(try stage.status(third).health.contains { $0.hold != nil })
        let incident = try stage.serin(third, "incident", "show", #require(view.incident).description, "-o", "json")
            .json(IncidentView.self)
        #expect(incident.row.family == "engine" && incident.row.closedAt == nil)
        #expect(try stage.serin(third, "promote", "ticket-bot@3", "--to", "production").exit == 13)
        let answer = try #require(RawClient.chat(third.address, key: stage.key, body: ProbationStage.question))
        #expect(answer.hasPrefix("HTTP/1.1 200") && answer.contains("ticket-bot@r1"))

        // What is over is not charged any more, and an orderly end never is.
        try third.crash()
        let fourth = try stage.server()
        #expect(try stage.events(fourth, "rollout.returned") == 1)
        #expect(try stage.rollout(fourth).crashes == 2)
        #expect(try fourth.stop() == .exit(0))
        try stage.expectSound()
    }

    /// An orderly stop in a probation is no crash.
    @Test func anOrderlyStopIsNoCrash() throws {
        let stage = try ProbationStage()
        let first = try stage.server()
        try stage.promote(first, 2)
        #expect(try first.stop() == .exit(0))
        let second = try stage.server()
        #expect(try stage.rollout(second).crashes == 0)
        #expect(try stage.rollout(second).row.state == "probation")
        #expect(try second.stop() == .exit(0))
    }

    /// The process dies while it takes a release back, before or after the log has it: it goes back exactly once.
    @Test(arguments: ["return.decided", "return.moved"]) func aReturnHappensOnce(_ failpoint: String) throws {
        let stage = try ProbationStage()
        let armed = try stage.server(failpoint: failpoint)
        try stage.promote(armed, 2)
        let customers = try stage.customers(armed, seconds: 60)
        #expect(try armed.waitForEnd() == .signal(SIGKILL), "the failpoint \(failpoint) was not reached")
        customers.send(SIGTERM)
        try customers.outcome(within: .seconds(60))
        try stage.expectSound()

        let server = try stage.server()
        let view = try stage.rollout(server)
        #expect(view.row.state == "returned", "\(view.sentence)")
        #expect(try stage.live(server) == 1)
        #expect(try stage.events(server, "rollout.returned") == 1)
        #expect(try stage.events(server, "hold.placed") == 1)
        #expect(try stage.serin(server, "audit", "verify").exit == 0)
        #expect(try server.stop() == .exit(0))
        try stage.expectSound()
        #expect(try stage.installation.run("server", "rebuild", "--data", stage.data.path).exit == 0)
    }

    /// The process dies while requests or counts are written: nothing is half there, and nothing counts twice.
    /// Three commits are of the start, which merges and prunes.
    @Test(arguments: ["capture.blockWritten:3", "capture.rowsWritten:3", "rollup.added:3", "rollup.committed:6"])
    func whatIsWrittenIsWhole(_ failpoint: String) throws {
        let stage = try ProbationStage()
        let armed = try stage.server(failpoint: failpoint)
        let customers = try stage.customers(armed, seconds: 60)
        #expect(try armed.waitForEnd() == .signal(SIGKILL), "the failpoint \(failpoint) was not reached")
        customers.send(SIGTERM)
        try customers.outcome(within: .seconds(60))
        try stage.expectSound()

        let server = try stage.server()
        let kept = try stage.capture(server).days.map(\.requests).reduce(0, +)
        let level = try stage.serin(server, "slo", "list", "-o", "json").json(ListAnswer<SLORow>.self).items
            .first { $0.name.text == "availability" }
        let counted = try #require(level).valid
        // Each is written every two seconds or sooner: what the other has more came in the last moments, at 20 a second.
        #expect(abs(kept - counted) <= 120, "\(kept) kept, \(counted) counted")
        #expect(level?.bad == 0)
        // Every request that is listed has its texts.
        let page = try stage.serin(server, "request", "list", "-o", "json", "--limit", "500").json(RequestPage.self)
        #expect(page.items.count == min(kept, 500))
        for row in page.items.prefix(10) {
            let view = try stage.serin(server, "request", "show", row.record.id.text, "-o", "json")
                .json(RequestView.self)
            #expect(view.body?.answers.isEmpty == false)
        }
        #expect(try server.stop() == .exit(0))
    }
}
