import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

@testable import ControlPlane

/// Silence is not burning, and not health: what nobody asks is said to have no traffic, everywhere, and pages nobody.
@Suite struct SilenceTests {
    /// A service level that says after how long silence is too long.
    private static let watched = """
        apiVersion: serin/v1
        kind: SLO
        name: answers
        for: { channel: production, models: ["*"] }
        indicator: { type: availability }
        target: 99 %
        window: 1 d
        absentAfter: 5 min
        """

    private static func words(_ live: WatchedPlane) async throws -> (status: StatusView, onCall: OnCallView) {
        (try await live.plane.overview.status(), try await live.plane.overview.onCall())
    }

    /// An hour without a request, then a restart and a kill: no traffic, and nothing else.
    @Test func anHourWithoutARequestSaysNoTraffic() async throws {
        var live = try await WatchedPlane()
        for killed in [nil, false, true] as [Bool?] {
            if let killed { live = try await live.restarted(killed: killed) }
            for _ in 0..<60 {
                live.demo.clock.advance(seconds: 59)
                await live.pass(1)
            }
            let (status, onCall) = try await Self.words(live)
            #expect(status.health.allSatisfy { $0.state == .noTraffic && $0.words == "no traffic" })
            #expect(onCall.channels.allSatisfy { $0.state == .noTraffic && $0.budgetLeft == nil })
            #expect(status.incidents.isEmpty)
            #expect(try await live.plane.rollouts.list(model: nil, before: nil, limit: 10).isEmpty)
        }
    }

    /// Traffic that used to come and stops: one incident of its own family and title, a ticket, that ends when it comes
    /// again, also over a restart. Nothing says that anything burns.
    @Test(arguments: [false, true]) func missingTrafficIsATicketThatEndsByItself(_ restarts: Bool) async throws {
        var live = try await WatchedPlane()
        _ = try await live.demo.apply(Self.watched)
        await live.pass(120) { _ in live.serve(1) }
        #expect(try await live.health().state == .healthy)
        for _ in 0..<30 {
            live.demo.clock.advance(seconds: 59)
            await live.pass(1)
        }
        await live.plane.loop.rollups.flush()
        if restarts { live = try await live.restarted(killed: true) }
        await live.pass(2)
        let health = try await live.health()
        #expect(health.state == .missingTraffic)
        #expect(health.words.hasPrefix("missing traffic: no request for"), "\(health.words)")
        let incidents = try await live.incidents()
        #expect(incidents.map(\.row.family) == ["traffic"])
        #expect(incidents.map(\.row.severity) == ["ticket"])
        #expect(incidents.map(\.row.title) == ["missing traffic: ticket-bot@production"])
        await live.pass(3) { _ in live.serve(1) }
        #expect(try await live.health().state == .healthy)
        #expect(try await live.incidents().isEmpty)
        #expect(try await live.count("incident.closed") == 1)
    }

    /// What is decided of a channel, as a table: what burns is said to burn, and only that.
    @Test func whatIsSaidOfAChannel() async throws {
        let live = try await WatchedPlane()
        let quiet = ChannelHealth(
            unloaded: nil,
            statuses: [],
            rollout: nil,
            isAtFault: false,
            release: 1,
            quietSeconds: 3600
        )
        #expect(quiet.answer.state == .noTraffic)
        #expect(quiet.answer.words == "no traffic for 60 min")
        let never = ChannelHealth(
            unloaded: nil,
            statuses: [],
            rollout: nil,
            isAtFault: false,
            release: 1,
            quietSeconds: nil
        )
        #expect(never.answer.words == "no traffic")
        let few = ChannelHealth(
            unloaded: nil,
            statuses: [],
            rollout: nil,
            isAtFault: false,
            release: 1,
            quietSeconds: 3
        )
        #expect(few.answer.state == .unknown)
        let lost = ChannelHealth(
            unloaded: UnloadedRelease(
                model: DemoPlane.model,
                channel: DemoPlane.production,
                release: 1,
                answering: nil,
                why: "its bytes are gone",
                next: "publish again"
            ),
            statuses: [],
            rollout: nil,
            isAtFault: false,
            release: 1,
            quietSeconds: 3
        )
        #expect(lost.answer.state == .failing)
        // What burns is said to burn.
        for _ in 0..<30 { live.serve(1, outcome: .engineFailed) }
        await live.pass(1)
        #expect(try await live.health().state == .failing)
    }

    /// With one channel that is well and one that nobody asks, the page does not say that it is not us.
    @Test func onCallDoesNotSpeakForAChannelWithoutTraffic() async throws {
        let live = try await WatchedPlane()
        await live.pass(60) { _ in live.serve(1) }
        let view = try await live.plane.overview.onCall()
        #expect(Set(view.channels.map(\.state)) == [.healthy, .noTraffic])
    }
}
