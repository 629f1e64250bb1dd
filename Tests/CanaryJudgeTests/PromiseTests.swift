import CanaryJudge
import Foundation
import RegistryRecords
import RegistryTypes
import Statistics
import Testing
import UserDocuments

/// The promises of the judge: no false alarm beyond 1 % of runs, no wrong pass beyond 5 % of checks (1 % for
/// critical ones). Shares of yes/no outcomes are computed exactly, the rest is simulated with a fixed seed; the
/// large simulation runs with `SERIN_TEST_FULL=1`.
struct PromiseTests {
    static let isFull = ProcessInfo.processInfo.environment["SERIN_TEST_FULL"] == "1"

    /// Exact probability that a paired yes/no check passes, over all numbers of flips each way.
    static func passProbability(pairs: Int, worse: Double, better: Double, margin: Double, alpha: Double) -> Double {
        let discordant = worse + better
        let spread = 12 * (Double(pairs) * discordant).squareRoot() + 20
        let low = max(0, Int(Double(pairs) * discordant - spread))
        let high = min(pairs, Int(Double(pairs) * discordant + spread))
        var total = 0.0
        for flips in low...high {
            // The bound grows with the flips for the worse, so the passing ones are the first few.
            var passing = -1
            var failing = flips + 1
            while failing - passing > 1 {
                let middle = (failing + passing) / 2
                let upper = Tango(onlyCandidateBad: middle, onlyBaselineBad: flips - middle, pairs: pairs)?
                    .upper(alpha: alpha)
                if let upper, upper < margin { passing = middle } else { failing = middle }
            }
            guard passing >= 0 else { continue }
            let chance = Binomial.pmf(flips, n: pairs, p: discordant) ?? 0
            let share = discordant > 0 ? worse / discordant : 0
            total += chance * (Binomial.cdf(passing, n: flips, p: share) ?? 0)
        }
        return total
    }

    @Test(arguments: [200, 500, 1000, 2000, 4000], [0.0, 0.005, 0.01, 0.02, 0.05])
    func aCandidateAtTheMarginPassesAsRarelyAsPromised(pairs: Int, extra: Double) {
        for (margin, alpha) in [(0.02, 0.05), (0.02, 0.01), (0.01, 0.05), (0.05, 0.05)] {
            let chance = Self.passProbability(
                pairs: pairs,
                worse: margin + extra / 2,
                better: extra / 2,
                margin: margin,
                alpha: alpha
            )
            // Flips are whole numbers, so a score bound misses its level by a little where they are few.
            #expect(chance <= 1.25 * alpha, "n \(pairs), margin \(margin), \(chance)")
        }
    }

    /// The demo: 2,000 pairs, margin 2 points, critical. A candidate 0.3 points worse passes nearly always.
    @Test func theDemosDesignHasThePowerItNeeds() {
        let least = [
            (0.005, 0.003, 0.9999), (0.01, 0.003, 0.999), (0.02, 0.003, 0.99), (0.02, 0, 0.999), (0.03, 0, 0.99),
        ]
        for (discordant, difference, power) in least {
            let chance = Self.passProbability(
                pairs: 2000,
                worse: (discordant + difference) / 2,
                better: (discordant - difference) / 2,
                margin: 0.02,
                alpha: 0.01
            )
            #expect(chance > power, "discordant \(discordant), difference \(difference): \(chance)")
        }
        // And 200 requests hardly ever pass it, however equal the releases are.
        for discordant in [0.0, 0.01, 0.03] {
            let chance = Self.passProbability(
                pairs: 200,
                worse: discordant / 2,
                better: discordant / 2,
                margin: 0.02,
                alpha: 0.01
            )
            #expect(chance < 0.15, "\(chance)")
        }
    }

    @Test(.enabled(if: isFull, "set SERIN_TEST_FULL=1 for the power table"))
    func powerTable() {
        for (margin, pairs) in [(0.02, 2000), (0.02, 200), (0.01, 2000)] {
            for discordant in [0.0, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1] {
                let cells = [0.0, 0.003, 0.005, 0.01].map { difference -> String in
                    guard difference <= discordant else { return "-" }
                    let chance = Self.passProbability(
                        pairs: pairs,
                        worse: (discordant + difference) / 2,
                        better: (discordant - difference) / 2,
                        margin: margin,
                        alpha: 0.01
                    )
                    return String(format: "%.5f", chance)
                }
                print("TABLE margin \(margin) n \(pairs) discordant \(discordant)", cells.joined(separator: " "))
            }
        }
    }

    @Test(.enabled(if: isFull, "set SERIN_TEST_FULL=1 for the power table"))
    func flipsThatStillPass() {
        for (margin, alpha) in [(0.02, 0.01), (0.01, 0.01), (0.01, 0.05)] {
            let rows = [0, 10, 20, 30, 40, 50, 60, 80, 100, 120].map { flips -> String in
                let most = (0...flips).last { worse in
                    let tango = Tango(onlyCandidateBad: worse, onlyBaselineBad: flips - worse, pairs: 2000)
                    return (tango?.upper(alpha: alpha) ?? 1) < margin
                }
                return "\(flips): \(most.map { "\($0) to \(flips - $0)" } ?? "none")"
            }
            print(
                "TABLE most flips that pass, 2000 pairs, margin \(margin), alpha \(alpha):",
                rows.joined(separator: ", ")
            )
        }
    }

    // MARK: Simulated worlds

    /// What a world does to the candidate.
    struct Change: Sendable {
        var slowdown = 0.0
        var accuracy = 0.0
        var tokens = 0.0
        var rating = 0.0
    }

    static let definitions: [CheckDefinition] = [
        .make("exact_match", .binary, worse: .lower, margin: 0.02),
        .make("available", .binary, worse: .lower, margin: 0.01) { $0.exactWhenFew = true },
        .make("ttft", .duration, margin: 0.05) { $0.tailFactor = 1.5 },
        .make("tokens", .amount, margin: 0.1),
        .make("rating", .score, worse: .lower, margin: 0.02),
    ]

    /// Pairs of a service with 92 % accuracy of which 4.8 % flip by chance, 1 % errors, 15 % run noise per arm and
    /// half of a percent of spikes, tokens that follow the request, and scores that mostly agree.
    static func world(_ pairs: Int, _ change: Change, _ random: inout Seeded) -> [String: MetricSamples] {
        var samples: [String: MetricSamples] = [:]
        func add(_ metric: String, _ baseline: Double, _ candidate: Double) {
            samples[metric, default: MetricSamples(baseline: [], candidate: [])].baseline.append(baseline)
            samples[metric, default: MetricSamples(baseline: [], candidate: [])].candidate.append(candidate)
        }
        for _ in 0..<pairs {
            let draw = random.uniform()
            let flips = 0.048 + change.accuracy
            let better = 0.024
            if draw < flips - better {
                add("exact_match", 1, 0)
            } else if draw < flips {
                add("exact_match", 0, 1)
            } else {
                let good: Double = random.uniform() < 0.92 ? 1 : 0
                add("exact_match", good, good)
            }
            add("available", random.uniform() < 0.01 ? 0 : 1, random.uniform() < 0.01 ? 0 : 1)
            let size = exp(0.6 * random.normal())
            func time(_ factor: Double) -> Double {
                400 * size * exp(0.15 * random.normal()) * factor * (random.uniform() < 0.005 ? 4 : 1)
            }
            add("ttft", time(1), time(1 + change.slowdown))
            let length = (100 * size).rounded()
            // exp(0.3 z) has mean exp(0.045): taken out, so that "no change" is none.
            add("tokens", length, length * (1 + change.tokens) * exp(0.3 * random.normal() - 0.045))
            let rating = 0.5 + 0.2 * random.normal()
            add("rating", rating, rating + (random.uniform() < 0.3 ? 0.15 * random.normal() : 0) - change.rating)
        }
        return samples
    }

    /// Runs beyond which a promise of `rate` counts as broken: two standard errors.
    static func limit(_ rate: Double, runs: Int) -> Int {
        let count = Double(runs)
        return Int(rate * count + 2 * (count * rate * (1 - rate)).squareRoot())
    }

    static let sizes = isFull ? [(200, 3000), (500, 2000), (2000, 800)] : [(200, 150), (500, 100)]

    @Test(arguments: sizes)
    func noChangeIsHardlyEverFailed(pairs: Int, runs: Int) {
        var random = Seeded(UInt64(pairs))
        var failed = 0
        for _ in 0..<runs {
            let samples = Self.world(pairs, Change(), &random)
            if judge(Self.definitions, samples: samples).verdict == .fail { failed += 1 }
        }
        if Self.isFull { print("TABLE no change, n \(pairs), \(runs) runs: \(failed) failed") }
        #expect(failed <= Self.limit(0.01, runs: runs), "\(failed) of \(runs)")
    }

    @Test(arguments: sizes)
    func aChangeAtTheMarginIsHardlyEverPassed(pairs: Int, runs: Int) {
        var random = Seeded(UInt64(pairs) + 1)
        let atMargin = Change(slowdown: 0.05, accuracy: 0.02, tokens: 0.1, rating: 0.02)
        var passed: [String: Int] = [:]
        var passedRuns = 0
        for _ in 0..<runs {
            let judgment = judge(Self.definitions, samples: Self.world(pairs, atMargin, &random))
            if judgment.verdict == .pass { passedRuns += 1 }
            for check in judgment.checks where check.verdict == .pass && check.aspect != "tail" {
                passed[check.metric, default: 0] += 1
            }
        }
        if Self.isFull { print("TABLE at the margin, n \(pairs), \(runs) runs:", passed.sorted { $0.key < $1.key }) }
        // The log ratio of means is skewed where few requests carry the sum: at 200 pairs its level is 6 to 7 %
        // instead of 5 (the design measured the same), from 500 on it holds.
        let levels = ["exact_match": 0.05, "ttft": 0.05, "tokens": pairs < 500 ? 0.07 : 0.05, "rating": 0.05]
        for (metric, level) in levels {
            let count = passed[metric, default: 0]
            #expect(count <= Self.limit(level, runs: runs), "\(metric): \(count) of \(runs)")
        }
        #expect(passedRuns <= Self.limit(0.01, runs: runs))
    }
}
