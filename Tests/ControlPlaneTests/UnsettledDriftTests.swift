import Foundation
import RegistryTypes
import TestSupport
import Testing
import UserDocuments
import WireFormat

@testable import ControlPlane

/// What drift is not measured against, and what levels cost where there are many models.
@Suite struct UnsettledDriftTests {
    private static let staging = DemoPlane.known("staging")

    private func run(_ demo: DemoPlane, _ channel: Name, against: String? = nil) async throws -> DriftView {
        try await demo.plane.drift.run(
            DriftRequest(model: DemoPlane.model, channel: channel, windowSeconds: 60, against: against),
            by: DemoPlane.admin
        )
    }

    /// Nothing settled there: too little to say, which no script takes for an error or for a conflict.
    @Test func withoutASettledReleaseThereIsTooLittleToSay() async throws {
        let demo = try await DemoPlane()
        let error = await expectError(.inconclusive) { try await run(demo, .production) }
        #expect(error?.title == "nothing has settled in ticket-bot@production yet")
    }

    /// What one channel was measured by says nothing of another.
    @Test func aReferenceIsOfItsChannel() async throws {
        let live = try await WatchedPlane()
        let since = live.demo.clock.now()
        for _ in 0..<250 { live.serve(1) }
        live.demo.clock.advance(seconds: 10)
        let set = try await live.plane.drift.setBaseline(
            BaselineRequest(
                model: DemoPlane.model,
                since: since,
                until: live.demo.clock.now(),
                reason: "a good day"
            ),
            by: DemoPlane.admin
        )
        let error = await expectError(.badRequest) { try await run(live.demo, Self.staging, against: set.id) }
        #expect(
            error?.title == "reference \(set.id) is of ticket-bot@production, not of ticket-bot@staging",
            "\(error?.title ?? "")"
        )
        #expect(try await live.plane.drift.list(model: nil, before: nil, limit: 10).isEmpty)
    }

    /// The levels of a model are found without a look at those of others, as each row of the overview asks for them: four
    /// times the models take about four times as long, not sixteen.
    @Test func levelsOfOneModelCostNothingForOthers() throws {
        let slo = """
            apiVersion: serin/v1
            kind: SLO
            name: answers
            for: { channel: production, models: ["*"] }
            indicator: { type: availability }
            target: 99 %
            window: 1 h
            """
        guard case .slo(let document) = try Document.parse(slo, file: "slo.yaml")[0] else { return }
        let start = Timestamp(milliseconds: 1_795_000_000_000)
        func seconds(_ models: Int) throws -> Double {
            let tracker = ServiceLevelTracker()
            let revision = ServiceLevelRevision(document: document, digest: try document.countingDigest())
            try tracker.use([revision], stored: [:], now: start)
            let names = (0..<models).map { DemoPlane.known("model-\($0)") }
            for name in names { tracker.add(Self.record(name, at: start)) }
            return ProcessorTime.seconds {
                for name in names { #expect(tracker.statuses(model: name, in: .production, now: start).count == 1) }
            }
        }
        let few = try (0..<3).map { _ in try seconds(200) }.min() ?? 0
        let many = try (0..<3).map { _ in try seconds(800) }.min() ?? 0
        #expect(many < 9 * few, "\(few) s for 200 models, \(many) s for 800")
    }

    private static func record(_ model: Name, at time: Timestamp) -> RequestRecord {
        RequestRecord(
            id: RequestID(time: time, random: (1, 2)),
            time: time,
            model: model,
            asked: model.text,
            channel: .production,
            release: 1,
            version: 1,
            prompt: VersionID(DemoPlane.known("triage"), 1),
            arm: .live,
            key: DemoPlane.known("app"),
            outcome: .answered,
            status: 200,
            totalSeconds: 0.1,
            capture: .off
        )
    }
}
