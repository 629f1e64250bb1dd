import Catalog
import Foundation
import GRDB
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing
import WireFormat
import Wording

@testable import ControlPlane

/// A stage added to a canary that did not decide: its answers are taken over, its error rates are told, and there is one.
@Suite(.needsDemo) struct CanaryExtendTests {
    private static func document(_ margin: Int, _ rest: String = "") -> String {
        """
        apiVersion: serin/v1
        kind: Canary
        name: short
        compare: { traffic: week47, requests: 60\(rest) }
        checks:
          - { name: answers, metric: exact_match, mayDrop: \(margin) points }
        """
    }

    /// A run of 60 requests that did not decide about a release that is as good.
    private static func open(_ margin: Int = 6, _ rest: String = "") async throws -> (DemoPlane, CanaryView) {
        let demo = try await DemoPlane()
        _ = try await demo.apply(document(margin, rest))
        _ = try await demo.publish("v3")
        let view = try await demo.running { try await demo.canary("ticket-bot@2", "short") }
        #expect(view.record.verdict == .inconclusive, "\(view.report?.judgment.reasons ?? [])")
        return (demo, view)
    }

    private static func extend(_ demo: DemoPlane, _ id: CanaryID, _ requests: Int? = nil) async throws -> CanaryView {
        try await demo.plane.experiments.canaries.extend(
            id,
            ExtendCanaryRequest(requests: requests),
            by: DemoPlane.admin
        )
    }

    /// What a canary found in another process, which goes on with it.
    private static func judged(_ demo: DemoPlane, _ id: CanaryID) async throws -> (next: DemoPlane, view: CanaryView) {
        try await demo.plane.close()
        let next = try await DemoPlane(ScratchFolder(copying: demo.folder))
        let view = try await next.running {
            try await eventually("\(id) has ended", within: .seconds(300)) {
                try await next.plane.experiments.canaries.record(id).state != .running
            }
            return try await next.plane.experiments.canaries.show(id)
        }
        return (next, view)
    }

    /// The answers to the first 60 requests, with everything that was measured.
    private static func rows(_ demo: DemoPlane, _ id: CanaryID) throws -> [Row] {
        try DatabaseQueue(path: demo.folder.appending(path: "data/canaries/\(id).db").path).read {
            try Row.fetchAll($0, sql: "SELECT * FROM sample WHERE position < 60 ORDER BY position, arm")
        }
    }

    @Test func whatWasAnsweredIsNotAskedAgain() async throws {
        let (demo, first) = try await Self.open()
        let started = try await Self.extend(demo, first.record.id, 600)
        #expect(started.record.extends == CanaryExtension(of: first.record.id, to: 600))
        #expect(started.record.requests == 60 && started.record.seed == first.record.seed)
        let waiting = await expectError(.conflict) { try await Self.extend(demo, first.record.id) }
        #expect(waiting?.title == "canary c-1 is extended by c-2")
        // Which is said before a number is, so that no step is printed that is refused then.
        await expectError(.conflict) { try await Self.extend(demo, first.record.id, -5) }
        let told = try await demo.plane.experiments.canaries.show(first.record.id)
        #expect(told.extendedBy == started.record.id && told.extensionNeeded == nil)

        let (next, view) = try await Self.judged(demo, started.record.id)
        let report = try #require(view.report)
        #expect(view.record.verdict == .pass, "\(report.judgment.reasons)")
        #expect(report.judgment.looks?.isExtended == true && report.requests > 60 && report.requests <= 600)
        #expect(
            report.judgment.reasons.contains(
                "this goes on from c-1, whose 60 requests had both error rates to themselves: the extension to 600 adds 20 % "
                    + "of them, so that it errs in 1.2 % of runs and 6 % of checks in all"
            ),
            "\(report.judgment.reasons)"
        )
        #expect(view.record.pairsWords == "\(report.requests), extended from 60")
        // The first 60 answers are the same rows, times and all.
        #expect(try Self.rows(next, first.record.id) == Self.rows(next, started.record.id))
        #expect(report.run.seconds >= (first.report?.run.seconds ?? .infinity))
        // Judged again, it is the same; the log is rebuilt to the same tables.
        let again = try await next.plane.experiments.canaries.recompute(started.record.id, by: DemoPlane.admin)
        #expect(again.isSame, "\(again.differences)")
        #expect(try await next.plane.stores.catalog.rebuild().isEqual)
        // There is one.
        for id in [first.record.id, started.record.id] {
            await expectError(.conflict) { try await Self.extend(next, id) }
        }
    }

    /// The number that an open run names decides it: an extension has a fifth of the error rates, and takes more for that.
    @Test func theNumberThatIsNamedDecides() async throws {
        let (demo, first) = try await Self.open(2)
        let needed = try #require(first.extensionNeeded), alone = try #require(first.record.requestsNeeded)
        #expect(needed > alone, "\(needed) \(alone)")
        let started = try await Self.extend(demo, first.record.id)
        #expect(started.record.extends?.requests == needed)
        let view = try await Self.judged(demo, started.record.id).view
        #expect(view.record.verdict == .pass, "\(needed): \(view.report?.judgment.reasons ?? [])")
        #expect(view.extensionNeeded == nil)
    }

    /// One whose extension was stopped may be extended again, and takes over what is there.
    @Test func aStoppedExtensionIsNone() async throws {
        let (demo, first) = try await Self.open()
        let started = try await Self.extend(demo, first.record.id, 120)
        _ = try await demo.plane.experiments.canaries.cancel(
            started.record.id,
            CancelRequest(),
            by: DemoPlane.admin
        )
        let again = try await Self.extend(demo, first.record.id, 120)
        #expect(try await Self.judged(demo, again.record.id).view.record.state == .judged)
    }

    @Test func whatCannotBeExtendedSaysWhy() async throws {
        let (demo, first) = try await Self.open()
        let id = first.record.id
        await expectError(.notFound) { try await Self.extend(demo, CanaryID(77)) }
        for requests in [-1, 0, 60, 1_000_000] {
            let error = await expectError(.badRequest) { try await Self.extend(demo, id, requests) }
            #expect(error?.next?.text.hasPrefix("serin canary extend c-1 --to ") == true, "\(error?.next?.text ?? "")")
        }
        await expectError(.notAllowed) {
            try await demo.plane.experiments.canaries.extend(
                id,
                ExtendCanaryRequest(),
                by: Caller(name: DemoPlane.known("r"), role: .reader)
            )
        }
        // Answers that are gone.
        let path = demo.folder.appending(path: "data/canaries/\(id).db").path
        for file in [path, path + "-wal", path + "-shm"] { try? FileManager.default.removeItem(atPath: file) }
        await expectError(.badData) { try await Self.extend(demo, id) }
        // One that waits, and one with an answer.
        _ = try await demo.apply(Self.document(50).replacing("requests: 60", with: "requests: 200"))
        let waiting = try await demo.plane.experiments.canaries.start(
            CanaryRequest(release: DemoPlane.choice("ticket-bot@2"), document: DemoPlane.known("short")),
            by: DemoPlane.admin
        )
        await expectError(.conflict) { try await Self.extend(demo, waiting.record.id) }
        let (next, decided) = try await Self.judged(demo, waiting.record.id)
        #expect(decided.record.verdict == .pass)
        let error = await expectError(.conflict) { try await Self.extend(next, waiting.record.id) }
        #expect(error?.title == "canary c-2 has its answer: pass")
    }

    /// A document that extends by itself has its one extension; the record says how far it went.
    @Test func aDocumentExtendsByItself() async throws {
        let demo = try await DemoPlane()
        _ = try await demo.apply(Self.document(6, ", extendTo: 600"))
        _ = try await demo.publish("v3")
        let view = try await demo.running { try await demo.canary("ticket-bot@2", "short") }
        #expect(view.record.verdict == .pass, "\(view.report?.judgment.reasons ?? [])")
        #expect(view.record.pairsExtended == view.report?.requests && view.record.requests == 60)
        #expect(try await demo.plane.stores.catalog.rebuild().isEqual)
        let again = try await demo.plane.experiments.canaries.recompute(view.record.id, by: DemoPlane.admin)
        #expect(again.isSame, "\(again.differences)")
    }
}
