import Catalog
import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing

/// Events that contradict what came before them.
@Suite struct RefusalTests {
    let scratch: ScratchFolder
    let catalog: Catalog

    init() async throws {
        scratch = try ScratchFolder()
        catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append(try Samples.story())
    }

    static let contradictions: [@Sendable () throws -> RegistryEvent] = [
        { try Samples.version(4, content: "weights of ticket-bot 1") },  // published before
        { try Samples.version(3, content: "new") },  // the number is taken
        { try Samples.version(5, content: "new") },  // leaves a gap
        { try Samples.prompt(4) },
        { try Samples.release(4, version: 1) },  // equal content
        { try Samples.release(4, version: 9) },  // no such version
        { try Samples.release(1, version: 1, model: "other") },
        { try Samples.traffic() },
        { try Samples.document(2) },
        { try Samples.canaryStarted(4, candidate: 9, baseline: 1) },
        { try Samples.canaryStarted(3, candidate: 1, baseline: 2) },
        { Samples.canaryJudged(1, .pass) },  // the verdict stays
        { Samples.canaryJudged(3, .pass) },  // stopped
        { Samples.canaryJudged(9, .pass) },
        { .canaryStopped(CanaryStopped(id: CanaryID(2), reason: "late")) },
        { try Samples.evaluation(1, release: 1) },
        { try Samples.evaluation(2, release: 9) },
        { try Samples.decision(3, release: 1) },
        { try Samples.decision(4, release: 9) },
        { try Samples.move(from: 1, to: 2) },  // production is at 3
        { try Samples.move(from: nil, to: 2) },
        { try Samples.move(from: 3, to: 3) },
        { try Samples.move(from: 3, to: 9) },
        { try Samples.move(from: 3, to: 1, decision: 77) },
        { try Samples.move(from: nil, to: 1, channel: "r7") },
        { try Samples.move(from: nil, to: 1, channel: "7") },
        { try Samples.key("root") },
        { .keyRevoked(KeyRevoked(name: try Name("ci"))) },
        { .keyRevoked(KeyRevoked(name: try Name("nobody"))) },
        { .keyCreated(KeyCreated(name: try Name("copy"), role: .admin, tokenHash: Samples.digest("token of root"))) },
        { .releaseRejected(ReleaseRejected(id: ReleaseID(try Name("ticket-bot"), 9), reason: "none")) },
        { .versionQuarantined(VersionQuarantined(id: VersionID(try Name("ticket-bot"), 9), reason: "none")) },
    ]

    @Test(arguments: contradictions.indices) func aContradictionChangesNothing(_ index: Int) async throws {
        let before = try await catalog.dump()
        await #expect(throws: CatalogError.self) {
            _ = try await catalog.append(actor: "ada", time: Samples.time(99)) { _ in
                [try Samples.key("in-the-same-command"), try Self.contradictions[index]()]
            }
        }
        #expect(try await catalog.dump() == before)
        #expect(try await catalog.read { try $0.head().seq } == 32)
    }

    @Test func errorsSayWhatToDoInOneLine() throws {
        let model = try Name("ticket-bot")
        let errors: [CatalogError] = [
            .notFound(what: "model", name: "x", near: []), .alreadyExists(what: "key", name: "x"),
            .wrongNumber(what: "version", given: 3, next: 2),
            .channelMoved(model: model, channel: model, expected: nil, actual: 2), .headMoved(expected: 1, actual: 2),
            .canaryEnded(CanaryID(1), state: .judged), .rolloutEnded(RolloutID(1), state: .settled), .keyReused("k"),
            .badKey("k"), .refused("why"),
            .diskFull(path: "p"), .busy(path: "p"), .damaged(path: "p", why: "w"), .newer(path: "p"),
            .notDurable(path: "p", synchronous: 1), .closed, .storage(path: "p", why: "w"),
        ]
        for error in errors {
            #expect(!error.description.utf8.contains(0x0a) && error.description.utf8.contains(0x3a))
        }
    }
}
