import Foundation
import RegistryRecords
import RegistryTypes
import Testing

@testable import RolloutRules

/// Random sequences of everything that can happen: traffic, burns, failures, crashes, clocks that jump, restarts, people.
@Suite struct RandomSequenceTests {
    /// The log of one rollout as far as these tests need it.
    private struct Log {
        var ends: [RolloutState] = []
        var returns = 0
    }

    private let name: Name

    init() throws { name = try Name(Fixture.level) }

    private func observation(_ random: inout Seeded, _ clock: inout Double) -> RolloutObservation {
        switch random.next() % 40 {
        case 0: clock -= 1e6
        case 1: clock += 40 * 86_400
        default: clock += 1
        }
        func counts() -> EventCounts {
            let valid = Int(random.next() % 6)
            return EventCounts(valid: valid, bad: Int(random.next() % UInt64(valid + 1)) * Int(random.next() % 2))
        }
        func burn() -> BurnReading {
            switch random.next() % 8 {
            case 0: .unknown
            case 1: .burning(rate: 20, limit: 14.4)
            default: .calm(rate: 1)
            }
        }
        let arms = ArmCounts(candidate: counts(), heldBack: counts())
        let failures = random.next() % 50 == 0 ? 1 : 0
        let levels =
            random.next() % 10 == 0
            ? [] : [LevelObservation(name: name, counts: arms, burn: burn(), heldBackBurn: burn())]
        return RolloutObservation(
            monotonicSeconds: random.next() % 500 == 0 ? .nan : clock,
            time: Fixture.time(clock.truncatingRemainder(dividingBy: 1e9)),
            requests: arms,
            engineFailures: (failures, Int(random.next() % 60 == 0 ? 1 : 0)),
            levels: levels
        )
    }

    @Test
    func inAHundredThousandStepsEveryStateHasAnExitEveryEndADecisionOneReturnAtMostAPersonAlwaysWins()
        throws
    {
        var random = Seeded(4)
        var steps = 0
        var rollouts = 0
        var seen: [RolloutState: Int] = [:]
        var longest = 0
        while steps < 100_000 {
            rollouts += 1
            let holdback = [0, 0.1, 0.2, 0.5][Int(random.next() % 4)]
            let from: Int? = random.next() % 8 == 0 ? nil : 1
            let record = try Fixture.record(
                probation: [5, 30, 120][Int(random.next() % 3)],
                holdback: from == nil ? 0 : holdback,
                from: from
            )
            var watch = RolloutWatch(record)
            var log = Log()
            var clock = Double(random.next() % 1000)
            var own = 0
            // What the log would not take (a full disk) is asked for again.
            let refuses = random.next() % 4 == 0
            while watch.state == .probation {
                steps += 1
                own += 1
                var actions: [RolloutAction] = []
                switch random.next() % 300 {
                case 0:
                    let end = [RolloutState.rolledBack, .aborted, .superseded][Int(random.next() % 3)]
                    watch.end(as: end)
                    log.ends.append(end)
                    #expect(watch.step(observation(&random, &clock)).isEmpty)
                    #expect(watch.start(at: Fixture.time(0)).isEmpty)
                case 1:
                    watch.crashes += 1
                    actions = watch.start(at: Fixture.time(0))
                case 2...12:
                    watch = try RolloutWatch(record, checkpoint: watch.checkpoint())
                    actions = watch.start(at: Fixture.time(0))
                default:
                    actions = watch.step(observation(&random, &clock))
                }
                let deciding = actions.filter { if case .report = $0 { false } else { true } }
                #expect(deciding.count <= 1)
                if refuses, random.next() % 3 > 0 { continue }
                switch deciding.first {
                case .settle?:
                    watch.end(as: .settled)
                    log.ends.append(.settled)
                case .takeBack(let report)?:
                    #expect(report.cause != nil && from != nil)
                    watch.end(as: .returned)
                    log.ends.append(.returned)
                    log.returns += 1
                default: break
                }
                // A rollout with nothing to go back to may wait for a person; somebody comes in the end.
                if own > 3000 {
                    watch.end(as: .aborted)
                    log.ends.append(.aborted)
                }
            }
            // No move without a decision: the state is what the log was told, once.
            #expect(log.ends == [watch.state])
            #expect(log.returns <= 1)
            for _ in 0..<3 { #expect(watch.step(observation(&random, &clock)).isEmpty) }
            seen[watch.state, default: 0] += 1
            longest = max(longest, own)
        }
        print(
            "\(steps) steps, \(rollouts) rollouts, longest \(longest):",
            seen.map { "\($0.key) \($0.value)" }.sorted()
        )
        #expect(Set(seen.keys) == Set(RolloutState.allCases).subtracting([.probation]))
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func aRestartAtAnyStepGivesTheSameDecisions(_ seed: UInt64) throws {
        let record = try Fixture.record(probation: 80, holdback: 0.3)
        var random = Seeded(seed + 900)
        var clock = 0.0
        var straight = RolloutWatch(record)
        var restarted = RolloutWatch(record)
        for step in 0..<200 where straight.state == .probation {
            // The clock of the next process has another origin, and the first observation only sets it.
            let seen = RolloutObservation(
                monotonicSeconds: Double(step),
                time: Fixture.time(Double(step)),
                requests: observation(&random, &clock).requests,
                levels: observation(&random, &clock).levels
            )
            restarted = try RolloutWatch(record, checkpoint: restarted.checkpoint())
            _ = restarted.step(RolloutObservation(monotonicSeconds: Double(step) + 5000, time: seen.time))
            let expected = straight.step(seen)
            let actual = restarted.step(
                RolloutObservation(
                    monotonicSeconds: Double(step) + 5000 + (step == 0 ? 0 : 1),
                    time: seen.time,
                    requests: seen.requests,
                    levels: seen.levels
                )
            )
            #expect(expected == actual, "step \(step)")
            for action in expected {
                switch action {
                case .settle: straight.end(as: .settled)
                case .takeBack: straight.end(as: .returned)
                case .report: break
                }
            }
        }
    }

    @Test func aStoredWatchThatIsBrokenOrOfAnotherRolloutIsRefusedAndNeverBelieved() throws {
        let record = try Fixture.record()
        let watch = RolloutWatch(record)
        let bytes = try watch.checkpoint()
        let text = String(decoding: bytes, as: UTF8.self)
        let broken = [
            "", "{}", "null", "[]", String(text.dropLast(1)),
            text.replacingOccurrences(of: "\"watchedSeconds\":0", with: "\"watchedSeconds\":-1"),
            text.replacingOccurrences(of: "[0,0,0,0,0,0,0,0,0]", with: "[0,0,0]"),
            text.replacingOccurrences(of: "[0,0,0,0,0,0,0,0,0]", with: "[0,0,0,0,0,0,0,0,1e999]"),
        ]
        for text in broken {
            #expect(throws: RolloutRulesError.unreadableCheckpoint(RolloutID(1))) {
                _ = try RolloutWatch(record, checkpoint: Data(text.utf8))
            }
        }
        let others = [
            try Fixture.record(probation: 61), try Fixture.record(holdback: 0.1),
            try Fixture.record(levels: ["other"]), try Fixture.record(triggers: []),
        ]
        for other in others {
            #expect(throws: RolloutRulesError.foreignCheckpoint(RolloutID(1))) {
                _ = try RolloutWatch(other, checkpoint: bytes)
            }
        }
        for length in 0..<bytes.count { _ = try? RolloutWatch(record, checkpoint: bytes.prefix(length)) }
        #expect(try RolloutWatch(record, checkpoint: bytes) == watch)
    }
}
