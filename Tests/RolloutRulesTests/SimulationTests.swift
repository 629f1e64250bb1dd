import Foundation
import RegistryRecords
import RegistryTypes
import RolloutRules
import Testing
import UserDocuments

/// Seeded promotions on a virtual clock: how often a withinMargin release is returned, and how soon a bad one.
@Suite struct SimulationTests {
    private static let isFull = ProcessInfo.processInfo.environment["SERIN_TEST_FULL"] == "1"
    /// Promotions per table row.
    private static let runs = 2000

    /// The policy's promise: at most 1 % and two standard errors.
    private static func maxReturned(_ runs: Int) -> Int {
        let promise = 0.01 * Double(runs)
        return Int((promise + 2 * (promise * 0.99).squareRoot()).rounded(.down))
    }

    private func returned(_ world: World, salt: UInt64) throws -> (returned: Int, endless: Int, reports: Int) {
        var count = (returned: 0, endless: 0, reports: 0)
        for seed in 0..<UInt64(Self.runs) {
            let outcome = try world.run(seed &* 1009 &+ salt)
            if outcome.end == .returned { count.returned += 1 }
            if outcome.end == .probation { count.endless += 1 }
            count.reports = max(count.reports, outcome.reports.count)
        }
        return count
    }

    @Test(arguments: [0.1, 0.2, 0.5])
    func aReleaseWithoutADifferenceIsReturnedInAtMost1OfPromotions(_ holdback: Double) throws {
        let rows = [(0.01, 5.0), (0.2, 5.0), (0.002, 5.0), (0.05, 2.0), (0.5, 1.0), (0.02, 30.0)]
        for (row, (bad, rate)) in rows.prefix(Self.isFull ? 6 : 2).enumerated() {
            var world = World()
            (world.requestsPerSecond, world.holdback) = (rate, holdback)
            world.badShare = { _ in (bad, bad) }
            // The service level that fits the service: what is normal does not burn.
            world.target = 1 - min(0.06, bad * 2)
            world.longest = 300
            let count = try returned(world, salt: UInt64(row))
            print("no difference, \(holdback) held back, \(bad) bad, \(rate)/s: \(count) of \(Self.runs)")
            #expect(count.returned <= Self.maxReturned(Self.runs))
        }
    }

    @Test(arguments: [0.1, 0.2, 0.5])
    func anIncidentOfBothReleasesReturnsAtMost1OfPromotions(_ holdback: Double) throws {
        let rows = [(0.15, 0.0, 5.0), (0.5, 10.0, 5.0), (1.0, 20.0, 5.0), (0.3, 20.0, 1.0), (0.5, 0.0, 30.0)]
        for (row, (bad, start, rate)) in rows.prefix(Self.isFull ? 5 : 2).enumerated() {
            var world = World()
            (world.requestsPerSecond, world.holdback) = (rate, holdback)
            // It lasts longer than the probation, then it is over.
            world.badShare = { second in second >= start && second < start + 60 ? (bad, bad) : (0.01, 0.01) }
            world.longest = 300
            let count = try returned(world, salt: 100 + UInt64(row))
            print(
                "shared incident, \(holdback) held back, \(bad) bad from \(start) s, \(rate)/s: \(count) of \(Self.runs)"
            )
            #expect(count.returned <= Self.maxReturned(Self.runs))
            #expect(count.endless == 0)
        }
    }

    @Test func stickyKeysAreNoEvidenceFewOfThemShareAnIncidentAndOneAloneIsTakenAtItsWord() throws {
        var world = World()
        (world.holdback, world.longest, world.keys) = (0.2, 200, 40)
        world.badShare = { second in (5..<60).contains(second) ? (0.4, 0.4) : (0.01, 0.01) }
        let count = try returned(world, salt: 500)
        print("shared incident, 40 sticky keys: \(count) of \(Self.runs)")
        #expect(count.returned <= Self.maxReturned(Self.runs))
        // All traffic is of one caller: nobody is held back, and nothing tells the release from its surroundings.
        world.keys = 1
        let alone = try (0..<UInt64(100)).map { try world.run($0) }
        #expect(alone.filter { $0.end == .returned }.allSatisfy { $0.cause == .burn && $0.candidateRequests > 0 })
        #expect(alone.filter { $0.candidateRequests == 0 }.allSatisfy { $0.end == .probation && $0.reports.isEmpty })
        #expect(alone.contains { $0.end == .returned } && alone.contains { $0.candidateRequests == 0 })
    }

    @Test func twoInAHundredBecomeTen() throws {
        for holdback in [0.1, 0.2, 0.5] {
            var world = World()
            (world.holdback, world.probation, world.longest) = (holdback, 1e9, 20_000)
            world.triggers = [.worseThanPrevious(what: "bad answers", error: 0.01)]
            world.badShare = { _ in (0.1, 0.02) }
            let outcomes = try (0..<UInt64(200)).map { try world.run($0) }
            let needed = outcomes.map(\.requests).sorted()
            let bad = outcomes.map(\.badAnswers).sorted()
            print(
                "2 -> 10 % bad, \(holdback) held back: requests to return median \(needed[100]), 95 % \(needed[190]);",
                "bad answers median \(bad[100]), 95 % \(bad[190])"
            )
            #expect(outcomes.allSatisfy { $0.end == .returned })
            #expect(needed[100] < 2500)
        }
    }

    @Test func theDemosNumbers() throws {
        for holdback in Self.isFull ? [0.0, 0.2, 0.3, 0.5] : [0.5] {
            for bad in Self.isFull ? [0.15, 0.3, 0.45, 0.6] : [0.6] {
                for others in [0, 6] {
                    var world = World()
                    (world.holdback, world.probation, world.longest) = (holdback, 1e9, 2000)
                    world.badShare = { _ in (bad, 0.01) }
                    world.otherLevels = others
                    let outcomes = try (0..<UInt64(200)).map { try world.run($0) }
                    let seconds = outcomes.map { $0.seconds - ($0.firstBadSecond ?? 0) }.sorted()
                    let answers = outcomes.map(\.badAnswers).sorted()
                    print(
                        "5/s, 1 -> \(bad) bad, \(holdback) held back, \(1 + others) levels:",
                        "seconds since the first bad answer median \(seconds[100]), 95 % \(seconds[190]);",
                        "bad answers median \(answers[100]), 95 % \(answers[190])",
                        "by \(Set(outcomes.compactMap { $0.cause?.rawValue }).sorted())"
                    )
                    #expect(outcomes.allSatisfy { $0.end == .returned })
                }
            }
        }
    }
}
