import RegistryRecords
import RegistryTypes
import Testing
import UserDocuments

@testable import RolloutRules

/// What one key asks takes no release back, keeps none from settling and hides no break, where other keys contradict it; a
/// break that is everybody's is taken back as fast as ever (decision 21).
@Suite struct OneKeyTests {
    /// Bad and all events of one key in a second.
    struct Key {
        let name: String
        var candidate = (bad: 0, valid: 0)
        var heldBack = (bad: 0, valid: 0)
    }

    /// How a watch ended.
    struct End: Equatable {
        var state = RolloutState.probation
        var second = -1
        var sentence = ""
        var reports: [BurnCause] = []
        var tickets = 0
    }

    /// A burn is what the events of the last 60 seconds say.
    private func run(
        _ keys: [Key],
        later: [Key]? = nil,
        from second: Int = 20,
        holdback: Double = 0.2,
        namesKeys: Bool = true,
        restarts: Bool = false
    ) throws -> End {
        let record = try Fixture.record(holdback: holdback)
        var watch = RolloutWatch(record)
        var end = End()
        var totals = EventCounts()
        for time in 0..<120 {
            if restarts, time % 10 == 5 { watch = try RolloutWatch(record, checkpoint: watch.checkpoint()) }
            let events = try (time < second ? keys : later ?? keys).map { key in
                CallerEvents(
                    key: try Name(key.name),
                    counts: ArmCounts(
                        candidate: EventCounts(valid: key.candidate.valid, bad: key.candidate.bad),
                        heldBack: EventCounts(valid: key.heldBack.valid, bad: key.heldBack.bad)
                    )
                )
            }
            let counts = events.reduce(ArmCounts()) { $0 + $1.counts }
            totals = totals + counts.candidate
            let rate = Double(totals.bad) / Double(max(1, totals.valid)) / 0.01
            let isBurning = rate > 14.4 && totals.bad >= 3 && totals.valid >= 10
            let actions = watch.step(
                RolloutObservation(
                    monotonicSeconds: Double(time),
                    time: Fixture.time(Double(time)),
                    requests: ArmCounts(
                        candidate: EventCounts(valid: counts.candidate.valid),
                        heldBack: EventCounts(valid: counts.heldBack.valid)
                    ),
                    served: counts.candidate,
                    levels: [
                        LevelObservation(
                            name: try Name(Fixture.level),
                            counts: counts,
                            burn: isBurning ? .burning(rate: rate, limit: 14.4) : .calm(rate: rate),
                            heldBackBurn: .calm(rate: 0),
                            budget: 0.01,
                            callers: namesKeys ? events : []
                        )
                    ]
                )
            )
            for action in actions {
                switch action {
                case .settle(let report): (end.state, end.sentence) = (.settled, report.result.sentence)
                case .takeBack(let report): (end.state, end.sentence) = (.returned, report.result.sentence)
                case .report(let report):
                    end.reports += [report.burn].compactMap { $0 }
                    if report.severity == .ticket { end.tickets += 1 }
                }
            }
            end.second = time
            if end.state != .probation { return end }
        }
        return end
    }

    private let shop = Key(name: "shop", candidate: (2, 5), heldBack: (0, 5))
    private let market = Key(name: "market", candidate: (0, 3), heldBack: (0, 1))
    private let judge = Key(name: "judge", candidate: (0, 2), heldBack: (0, 1))

    /// With a held-back share and without one: it stays, it settles in its time, and it is said.
    @Test(arguments: [0.2, 0], [false, true])
    func oneKeyTakesNothingBack(_ holdback: Double, _ restarts: Bool) throws {
        let end = try run([shop, market, judge], holdback: holdback, restarts: restarts)
        #expect(end.state == .settled && (60...70).contains(end.second))
        #expect(end.reports == [.oneKey] && end.tickets == 1, "said once, and pages nobody")
        #expect(end.sentence.contains("bad answers are of one key, shop; other keys have 0 of "))
        #expect(end.sentence.hasSuffix("nothing is moved by what one key asks"))
    }

    /// Of one or two keys nobody can tell which is odd: all counts, and it is said whose answers they are.
    @Test func ofTwoKeysEverythingCounts() throws {
        let alone = try run([shop])
        #expect(alone.state == .returned)
        let two = try run([shop, market])
        #expect(two.state == .returned && two.sentence.contains("are of one key, shop"))
    }

    /// What is bad for everybody goes back in the same second as if nobody looked at keys, whoever asks most, and also
    /// where one key asks ten thousand easy questions.
    @Test(arguments: [0.2, 0])
    func aBreakOfAllIsAsFast(_ holdback: Double) throws {
        let bad = ["shop", "market", "judge"].enumerated().map { index, name in
            Key(name: name, candidate: (index + 1, 2 * (index + 1)), heldBack: (0, index + 1))
        }
        let end = try run(bad, holdback: holdback)
        let plain = try run(bad, holdback: holdback, namesKeys: false)
        #expect(end.state == .returned && end.second == plain.second && end.reports == plain.reports)
        let easy = Key(name: "easy", candidate: (0, 3), heldBack: (0, 3))
        let hidden = try run(Array(bad.prefix(2)) + [easy], holdback: holdback)
        #expect(hidden.state == .returned)
    }

    /// What began with one key goes back once the others see it too.
    @Test(arguments: [0.2, 0])
    func othersBearItOut(_ holdback: Double) throws {
        let later = [
            shop, Key(name: "market", candidate: (3, 3), heldBack: (0, 1)),
            Key(name: "judge", candidate: (2, 2), heldBack: (0, 1)),
        ]
        let end = try run([shop, market, judge], later: later, holdback: holdback)
        #expect(end.state == .returned && (20...40).contains(end.second))
        #expect(end.reports.first == .oneKey)
    }

    /// A key that asks the held-back release what it answers badly hides no break of the other one.
    @Test func nothingIsHiddenOnTheHeldBackShare() throws {
        let hiding = Key(name: "shop", candidate: (0, 1), heldBack: (5, 5))
        let broken = ["market", "judge", "desk"].map { Key(name: $0, candidate: (1, 3), heldBack: (0, 3)) }
        #expect(try run([hiding] + broken).state == .returned)
    }

    /// However many keys there are, few are known apart, and the odd one is among them whenever it came.
    @Test func manyKeysAreBounded() throws {
        var counts = CallerCounts()
        var comparison = ArmComparison()
        for step in 0..<200 {
            var events = try (0..<100).map { index in
                CallerEvents(
                    key: try Name("key-\(index)"),
                    counts: ArmCounts(candidate: EventCounts(valid: 1, bad: (index + step) % 97 == 0 ? 1 : 0))
                )
            }
            if step >= 50 {
                let own = ArmCounts(candidate: EventCounts(valid: 5, bad: 4))
                events.append(CallerEvents(key: try Name("odd"), counts: own))
            }
            let all = events.reduce(ArmCounts()) { $0 + $1.counts }
            counts.add(events, all: all, before: comparison, blockSize: 15)
            comparison.add(all, blockSize: 15)
        }
        #expect(counts.callers.count == CallerCounts.maxCallers)
        #expect(counts.callers.count { $0.without != nil } <= CallerCounts.maxComparisons)
        let odd = counts.odd(\.candidate)
        #expect(odd.contains { $0.key.text == "odd" && $0.without != nil })
        let known = counts.callers.reduce(counts.rest) { $0 + $1.counts }
        #expect(known == comparison.totals, "nothing is counted twice or lost")
    }
}
