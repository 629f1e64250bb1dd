import RegistryTypes
import TestSupport
import Testing
import WireFormat

@testable import ControlPlane

/// A name that nothing has is said with near ones, and never looks like a quiet hour or an empty list.
@Suite struct MistypedNameTests {
    @Test(
        arguments: [
            ("tiket-bot", [:]), ("ticket-bot", ["release": "r99"]), ("ticket-bot", ["release": "99"]),
            ("ticket-bot", ["version": "99"]), ("ticket-bot", ["channel": "prodction"]),
            ("ticket-bot", ["key": "shopp"]),
        ] as [(String, [String: String])]
    )
    func ofCapturedRequests(_ model: String, _ terms: [String: String]) async throws {
        let demo = try await DemoPlane()
        let plane = demo.plane
        let name = try Name(model)
        await expectError(.notFound) {
            try await plane.traffic.requests.list(RequestQuery(model: name, terms: terms))
        }
        await expectError(.notFound) {
            try await plane.traffic.sets.freeze(
                try Name("x"),
                FreezeRequest(model: name, filter: terms),
                by: DemoPlane.admin
            )
        }
        withExtendedLifetime(demo) {}
    }

    @Test func ofReferences() async throws {
        let demo = try await DemoPlane()
        let drift = demo.plane.drift
        await expectError(.notFound) { try await drift.baselines(model: try Name("tiket-bot"), before: nil, limit: 5) }
        let now = demo.clock.now()
        for (model, channel) in [("tiket-bot", "production"), ("ticket-bot", "prodction")] {
            await expectError(.notFound) {
                try await drift.setBaseline(
                    BaselineRequest(
                        model: try Name(model),
                        channel: try Name(channel),
                        since: now.adding(seconds: -3600),
                        until: now
                    ),
                    by: DemoPlane.admin
                )
            }
        }
    }
}
