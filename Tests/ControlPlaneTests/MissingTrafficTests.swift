import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

@testable import ControlPlane

/// Where traffic used to come and stops: nothing burns, nobody is paged, and it ends when a request comes.
@Suite struct MissingTrafficTests {
    private static func row(_ live: WatchedPlane, _ name: String) async throws -> SLORow {
        try #require(
            try await live.plane.levels.list(model: DemoPlane.model).first { $0.name.text == name }
        )
    }

    @Test func silenceIsItsOwnAlertWithItsOwnIncidentAndEnds() async throws {
        let live = try await WatchedPlane()
        await live.pass(600) { _ in
            live.serve(1)
            live.serve(1)
        }
        #expect(try await live.incidents().isEmpty)
        live.demo.clock.advance(seconds: 3600)
        await live.step()
        for name in ["availability", "valid-output"] {
            let row = try await Self.row(live, name)
            #expect(
                row.state == .missingTraffic && row.alert == "ticket" && row.alertKind == "missing traffic",
                "\(row)"
            )
            #expect(row.sentence.contains("has missing traffic") && !row.sentence.contains("burned"))
            #expect(row.reason?.hasPrefix("no event for 59 min") == true, "\(row.reason ?? "")")
            #expect(row.burnFast == nil)
        }
        let incidents = try await live.incidents()
        #expect(incidents.count == 1, "one for the model, whatever is measured of it")
        let incident = try #require(incidents.first)
        #expect(incident.row.title == "missing traffic: ticket-bot@production")
        #expect(incident.row.severity == "ticket" && incident.row.family == "traffic")
        // A restart, after an orderly end and after a kill: the same state, no second incident.
        let next = try await live.restarted()
        await next.step()
        #expect(try await Self.row(next, "availability").state == .missingTraffic)
        let killed = try await next.restarted(killed: true)
        await killed.step()
        #expect(try await killed.incidents().map(\.row.id) == [incident.row.id])
        // A request comes: it is over, and the incident says so.
        killed.serve(1)
        await killed.step()
        #expect(try await Self.row(killed, "availability").state == .met)
        #expect(try await killed.incidents().isEmpty, "it ends by itself")
        let after = try await killed.plane.incidents.show(incident.row.id)
        #expect(after.timeline.contains { $0.text.contains("traffic is not missing any more") }, "\(after.timeline)")
    }

    /// A window of bad answers that ends in silence: what burned does not burn for ever.
    @Test func whatBurnedBeforeTheSilenceDoesNotBurnForEver() async throws {
        let live = try await WatchedPlane()
        await live.pass(300) { _ in live.serve(1, outcome: .engineFailed) }
        #expect(try await Self.row(live, "availability").alertKind == "burning")
        live.demo.clock.advance(seconds: 4 * 86_400)
        await live.step()
        let row = try await Self.row(live, "availability")
        #expect(row.state == .exhausted, "more were bad than the budget allows: that is known")
        #expect(row.alertKind == "missing traffic" && row.alert == "ticket")
        live.demo.clock.advance(seconds: 30 * 86_400)
        await live.step()
        let gone = try await Self.row(live, "availability")
        #expect(gone.state == .unknown && gone.alert == nil && gone.reason == "no valid events in the last 30 d")
    }

    /// A gate that asks for the budget of a level that is off has no evidence, and says why.
    @Test func theBudgetOfALevelThatIsOff() async throws {
        let gate = "\n  - { id: pace, type: errorBudget, level: overridable, slo: per-token, atLeast: 25 % }"
        let live = try await WatchedPlane(
            policy: WatchedPlane.policy.replacingOccurrences(
                of: "level: mandatory }",
                with: "level: mandatory }\(gate)"
            )
        )
        for _ in 0..<50 { live.serve(1) }
        let decision = try await live.demo.promote("ticket-bot@2", dryRun: true).decision
        let pace = try #require(decision?.gates.first { $0.id.text == "pace" })
        #expect(pace.state == .unknown)
        #expect("\(pace)".contains("is off: nobody has set how long it may take"), "\(pace)")
        let view = try await live.level("per-token")
        #expect(view.row.state == .off && view.windows.allSatisfy { $0.state == "unknown" })
        #expect(view.budgetAction.contains("enforced: policy production promotes only with at least 25 % left"))
        #expect(
            try await live.level("availability").budgetAction
                == "there is budget enough; no gate of a policy enforces it"
        )
        #expect(view.warnings.contains { $0.contains("\"atMost\" is none") })
    }

    /// What is most urgent comes first.
    @Test func theListBeginsWithWhatIsUrgent() async throws {
        let live = try await WatchedPlane()
        for _ in 0..<50 { live.serve(1, isValid: false) }
        let rows = try await live.plane.levels.list(model: nil)
        #expect(rows.first?.name.text == "valid-output" && rows.first?.state == .exhausted)
        #expect(rows.map(\.urgency) == rows.map(\.urgency).sorted())
        #expect(rows.suffix(3).allSatisfy { $0.state == .off })
    }
}
