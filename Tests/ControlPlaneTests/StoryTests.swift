import ControlPlane
import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import WireFormat

/// The story of the demo, through the control plane and real inference.
@Suite(.serialized) struct StoryTests {
    @Test func theFirstVersionIsLive() async throws {
        let demo = try await DemoPlane()
        let status = try await demo.plane.overview.status()
        #expect(status.models.map(\.name.text) == ["ticket-bot"])
        #expect(status.models.first?.channels.map(\.release) == [1])
        let answer = try await demo.plane.traffic.answering.chat(
            ChatRequest(release: DemoPlane.choice("ticket-bot"), variables: [:], text: "Order 48213 arrived broken"),
            by: DemoPlane.admin
        )
        #expect(answer.text.utf8.starts(with: Array("{\"intent\":".utf8)))
        #expect(answer.problems == [])
        #expect(try await demo.plane.audit.verify().firstBadEvent == nil)
    }

    @Test func aVersionWithoutEvidenceIsRefused() async throws {
        let demo = try await DemoPlane()
        #expect(try await demo.publish("v3").version.id.number == 2)
        let answer = try await demo.plane.channels.promote(
            DemoPlane.model,
            DemoPlane.production,
            PromoteRequest(release: DemoPlane.choice("ticket-bot@2")),
            by: DemoPlane.admin
        )
        #expect(answer.outcome == .refused)
        #expect(answer.decision?.blockers.map(\.id.text).sorted() == ["canary", "golden"])
        #expect(try await demo.plane.registry.releases.resolve(Reference("ticket-bot")).release.number == 1)
    }
}
