import ControlPlane
import Foundation
import RegistryRecords
import RegistryTypes
import Testing
import WireFormat
import Wording

/// The way back: without a gate, to the last release that settled.
@Suite struct RollbackTests {
    @Test func goesBackToTheLastSettledRelease() async throws {
        let demo = try await DemoPlane()
        let nothing = await expectError(.conflict) { try await demo.rollback() }
        #expect(nothing?.title.contains("no release to go back to") == true)
        await expectError(.notFound) { try await demo.rollback(channel: "staging") }
        await expectError(.notFound) { try await demo.rollback(to: 9) }
        await expectError(.notAllowed) {
            try await demo.rollback(by: Caller(name: DemoPlane.known("reader"), role: .publisher))
        }

        try await demo.settle()
        _ = try await demo.publish("v3")
        _ = try await demo.publish("v2")
        _ = try await demo.promote("ticket-bot@2", reason: "first", override: true)
        _ = try await demo.promote("ticket-bot@3", reason: "second", override: true)
        #expect(try await demo.live() == 3)
        let head = try await demo.head()
        await expectError(.conflict) { try await demo.rollback(expected: 2) }
        let planned = try await demo.rollback(dryRun: true)
        #expect(planned.outcome == .wouldMove)
        // r2 was moved by override and never settled.
        #expect(planned.to.id.number == 1)
        #expect(try await demo.rollback(to: 3).outcome == .unchanged)
        #expect(try await demo.head() == head)

        let back = try await demo.rollback(reason: "wrong answers", expected: 3)
        #expect(back.outcome == .moved)
        #expect(back.from?.id.number == 3)
        #expect(back.to.id.number == 1)
        #expect(back.move?.how == .rolledBack)
        #expect(back.decision == nil)
        #expect(try await demo.live() == 1)
        #expect(
            try await demo.plane.registry.models.release(ReleaseID(DemoPlane.model, 3)).release.rejected
                == "wrong answers"
        )
        await expectError(.conflict) { try await demo.rollback() }

        // r2 was there by override only, r3 was rejected: neither is anything to go back to.
        let later = try await demo.head()
        for number in [2, 3] { await expectError(.conflict) { try await demo.rollback(to: number) } }
        #expect(try await demo.head() == later)
        #expect(try await demo.live() == 1)
    }

    /// A refused promotion makes a release; naming it takes nothing there that the policy did not let in.
    @Test func namesNothingThatThePolicyNeverLetIn() async throws {
        let demo = try await DemoPlane()
        try await demo.settle()
        _ = try await demo.publish("v3")
        #expect(try await demo.promote("ticket-bot@2").outcome == .refused)
        for dryRun in [true, false] {
            let error = await expectError(.conflict) { try await demo.rollback(to: 2, dryRun: dryRun) }
            #expect(error?.why?.contains("which the policy decides") == true)
            #expect(error?.next?.text == "serin promote ticket-bot@r2 --to production")
        }
        #expect(try await demo.live() == 1)
        #expect(
            try await demo.plane.channels.decisions(model: DemoPlane.model, before: nil, limit: 9).contains {
                !$0.allowed
            }
        )
    }

    /// After the first answer, a rollback would go elsewhere or nowhere; a retry still gets that answer.
    @Test func answersARetryAsBefore() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v3")
        _ = try await demo.promote("ticket-bot@2", reason: "now", override: true)
        let first = try await demo.rollback(expected: 2, key: "back")
        let head = try await demo.head()
        let retry = try await demo.rollback(expected: 2, key: "back")
        #expect(retry.outcome == .moved)
        #expect(retry.move == first.move)
        #expect(retry.from?.id == first.from?.id)
        #expect(retry.to == first.to)
        #expect(retry.why == first.why && first.why?.hasPrefix("r1 did not settle in production") == true)
        await expectError(.conflict) { try await demo.rollback(to: 1, key: "back") }
        await expectError(.conflict) { try await demo.promote("ticket-bot@2", key: "back") }
        #expect(try await demo.head() == head)
    }

    /// Two at once: one goes back one step, the other is told; never two steps, never an error of ours.
    @Test func twoAtOnceGoBackOnce() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.publish("v3")
        _ = try await demo.promote("ticket-bot@2", reason: "now", override: true)
        let kinds = await withTaskGroup(of: ControlPlaneError.Kind?.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    do {
                        _ = try await demo.rollback()
                        return nil
                    } catch {
                        return (error as? ControlPlaneError)?.kind ?? .internalFault
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(kinds.count { $0 == nil } == 1)
        #expect(kinds.count { $0 == .conflict } == 7)
        #expect(try await demo.live() == 1)
    }
}
