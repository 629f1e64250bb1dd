import Catalog
import Foundation
import GRDB
import RegistryTypes
import TestSupport
import Testing

@Suite struct RebuildTests {
    let scratch: ScratchFolder

    init() throws { scratch = try ScratchFolder() }

    @Test func replayingTheLogGivesTheSameTablesByteForByte() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        let story =
            try Samples.story() + Samples.rollouts() + Samples.drifts() + [
                Samples.evaluationStarted(2, release: 3), Samples.lineageAdded(to: 3), Samples.quarantineLifted(2),
            ]
        try await catalog.append(story)
        let before = try await catalog.dump()
        let report = try await catalog.rebuild()
        #expect(report.isEqual)
        #expect(report.events == story.count)
        #expect(
            report.tables.map(\.name) == [
                "blob", "canary", "channel", "channelMove", "decision", "document", "drift", "driftBaseline",
                "evaluation", "evaluationJob", "hold", "incident", "incidentEntry", "key", "model", "prompt",
                "rejection", "release",
                "releaseCrash", "rollout",
                "traffic", "version", "versionFile",
            ]
        )
        #expect(report.tables.allSatisfy { $0.rows > 0 })
        #expect(try await catalog.dump() == before)
        #expect(try await catalog.checkIntegrity().isIntact)
        // Foreign keys are in force again.
        await #expect(throws: CatalogError.self) {
            try await catalog.append([try Samples.move(from: 1, to: 3, decision: 99)])
        }
        try await catalog.append([try Samples.key("after")])
    }

    @Test func aProjectionThatWasTamperedWithIsNoticedAndHealed() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append(try Samples.story() + Samples.rollouts() + Samples.drifts())
        let before = try await catalog.dump()
        try await catalog.close()
        try await DatabaseQueue(path: scratch.catalog).write { database in
            try database.execute(sql: "UPDATE channel SET release = 2 WHERE channel = 'production'")
            try database.execute(sql: "DROP TABLE evaluation; CREATE TABLE stray (x)")
        }
        let again = try Catalog.open(path: scratch.catalog)
        let report = try await again.rebuild()
        #expect(report.tables.filter { !$0.isEqual }.map(\.name) == ["channel", "evaluation"])
        #expect(try await again.dump() == before)
    }

    @Test func aBuildWithOtherTablesReplaysThemWhenItOpensTheFile() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append(try Samples.story() + Samples.rollouts() + Samples.drifts())
        let before = try await catalog.dump()
        try await catalog.close()
        try await DatabaseQueue(path: scratch.catalog).write { database in
            try database.execute(sql: "UPDATE setting SET value = 'of another build' WHERE name = 'projections'")
            try database.execute(sql: "DROP TABLE hold; DROP TABLE channel; ALTER TABLE key ADD COLUMN old TEXT")
        }
        #expect(try await Catalog.open(path: scratch.catalog).dump() == before)
    }

    @Test func aLogThatCannotBeReplayedLeavesTheTablesAsTheyWere() async throws {
        let catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append(try Samples.story() + Samples.rollouts() + Samples.drifts())
        let before = try await catalog.dump()
        try await DatabaseQueue(path: scratch.catalog).write { database in
            try database.execute(sql: "DROP TRIGGER event_is_never_updated")
            try database.execute(sql: "UPDATE event SET body = '{}' WHERE seq = 4")
        }
        await #expect(throws: CatalogError.self) { _ = try await catalog.rebuild() }
        #expect(try await catalog.dump() == before)
    }
}
