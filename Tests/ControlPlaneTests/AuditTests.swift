import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat
import Wording

@testable import ControlPlane

/// What of the log is listed, and that a mistyped filter never looks like a quiet log.
struct AuditTests {
    /// A filter of the log; nil asks for all.
    struct Filter: Sendable, CustomTestStringConvertible {
        var kind: String?
        var subject: String?
        var who: String?
        var testDescription: String { "\([kind, subject, who])" }
    }

    private func list(_ demo: DemoPlane, _ filter: Filter, since: Timestamp? = nil, until: Timestamp? = nil)
        async throws
        -> [AuditEntry]
    {
        try await demo.plane.audit.list(
            before: nil,
            after: nil,
            limit: 1000,
            kind: filter.kind,
            subject: filter.subject,
            who: filter.who,
            since: since,
            until: until
        ).map(AuditEntry.init)
    }

    @Test func filtersAreCombinedAndTimesCutTheLog() async throws {
        let demo = try await DemoPlane()
        let all = try await list(demo, Filter())
        let moves = try await list(demo, Filter(kind: "channel.moved"))
        #expect(moves.map(\.change.to) == ["r1"] && moves[0].change.from == nil)
        #expect(moves[0].change.reason == "the first version")
        let actors = Set(all.map(\.event.actor))
        for who in actors {
            let own = try await list(demo, Filter(who: who))
            #expect(own.map(\.event.seq) == all.filter { $0.event.actor == who }.map(\.event.seq))
            let moved = try await list(demo, Filter(kind: "channel.moved", who: who))
            #expect(moved.allSatisfy { $0.event.actor == who && $0.event.kind == "channel.moved" })
        }
        // Every moment of the log, as start and as end: both parts together are the whole, and nothing is in both.
        for moment in Set(all.map(\.event.time)) {
            let before = try await list(demo, Filter(), until: moment)
            let after = try await list(demo, Filter(), since: moment)
            #expect(after.map(\.event.seq) + before.map(\.event.seq) == all.map(\.event.seq))
        }
    }

    @Test(
        arguments: [
            (Filter(kind: "chanel.moved"), "no kind of event \"chanel.moved\"", "channel.moved"),
            (Filter(kind: ""), "no kind of event \"\"", nil),
            (Filter(who: "serine"), "no key \"serine\"", "serin"),
            (
                Filter(subject: "ticket-bt@production"), "no subject in the log \"ticket-bt@production\"",
                "ticket-bot@production"
            ),
            (Filter(kind: "channel.moved", who: "nobody-of-this-name"), "no key \"nobody-of-this-name\"", nil),
        ] as [(Filter, String, String?)]
    )
    func whatNamesNothingIsRefused(filter: Filter, title: String, near: String?) async throws {
        let demo = try await DemoPlane()
        let error = try await #require(throws: ControlPlaneError.self) { try await list(demo, filter) }
        #expect(error.kind == .notFound && error.title == title)
        if let near { #expect(error.near.first == near) }
    }

    @Test(arguments: [
        Filter(kind: "channel.moved\u{0}x"), Filter(subject: "ticket-bot@production\u{0}"), Filter(who: "serin\u{0}x"),
        Filter(who: "serin\u{1b}"),
    ])
    func controlCharactersAreRefused(filter: Filter) async throws {
        let demo = try await DemoPlane()
        let error = try await #require(throws: ControlPlaneError.self) { try await list(demo, filter) }
        #expect(error.kind == .badRequest && error.title.contains("control character"))
    }

    @Test func aKnownFilterWithoutEntriesIsNoError() async throws {
        let demo = try await DemoPlane()
        #expect(try await list(demo, Filter(kind: "incident.opened")).isEmpty)
        #expect(try await list(demo, Filter(kind: "channel.moved", who: "serin")).isEmpty)
        let moment = try #require(Timestamp("2001-01-01T00:00:00Z"))
        #expect(try await list(demo, Filter(), until: moment).isEmpty)
    }

    @Test func anEndThatIsNotAfterTheStartIsRefused() async throws {
        let demo = try await DemoPlane()
        let moment = try #require(Timestamp("2026-11-21T10:00:00Z"))
        for end in [moment, moment.adding(seconds: -1)] {
            let error = try await #require(throws: ControlPlaneError.self) {
                try await list(demo, Filter(), since: moment, until: end)
            }
            #expect(error.kind == .badRequest && error.title.contains("is not after since"))
        }
    }
}
