import Foundation
import RegistryTypes
import Testing
import WireFormat

@testable import ControlPlane

/// One key with texts that the release answers badly, beside keys that get good answers: nothing of theirs is moved, over a
/// kill too, and it is said wherever one looks (decision 21).
@Suite struct OneKeyStoryTests {
    /// A second: texts of the shop that the live release answers badly to users of its arm, ordinary ones to those who are
    /// held back; the others ask what they always ask.
    private func attack(_ live: WatchedPlane, _ release: Int) {
        for index in 0..<3 { live.serve(release, isValid: index != 0, key: "shop") }
        for _ in 0..<3 { live.serve(1, arm: .holdback, key: "shop") }
        for key in ["market", "desk"] {
            for _ in 0..<2 { live.serve(release, key: key) }
            live.serve(1, arm: .holdback, key: key)
        }
    }

    private static let said = "bad answers are of one key, shop; other keys have 0 of "

    @Test func aGoodReleaseStaysAndSettles() async throws {
        var live = try await WatchedPlane()
        _ = try await live.demo.promote("ticket-bot@2")
        let before = live
        await before.pass(40) { _ in attack(before, 2) }
        await before.plane.loop.flush()
        live = try await live.restarted(killed: true)
        let after = live
        await after.pass(40) { _ in attack(after, 2) }
        let watched = try await live.rollout()
        #expect(watched.row.state == "probation" && watched.sentence.contains(Self.said))
        #expect(watched.row.words.contains(Self.said))
        #expect(watched.triggers.contains { $0.state == "one key" && $0.words.contains(Self.said) })
        #expect(try await live.health().words.contains(Self.said))
        let incident = try #require(try await live.incidents().first)
        #expect(incident.row.severity == "ticket" && incident.row.family == "quality")
        // It opened while the others were listened to; its timeline says what was found then.
        #expect(incident.timeline.contains { $0.text.contains(Self.said) })
        await after.pass(WatchedPlane.probationSteps) { second in
            if second % 5 == 0 { attack(after, 2) }
        }
        let ended = try await live.rollout()
        #expect(ended.row.state == "settled" && ended.sentence.contains(Self.said))
        #expect(try await live.count("rollout.returned") == 0)
        #expect(try await live.incidents().allSatisfy { $0.row.severity == "ticket" })
    }

    /// The same texts without a rollout: a ticket, and the budget that one key spent keeps no promotion back.
    @Test func noAlertPagesAndNoGateIsShut() async throws {
        let gate = "\n  - { id: budget, type: errorBudget, level: overridable, slo: valid-output, atLeast: 25 % }"
        let policy = WatchedPlane.policy.replacingOccurrences(
            of: "level: mandatory }",
            with: "level: mandatory }\(gate)"
        )
        var live = try await WatchedPlane(policy: policy)
        let before = live
        await before.pass(60) { _ in attack(before, 1) }
        await before.plane.loop.flush()
        live = try await live.restarted(killed: true)
        let after = live
        await after.pass(5) { _ in attack(after, 1) }
        let level = try await live.level("valid-output")
        #expect((level.row.budgetLeft ?? 1) < 0 && level.row.alert == "ticket")
        #expect(level.row.sentence.contains(Self.said) && level.row.reason?.contains(Self.said) == true)
        #expect(level.windows.allSatisfy { $0.state != "firing" || $0.severity == "ticket" })
        let health = try await live.health()
        #expect(health.state == .burning && health.words.contains(Self.said))
        #expect(try await live.incidents().map(\.row.severity) == ["ticket"])
        #expect(try await live.demo.promote("ticket-bot@2").outcome == .moved)
        // Without anybody who contradicts it, it pages.
        await after.pass(400) { _ in after.serve(2, isValid: false, key: "shop") }
        #expect(try await live.incidents().contains { $0.row.severity == "page" })
    }
}
