import ControlPlane
import RegistryTypes
import TestSupport
import Testing
import WireFormat

/// Texts read by versions of the demo, as `serin compare` and `serin score` ask for them.
struct ReadingTests {
    private static func finished(_ demo: DemoPlane, _ request: ReadingRequest) async throws -> ReadingView {
        let view = try await demo.plane.traffic.readings.start(request, by: DemoPlane.admin)
        try await eventually("the reading \(view.id) is over") {
            try await demo.plane.traffic.readings.show(view.id).isOver
        }
        return try await demo.plane.traffic.readings.show(view.id)
    }

    private static func reference(_ text: String) throws -> Reference { try Reference(text) }

    @Test func aReleaseBesideItselfIsExactlyTheSame() async throws {
        let demo = try await DemoPlane()
        for request in [
            ReadingRequest(
                baseline: try Self.reference("ticket-bot@r1"),
                candidate: try Self.reference("ticket-bot"),
                traffic: DemoPlane.known("week47"),
                requests: 5
            ),
            ReadingRequest(
                baseline: try Self.reference("ticket-bot@1"),
                candidate: try Self.reference("ticket-bot@1"),
                text: "Order 48213 arrived broken"
            ),
        ] {
            let view = try await Self.finished(demo, request)
            let figures = try #require(view.comparison?.figures, "\(String(describing: view.problem))")
            #expect(figures.maxDivergence == 0 && figures.agreement == 1 && figures.places > 0)
            #expect(view.progress.done == view.progress.total)
            // The same question has the same name, and what came of it is there at once.
            let again = try await demo.plane.traffic.readings.start(request, by: DemoPlane.admin)
            #expect(again.id == view.id && again.isOver)
        }
        try await demo.plane.close()
    }

    @Test func theBrokenVersionShows() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v2")
        let view = try await Self.finished(
            demo,
            ReadingRequest(
                baseline: try Self.reference("ticket-bot@1"),
                candidate: try Self.reference("ticket-bot@2"),
                traffic: DemoPlane.known("week47"),
                requests: 10
            )
        )
        let comparison = try #require(view.comparison)
        #expect(comparison.textCount == 10 && (comparison.figures?.meanDivergence ?? 0) > 0.01)
        #expect(!comparison.worst.isEmpty && comparison.baseline == "ticket-bot@1")
        let score = try await Self.finished(
            demo,
            ReadingRequest(baseline: try Self.reference("ticket-bot@2"), text: "Order 48213")
        ).score
        #expect(score?.tokens.map(\.text).joined() == "Order 48213")
        try await demo.plane.close()
    }

    @Test func whatCannotBeReadIsRefused() async throws {
        let demo = try await DemoPlane()
        let readings = demo.plane.traffic.readings, live = try Self.reference("ticket-bot")
        let other = try Self.reference("ticket-bot@9"), set = DemoPlane.known("week47")
        for (request, kind) in [
            (ReadingRequest(baseline: live), ControlPlaneError.Kind.badRequest),
            (ReadingRequest(baseline: live, text: ""), .badRequest),
            (ReadingRequest(baseline: live, text: "a", traffic: set), .badRequest),
            (ReadingRequest(baseline: live, traffic: set), .badRequest),
            (ReadingRequest(baseline: live, candidate: live, traffic: set, requests: 0), .badRequest),
            (ReadingRequest(baseline: live, candidate: live, traffic: set, requests: 201), .badRequest),
            (ReadingRequest(baseline: live, candidate: other, text: "a"), .notFound),
            (ReadingRequest(baseline: live, candidate: live, traffic: DemoPlane.known("nothing")), .notFound),
            (
                ReadingRequest(
                    baseline: live,
                    text: String(repeating: "a", count: ReadingRequest.textLimitBytes + 1)
                ), .badRequest
            ),
        ] {
            let error = await #expect(throws: ControlPlaneError.self) {
                try await readings.start(request, by: DemoPlane.admin)
            }
            #expect(error?.kind == kind, "\(request)")
        }
        let missing = await #expect(throws: ControlPlaneError.self) { try await readings.show("0123") }
        #expect(missing?.kind == .notFound)
        let caller = Caller(name: DemoPlane.known("shop"), role: .caller)
        let refused = await #expect(throws: ControlPlaneError.self) {
            try await readings.start(ReadingRequest(baseline: live, text: "a"), by: caller)
        }
        #expect(refused?.kind == .notAllowed)
        try await demo.plane.close()
    }

    @Test func aCancelledReadingSaysSo() async throws {
        let demo = try await DemoPlane()
        let readings = demo.plane.traffic.readings
        let request = ReadingRequest(
            baseline: try Self.reference("ticket-bot@1"),
            candidate: try Self.reference("ticket-bot@1"),
            traffic: DemoPlane.known("week47"),
            requests: 60
        )
        let view = try await readings.start(request, by: DemoPlane.admin)
        let ended = try await readings.cancel(view.id, by: DemoPlane.admin)
        #expect(ended.problem?.title.contains("cancelled") == true || ended.comparison != nil)
        // Asked again, it is read again.
        if ended.problem != nil {
            let again = try await Self.finished(demo, request)
            #expect(again.id == view.id && again.comparison?.textCount == 60)
        }
        try await demo.plane.close()
    }

    /// A question of two goes on for the one who still waits, and only an admin ends what others asked for.
    @Test func oneWhoCancelsDoesNotEndItForAnother() async throws {
        let demo = try await DemoPlane()
        let readings = demo.plane.traffic.readings
        let request = ReadingRequest(
            baseline: try Self.reference("ticket-bot@1"),
            candidate: try Self.reference("ticket-bot@1"),
            traffic: DemoPlane.known("week47"),
            requests: 40
        )
        let first = Caller(name: DemoPlane.known("first"), role: .publisher)
        let second = Caller(name: DemoPlane.known("second"), role: .publisher)
        let third = Caller(name: DemoPlane.known("third"), role: .publisher)
        let view = try await readings.start(request, by: first)
        _ = try await readings.start(request, by: second)
        if try await !readings.show(view.id).isOver {
            let refused = await #expect(throws: ControlPlaneError.self) {
                try await readings.cancel(view.id, by: third)
            }
            #expect(refused?.kind == .notAllowed && refused?.why?.contains("first, second") == true)
        }
        #expect(try await readings.cancel(view.id, by: first).problem == nil)
        let over = try await Self.finished(demo, request)
        #expect(over.comparison?.textCount == 40, "\(String(describing: over.problem))")
        try await demo.plane.close()
    }

    @Test func aVersionIsDescribedFromItsFile() async throws {
        let demo = try await DemoPlane()
        let id = VersionID(DemoPlane.model, 1)
        let facts = try await demo.plane.registry.models.inspection(id)
        #expect(facts.runs && facts.architecture == "llama")
        #expect(try await demo.plane.registry.models.version(id).inspection == facts)
        let tokens = try await demo.plane.registry.models.tokens(
            id,
            TokenizeRequest(text: "Order 48213"),
            by: DemoPlane.admin
        )
        #expect(tokens.roundTrip && tokens.byteCount == 11)
        try await demo.plane.close()
    }
}
