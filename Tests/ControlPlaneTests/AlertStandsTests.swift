import Catalog
import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import TrafficLog
import UserDocuments
import WireFormat

@testable import ControlPlane

/// What pages, and for whom: no alert on what is unknown, an incident for each channel, and nothing of it ends or begins
/// again because a process did.
@Suite struct AlertStandsTests {
    private static let staging = DemoPlane.known("staging")

    /// A level of every channel that is named, with windows that a test can wait for.
    private static func level(
        _ name: String,
        _ channel: String,
        _ indicator: String = "type: availability",
        more: String = ""
    ) -> String {
        """
        apiVersion: serin/v1
        kind: SLO
        name: \(name)
        for: { channel: \(channel), models: ["*"] }
        indicator: { \(indicator) }
        target: 99 %
        window: 1 h
        alerting:
          - { name: fast, severity: page, burn: 2, long: 5 min, short: 20 s }
        \(more)
        """
    }

    /// Six labels of thirty that a level asks for: it is unknown, and neither an alert, an incident nor the health of the
    /// channel says more.
    @Test func aLevelThatIsUnknownPagesNobody() async throws {
        let live = try await WatchedPlane()
        let ids = (0..<6).map { _ in live.serve(1) }
        await live.plane.traffic.requests.queue.flush()
        for id in ids {
            _ = try await live.plane.traffic.requests.label(
                id,
                LabelRequest(correct: false),
                by: DemoPlane.admin
            )
        }
        await live.pass(3)
        let row = try await live.level("correctness").row
        #expect(row.valid == 6 && row.bad == 6)
        #expect(row.state == .unknown && row.alert == nil)
        #expect(try await live.incidents().isEmpty)
        #expect(try await live.health().state != .failing)
    }

    /// One channel hides nothing of another: each has its own incident, with its name, and its own end.
    @Test func eachChannelHasItsOwnIncident() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.apply(Self.level("staged", "staging"))
        _ = try await live.demo.apply(Self.level("served", "production"))
        await live.pass(2)
        await live.pass(20) { _ in live.serve(2, outcome: .engineFailed, channel: Self.staging) }
        #expect(try await live.incidents().map(\.row.channel) == [Self.staging])
        await live.pass(20) { _ in live.serve(1, outcome: .engineFailed) }
        let both = try await live.incidents()
        #expect(Set(both.map(\.row.channel)) == [Self.staging, DemoPlane.production])
        #expect(both.allSatisfy { $0.row.severity == "page" })
        #expect(Set(both.map(\.row.id)).count == 2)
        // The tables say the same from the log alone.
        #expect(try await live.plane.stores.catalog.rebuild().isEqual)
    }

    /// Both channels fall silent: two incidents, and the one whose traffic comes again ends alone.
    @Test func missingTrafficIsOfAChannel() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.apply(Self.level("staged", "staging", more: "absentAfter: 1 min"))
        _ = try await live.demo.apply(Self.level("served", "production", more: "absentAfter: 1 min"))
        await live.pass(30) { _ in
            live.serve(1)
            live.serve(2, channel: Self.staging)
        }
        await live.pass(120)
        let silent = try await live.incidents()
        #expect(Set(silent.map(\.row.channel)) == [Self.staging, DemoPlane.production])
        #expect(silent.allSatisfy { $0.row.title.hasSuffix("@\($0.row.channel?.text ?? "?")") })
        // What is missing is not healthy, however fresh the last answer is.
        #expect(try await live.health().state == .missingTraffic)
        await live.pass(3) { _ in live.serve(1) }
        #expect(try await live.incidents().map(\.row.channel) == [Self.staging])
        let ended = try #require(silent.first { $0.row.channel == DemoPlane.production })
        let lines = try await live.plane.incidents.show(ended.row.id).timeline.filter { $0.text.contains("came again") }
        #expect(lines.count == 1, "said once")
    }

    /// An incident of missing traffic that ends because the level was replaced says that, and not that traffic came.
    @Test func aReplacedLevelEndsItWithItsReason() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.apply(Self.level("served", "production", more: "absentAfter: 1 min"))
        await live.pass(30) { _ in live.serve(1) }
        await live.pass(120)
        let incident = try #require(try await live.incidents().first)
        _ = try await live.demo.apply(Self.level("served", "production", more: "absentAfter: 50 min"))
        await live.pass(2)
        #expect(try await live.incidents().isEmpty)
        let end = try await live.plane.incidents.show(incident.row.id).timeline.last
        #expect(end?.text.contains("was changed or taken away") == true, "\(end?.text ?? "")")
    }

    /// An alert whose short window fell silent stands over a restart, and over a new document; its incident, closed by a
    /// person, opens no second time.
    @Test(arguments: [false, true]) func aRestartEndsAndBeginsNothing(_ isClosed: Bool) async throws {
        let live = try await WatchedPlane()
        let pace = "type: totalLatency, atMost: 1 ms"
        _ = try await live.demo.apply(Self.level("served", "production", pace))
        await live.pass(2)
        await live.pass(40) { _ in live.serve(1) }
        let incident = try #require(try await live.incidents().first)
        await live.pass(25)
        #expect(try await live.level("served").row.alert == "page", "silence changes nothing")
        if isClosed {
            _ = try await live.plane.incidents.close(
                incident.row.id,
                ReasonRequest(reason: "known"),
                by: DemoPlane.admin
            )
        }
        await live.pass(2)
        await live.plane.loop.flush()
        let next = try await live.restarted(killed: true)
        await next.pass(2)
        #expect(try await next.level("served").row.alert == "page")
        #expect(try await next.health().state == .failing)
        _ = try await next.demo.apply(Self.level("served", "production", pace, more: "description: the same"))
        await next.pass(2)
        #expect(try await next.level("served").row.alert == "page")
        #expect(try await next.count("incident.opened") == 1)
        #expect(try await next.incidents().isEmpty == isClosed)
        // It ends while it is looked at, and an open incident says so.
        await next.pass(300)
        #expect(try await next.level("served").row.alert == nil)
        let lines = try await next.plane.incidents.show(incident.row.id).timeline.filter {
            $0.text.contains("any more")
        }
        #expect(lines.count == (isClosed ? 0 : 1), "\(lines)")
    }

    /// What an incident says to do next can be done as it is printed.
    @Test func whatComesNextCanBeDone() async throws {
        let live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@3")
        await live.pass(30) { _ in live.traffic(3, isValid: false) }
        let held = try #require(try await live.incidents().first)
        #expect(held.next.contains("rollout resume ticket-bot"), "\(held.next)")
        let reason = ReasonRequest(reason: "understood")
        _ = try await live.plane.channels.resume(DemoPlane.model, DemoPlane.production, reason, by: DemoPlane.admin)
        let lifted = try await live.plane.incidents.show(held.row.id)
        #expect(lifted.next.contains("incident close \(held.row.id)"), "\(lifted.next)")
    }

    /// Of a return in another channel it names that channel, also while production is held for reasons of its own.
    @Test(arguments: [false, true]) func whatComesNextIsOfItsChannel(_ isProductionHeld: Bool) async throws {
        let live = try await WatchedPlane()
        let policy = WatchedPlane.policy.replacingOccurrences(of: "production", with: "staging")
        _ = try await live.demo.apply(policy.replacingOccurrences(of: "5 min", with: "5 s"))
        _ = try await live.demo.apply(Self.level("staged", "staging", "type: validOutput"))
        await live.pass(2)
        if isProductionHeld {
            _ = try await live.demo.promote("ticket-bot@2")
            await live.pass(30) { _ in live.traffic(2, isValid: false) }
        }
        func ask(_ release: Int, isValid: Bool = true) {
            for _ in 0..<4 { live.serve(release, isValid: isValid, channel: Self.staging) }
        }
        _ = try await live.demo.promote("ticket-bot@1", to: "staging")
        await live.pass(10) { _ in ask(1) }
        _ = try await live.demo.apply(policy)
        _ = try await live.demo.promote("ticket-bot@2", to: "staging", reason: "try", override: true)
        await live.pass(30) { _ in
            ask(2, isValid: false)
            live.serve(1, arm: .holdback, channel: Self.staging)
        }
        let incident = try #require(try await live.incidents().first { $0.row.channel == Self.staging })
        #expect(incident.next.contains("rollout resume ticket-bot --channel staging"), "\(incident.next)")
        let held = try await live.plane.overview.status().health.filter { $0.hold != nil }.map(\.channel)
        #expect(Set(held) == (isProductionHeld ? [Self.staging, DemoPlane.production] : [Self.staging]))
        let reason = ReasonRequest(reason: "understood")
        _ = try await live.plane.channels.resume(DemoPlane.model, Self.staging, reason, by: DemoPlane.admin)
        #expect(try await live.plane.incidents.show(incident.row.id).next.contains("incident close"))
    }
}
