import Catalog
import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing

/// Where a rollback goes.
@Suite struct RollbackTargetTests {
    let scratch: ScratchFolder
    let catalog: Catalog

    init() async throws {
        scratch = try ScratchFolder()
        catalog = try Catalog.open(path: scratch.catalog)
        try await catalog.append([try Samples.prompt(1)])
        for number in 1...4 {
            try await catalog.append([try Samples.version(number), try Samples.release(number, version: number)])
        }
    }

    private func target() async throws -> Int? {
        try await catalog.read { try $0.lastSettled(Name("ticket-bot"), Name("production")) }
    }

    @Test func theFirstReleaseHasNothingBehindIt() async throws {
        #expect(try await target() == nil)
        try await catalog.append([try Samples.move(from: nil, to: 1)])
        #expect(try await target() == nil)
    }

    @Test func itIsTheNewestSettledOneThatIsNotLive() async throws {
        try await catalog.append([
            try Samples.move(from: nil, to: 1), try Samples.move(from: 1, to: 2), try Samples.move(from: 2, to: 3),
        ])
        #expect(try await target() == 2)
        try await catalog.append([try Samples.move(from: 3, to: 2, how: .rolledBack)])
        #expect(try await target() == 3)
    }

    @Test func oneThatWasMovedByOverrideIsPassedOver() async throws {
        try await catalog.append([
            try Samples.move(from: nil, to: 1), try Samples.move(from: 1, to: 2, how: .overridden, settled: false),
            try Samples.move(from: 2, to: 3),
        ])
        #expect(try await target() == 1)
    }

    @Test func rejectedAndQuarantinedOnesArePassedOver() async throws {
        let model = try Name("ticket-bot")
        try await catalog.append([
            try Samples.move(from: nil, to: 1), try Samples.move(from: 1, to: 2), try Samples.move(from: 2, to: 3),
            try Samples.move(from: 3, to: 4),
            .releaseRejected(ReleaseRejected(id: ReleaseID(model, 3), reason: "slow")),
        ])
        #expect(try await target() == 2)
        try await catalog.append([.versionQuarantined(VersionQuarantined(id: VersionID(model, 2), reason: "dies"))])
        #expect(try await target() == 1)
    }

    @Test func oneThatSettledAgainAfterARejectionCountsAgain() async throws {
        let model = try Name("ticket-bot")
        try await catalog.append([
            try Samples.move(from: nil, to: 1), try Samples.move(from: 1, to: 2),
            try Samples.move(from: 2, to: 1, how: .rolledBack),
            .releaseRejected(ReleaseRejected(id: ReleaseID(model, 2), reason: "slow")),
        ])
        #expect(try await target() == nil)
        try await catalog.append([try Samples.move(from: 1, to: 2), try Samples.move(from: 2, to: 3)])
        #expect(try await target() == 2)
    }

    @Test func channelsDoNotMix() async throws {
        try await catalog.append([
            try Samples.move(from: nil, to: 1, channel: "staging"),
            try Samples.move(from: 1, to: 2, channel: "staging"),
            try Samples.move(from: nil, to: 3),
        ])
        #expect(try await target() == nil)
    }
}
