import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat

@testable import ControlPlane

/// The table of states in docs/architecture.md, walked: each state is made, outlives a kill, and ends as its row says.
@Suite struct StateEndTests {
    /// The states that are walked here; the others are those of ``SilenceTests``, of alerts and of ``UnloadedReleaseTests``.
    private static let walked = ["unsettled", "watching", "rejected", "held", "incident open", "overridden"]
    private static let elsewhere = ["burning, failing", "missing traffic", "no traffic", "quarantined", "not loaded"]

    @Test func theTableNamesTheStatesThatAreWalked() throws {
        let text = try String(contentsOf: Checkout.root.appending(path: "docs/architecture.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").drop { !$0.hasPrefix("| state | begins with") }.dropFirst(2)
            .prefix { $0.hasPrefix("|") }
        let cells = rows.map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
        #expect(Set(cells.compactMap(\.first)) == Set(Self.walked + Self.elsewhere))
        #expect(cells.allSatisfy { $0.count == 5 && $0[4].hasPrefix("`serin ") })
    }

    @Test func eachStateEndsAsItsRowSays() async throws {
        var live = try await WatchedPlane()
        func channel() async throws -> ChannelRecord {
            try #require(
                try await live.plane.overview.status().models.first?.channels
                    .first { $0.channel == DemoPlane.production }
            )
        }
        func release(_ number: Int) async throws -> ReleaseRecord {
            try await live.plane.registry.models.release(ReleaseID(DemoPlane.model, number)).release
        }
        // unsettled, watching, overridden: a promotion that nobody has asked yet.
        _ = try await live.demo.promote("ticket-bot@3", reason: "now", override: true)
        live = try await live.restarted(killed: true)
        #expect(try await channel().move.settled == false)
        #expect(try await channel().move.how == .promoted)
        #expect(try await live.health().state == .watching)
        // held, rejected, incident open: it answers badly and is taken back; each outlives a kill.
        await live.pass(30) { _ in live.traffic(3, isValid: false) }
        live = try await live.restarted(killed: true)
        #expect(try await channel().release == 1)
        #expect(try await channel().move.settled)
        #expect(try await channel().move.how == .returned)
        #expect(try await live.health().hold != nil)
        #expect(try await release(3).rejections.count == 1)
        let incident = try #require(try await live.incidents().first)
        // held ends with a person who says why.
        _ = try await live.plane.channels.resume(
            DemoPlane.model,
            DemoPlane.production,
            ReasonRequest(reason: "understood"),
            by: DemoPlane.admin
        )
        #expect(try await live.health().hold == nil)
        // incident open ends with a person who says why.
        _ = try await live.plane.incidents.close(incident.row.id, ReasonRequest(reason: "over"), by: DemoPlane.admin)
        live = try await live.restarted(killed: true)
        #expect(try await live.health().hold == nil)
        #expect(try await live.incidents().allSatisfy { $0.row.id != incident.row.id })
        // rejected ends when it settles there after all; watching and unsettled with it.
        _ = try await live.demo.promote("ticket-bot@r3", reason: "mended outside", override: true)
        await live.pass(WatchedPlane.probationSteps) { _ in live.traffic(3) }
        #expect(try await live.rollout().row.state == "settled")
        #expect(try await channel().move.settled)
        live = try await live.restarted(killed: true)
        _ = try await live.demo.promote("ticket-bot@2", reason: "next", override: true)
        #expect(try await release(3).rejections.isEmpty)
    }
}
