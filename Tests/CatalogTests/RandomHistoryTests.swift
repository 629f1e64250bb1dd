import Catalog
import Foundation
import RegistryRecords
import RegistryTypes
import TestSupport
import Testing

/// Long random histories against a model of a few lines: the tables agree with it at every step and after a replay.
@Suite struct RandomHistoryTests {
    /// What a history should lead to.
    private struct Model {
        var moves: [(channel: String, to: Int, settled: Bool)] = []
        var quarantined: Set<Int> = []

        func live(_ channel: String) -> Int? { moves.last { $0.channel == channel }?.to }

        func lastSettled(_ channel: String) -> Int? {
            moves.last { move in
                move.channel == channel && move.settled && move.to != live(channel) && !quarantined.contains(move.to)
            }?.to
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func tablesAgreeWithTheModel(_ seed: UInt64) async throws {
        let scratch = try ScratchFolder()
        let catalog = try Catalog.open(path: scratch.catalog)
        let name = try Name("ticket-bot")
        try await catalog.append([try Samples.prompt(1)])
        for number in 1...6 {
            try await catalog.append([try Samples.version(number), try Samples.release(number, version: number)])
        }
        var model = Model()
        var state = seed
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        for step in 0..<150 {
            let channel = ["production", "staging"][random(2)]
            let release = random(6) + 1
            let event: RegistryEvent
            var next = model
            var isAllowed = true
            switch random(20) {
            case 0:
                event = .releaseRejected(
                    ReleaseRejected(id: ReleaseID(name, release), channel: try Name(channel), reason: "step \(step)")
                )
                // What settled there before no longer counts; what settles there afterwards does.
                for index in next.moves.indices
                where next.moves[index].to == release && next.moves[index].channel == channel {
                    next.moves[index].settled = false
                }
            case 1:
                event = .versionQuarantined(VersionQuarantined(id: VersionID(name, release), reason: "step \(step)"))
                next.quarantined.insert(release)
            default:
                // Now and then somebody decided on a state that is no longer there.
                let from = random(5) == 0 ? random(7) : model.live(channel)
                let settled = random(3) > 0
                event = try Samples.move(from: from, to: release, settled: settled, channel: channel)
                isAllowed = from == model.live(channel) && from != release
                next.moves.append((channel, release, settled))
            }
            let accepted: Bool
            do {
                try await catalog.append([event])
                accepted = true
            } catch is CatalogError {
                accepted = false
            }
            #expect(accepted == isAllowed, "seed \(seed), step \(step)")
            if accepted { model = next }
            for channel in ["production", "staging"] {
                let (live, settled) = try await catalog.read { state in
                    (
                        try state.liveRelease(name, Name(channel)), try state.lastSettled(name, Name(channel))
                    )
                }
                #expect(live == model.live(channel), "seed \(seed), step \(step)")
                #expect(settled == model.lastSettled(channel), "seed \(seed), step \(step)")
            }
        }
        #expect(try await catalog.rebuild().isEqual)
        #expect(try await catalog.verifyChain().isIntact)
        #expect(try await catalog.checkIntegrity().isIntact)
    }
}
