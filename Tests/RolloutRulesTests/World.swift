import Foundation
import RegistryRecords
import RegistryTypes
import RolloutRules
import ServiceLevels
import UserDocuments

/// Simulated traffic under a rollout: requests come at random, go to one of the releases by a coin, and are bad with
/// the probability of their release. The burn is judged by the rule and the windows of the service levels.
struct World {
    var requestsPerSecond = 5.0
    var holdback = 0.2
    var probation = 60.0
    /// Probability that an answer of the release, and of the held-back one, is bad at a second.
    var badShare: (Double) -> (candidate: Double, heldBack: Double) = { _ in (0.01, 0.01) }
    var target = 0.99
    var limit = 14.4
    var longSeconds = 60
    var shortSeconds = 10
    var triggers: [RollbackTrigger] = [
        .burn(rate: 14.4, longSeconds: 60, shortSeconds: 5), .worseThanPrevious(what: "bad answers", error: 0.01),
    ]
    /// Sticky keys that all traffic comes from; nil for a coin per request.
    var keys: Int?
    /// Service levels that are watched besides the one with traffic.
    var otherLevels = 0
    /// Longest run in seconds.
    var longest = 3600

    /// How a run ended.
    struct Outcome {
        var end: RolloutState
        var seconds: Int
        var requests: Int
        var candidateRequests: Int
        var badAnswers: Int
        var firstBadSecond: Int?
        var cause: RolloutCause.Kind?
        var reports: [BurnCause] = []
    }

    /// The rule, with its costly question (whether the share of bad events is over the budget beyond doubt, whatever the
    /// short window says) asked once for the same counts: thousands of runs see the same ones.
    private final class Verdicts {
        private var known: [SLICounts: Bool] = [:]

        func isBurning(_ rule: BurnRule, _ long: SLICounts, _ short: SLICounts) -> Bool? {
            let plain = BurnRule(
                budget: rule.budget,
                rate: rule.rate,
                isClamped: rule.isClamped,
                minimumBad: rule.minimumBad,
                alpha: nil
            )
            guard plain.isBurning(long: long, short: short) == true else {
                return plain.isBurning(long: long, short: short)
            }
            if let known = known[long] { return known }
            let isBurning = rule.isBurning(long: long, short: long)
            known[long] = isBurning
            return isBurning
        }
    }

    private let verdicts = Verdicts()

    /// Whether one release burns, as the service levels say.
    private struct Burn {
        var windows: BurnWindows
        let rule: BurnRule
        let long: Int
        let short: Int
        let verdicts: Verdicts

        init(_ world: World) {
            (long, short) = (world.longSeconds, world.shortSeconds)
            verdicts = world.verdicts
            windows = BurnWindows(windows: [long, short])
            rule = BurnRule(rate: world.limit, budget: 1 - world.target)
        }

        mutating func reading(adding counts: EventCounts, at second: Int) -> BurnReading {
            windows.add(SLICounts(valid: counts.valid, bad: counts.bad), at: 1_795_000_000 + Int64(second))
            guard let long = windows.counts(last: long), let short = windows.counts(last: short),
                let share = long.badShare, let isBurning = verdicts.isBurning(rule, long, short)
            else { return .unknown }
            let rate = share / rule.budget
            return isBurning ? .burning(rate: rate, limit: rule.rate) : .calm(rate: rate)
        }
    }

    func run(_ seed: UInt64) throws -> Outcome {
        var random = Seeded(seed &+ 1)
        var watch = RolloutWatch(
            try Fixture.record(
                probation: probation,
                holdback: holdback,
                triggers: triggers,
                levels: [Fixture.level] + (0..<otherLevels).map { "other-\($0)" }
            )
        )
        let name = try Name(Fixture.level)
        var candidate = Burn(self)
        var heldBack = Burn(self)
        var outcome = Outcome(end: .probation, seconds: 0, requests: 0, candidateRequests: 0, badAnswers: 0)
        let isHeldKey = (0..<(keys ?? 0)).map { _ in random.uniform() < holdback }
        for second in 0..<longest {
            let share = badShare(Double(second))
            var counts = (valid: [0, 0], bad: [0, 0])
            for _ in 0..<random.poisson(requestsPerSecond) {
                let isHeld =
                    isHeldKey.isEmpty
                    ? random.uniform() < holdback : isHeldKey[Int(random.next() % UInt64(isHeldKey.count))]
                let arm = isHeld ? 1 : 0
                counts.valid[arm] += 1
                if random.uniform() < (isHeld ? share.heldBack : share.candidate) { counts.bad[arm] += 1 }
            }
            let arms = ArmCounts(
                candidate: EventCounts(valid: counts.valid[0], bad: counts.bad[0]),
                heldBack: EventCounts(valid: counts.valid[1], bad: counts.bad[1])
            )
            let burn = candidate.reading(adding: arms.candidate, at: second)
            let heldBackBurn = heldBack.reading(adding: arms.heldBack, at: second)
            outcome.requests += arms.valid
            outcome.candidateRequests += counts.valid[0]
            outcome.badAnswers += counts.bad[0]
            if counts.bad[0] > 0, outcome.firstBadSecond == nil { outcome.firstBadSecond = second }
            outcome.seconds = second + 1
            let actions = watch.step(
                RolloutObservation(
                    monotonicSeconds: Double(second),
                    time: Fixture.time(Double(second)),
                    requests: ArmCounts(
                        candidate: EventCounts(valid: counts.valid[0]),
                        heldBack: EventCounts(valid: counts.valid[1])
                    ),
                    levels: [
                        LevelObservation(
                            name: name,
                            counts: arms,
                            burn: burn,
                            heldBackBurn: heldBackBurn
                        )
                    ]
                )
            )
            for action in actions {
                switch action {
                case .settle:
                    watch.end(as: .settled)
                    outcome.end = .settled
                    return outcome
                case .takeBack(let report):
                    watch.end(as: .returned)
                    outcome.end = .returned
                    outcome.cause = report.cause?.kind
                    return outcome
                case .report(let report):
                    if let burn = report.burn { outcome.reports.append(burn) }
                }
            }
        }
        return outcome
    }
}
