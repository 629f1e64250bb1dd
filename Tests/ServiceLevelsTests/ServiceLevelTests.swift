import Foundation
import RegistryRecords
import RegistryTypes
import SeededRandom
import ServiceLevels
import StrictJSON
import Testing
import UserDocuments

/// Where an SLO stands.
@Suite struct ServiceLevelTests {
    /// A level after events spread evenly over `seconds` up to midnight.
    private func level(
        _ document: SLODocument,
        good: Int,
        bad: Int,
        over seconds: Int = 3600
    ) throws -> ServiceLevel {
        var level = try Sample.level(document)
        let total = good + bad
        for index in 0..<total {
            let isBad = total > 0 && (index * bad) / total != ((index + 1) * bad) / total
            level.add(isBad ? .bad : .good, at: Sample.midnight + Int64(index * seconds / max(total, 1)))
        }
        return level
    }

    private func status(_ level: ServiceLevel, after seconds: Int64) -> SLOStatus {
        var level = level
        return level.status(now: Sample.time(Sample.midnight + seconds))
    }

    @Test func withoutDataNothingIsKnownNoShareNoBudgetNoAlertAndNothingReads100() throws {
        let found = status(try Sample.level(try Sample.document()), after: 0)
        #expect(found.state == .unknown && found.value == nil && found.budgetLeft == nil && found.dataUntil == nil)
        #expect(found.alerts.map(\.state) == [.unknown, .unknown, .unknown, .unknown])
        #expect(found.firing.isEmpty && found.severity == nil && found.absence == nil && found.action == nil)
        #expect(found.burn.allSatisfy { $0.rate == nil } && found.pace == nil && found.exhaustionSeconds == nil)
        #expect(found.sentence == "answers of ticket-bot is unknown: no valid events in the last 30 d")
        #expect(found.budgetFact.remaining == nil && found.budgetFact.problem == found.sentence)
    }

    @Test func fewerSamplesThanTheDocumentAsksForAreNotEnoughToSayAnything() throws {
        let document = try Sample.document(more: "minSamples: 100")
        let few = status(try level(document, good: 99, bad: 0), after: 3600)
        #expect(few.state == .unknown && few.budgetLeft == nil && few.value == 1)
        #expect(
            few.sentence
                == "answers of ticket-bot is unknown: 99 valid events in the last 30 d, at least 100 are needed"
        )
        #expect(status(try level(document, good: 100, bad: 0), after: 3600).state == .met)
        #expect(try Sample.document(indicator: "correctness").minSamples == 30)
        #expect(try Sample.document().minSamples == 1)
    }

    /// Good and bad events, the budget left at 99 %, the state, the action.
    static let budgets: [(good: Int, bad: Int, left: Double, state: SLOStatus.State, action: BudgetRule.Action?)] = [
        (1000, 0, 1, .met, nil), (998, 2, 0.8, .met, nil), (995, 5, 0.5, .met, .caution),
        (994, 6, 0.4, .met, .caution), (992, 8, 0.2, .met, .reliabilityOnly), (990, 10, 0, .met, .freeze),
        (980, 20, -1, .missed, .freeze), (0, 1000, -99, .missed, .freeze),
    ]

    @Test(arguments: budgets)
    func theBudgetThatIsLeftIsNotStoppedAtZero(
        _ good: Int,
        _ bad: Int,
        _ left: Double,
        _ state: SLOStatus.State,
        _ action: BudgetRule.Action?
    ) throws {
        let found = status(try level(try Sample.document(target: "99 %"), good: good, bad: bad), after: 3600)
        #expect(abs((found.budgetLeft ?? .nan) - left) < 1e-9)
        #expect(found.state == state && found.action == action)
    }

    @Test func everythingBadFiresWhatItCanAndTheSentenceSaysIt() throws {
        let found = status(try level(try Sample.document(), good: 0, bad: 3600), after: 3599)
        #expect(found.alerts.map(\.state) == [.firing, .firing, .firing, .firing])
        #expect(found.severity == .page && found.exhaustionSeconds == 0 && found.budgetLeft == -999)
        #expect(
            found.sentence
                == "answers of ticket-bot is missed: 0 % of 3,600 events in the last 30 d were good, target 99.9 %; "
                + "the error budget is overspent by 99900 %; it burned 1000 times as fast as it may over 1 h"
        )
    }

    @Test func silenceOfTheShortWindowChangesNothingAndSilenceOfTheLongOneIsUnknown() throws {
        let document = try Sample.document(
            """
            indicator: { type: availability }
            target: 99 %
            window: 30 d
            alerting:
              - { name: fast, severity: page, burn: 10, long: 60 s, short: 10 s }
            """
        )
        var level = try Sample.level(document)
        for second in 0..<30 { level.add(.bad, at: Sample.midnight + Int64(second)) }
        var found = level.status(now: Sample.time(Sample.midnight + 29))
        #expect(found.alerts[0].state == .firing && found.alerts[0].isFiring)
        // Nothing comes for half a minute.
        found = level.status(now: Sample.time(Sample.midnight + 59))
        #expect(found.alerts[0].state == .unknown && found.alerts[0].isFiring && found.severity == .page)
        #expect(found.alertKind == .burning)
        // The server starts again: what stood still stands, by the buckets alone.
        var again = ServiceLevel(
            document: document,
            model: level.model,
            buckets: (0..<3).map { SLIBucket(start: Sample.midnight + $0 * 10, seconds: 10, valid: 10, bad: 10) },
            now: Sample.midnight + 59
        )
        #expect(again.status(now: found.time).alerts[0].isFiring)
        // Nothing comes for an hour: nobody knows whether it burns, and nobody is paged for what nobody knows.
        found = level.status(now: Sample.time(Sample.midnight + 3600))
        #expect(found.alerts[0].state == .unknown && !found.alerts[0].isFiring && found.severity != .page)
        #expect(found.alertKind != .burning && found.firing.isEmpty)
        // Good events come: it is quiet.
        for _ in 0..<20 { level.add(.good, at: Sample.midnight + 3601) }
        found = level.status(now: Sample.time(Sample.midnight + 3602))
        #expect(found.alerts[0].state == .quiet && !found.alerts[0].isFiring && found.severity == nil)
        // Silence again: quiet stays quiet.
        found = level.status(now: Sample.time(Sample.midnight + 9000))
        #expect(found.alerts[0].state == .unknown && !found.alerts[0].isFiring)
    }

    /// Indicator, correct of labels, and the state at a target of 90 %.
    static let samples: [(good: Int, bad: Int, state: SLOStatus.State)] = [
        (30, 0, .undecided), (95, 5, .undecided), (950, 50, .met), (850, 150, .missed), (88, 12, .undecided),
        (29, 0, .unknown),
    ]

    @Test(arguments: samples)
    func aSampleIsJudgedByItsIntervalNotByTheShareThatWasFound(_ good: Int, _ bad: Int, _ expected: SLOStatus.State)
        throws
    {
        let document = try Sample.document(indicator: "correctness", target: "90 %")
        let found = status(try level(document, good: good, bad: bad), after: 3600)
        #expect(found.state == expected)
        let interval = try #require(found.interval)
        #expect(interval[0] <= found.value ?? 0 && found.value ?? 0 <= interval[1])
        // What cannot be told has no budget: a gate must not pass on thirty of thirty, and nobody is told to freeze.
        #expect((found.budgetLeft == nil) == (expected == .undecided || expected == .unknown))
        #expect(found.action == nil || found.budgetLeft != nil)
        if expected == .undecided {
            #expect(found.reason?.hasSuffix("cannot tell yet") == true)
            #expect(found.sentence.contains("holds the target: nobody can tell yet"), "\(found.sentence)")
            #expect(found.budgetFact.problem == found.sentence)
        }
        let full = try Sample.document(indicator: "validOutput", target: "90 %", more: "minSamples: 30")
        #expect(status(try level(full, good: good, bad: bad), after: 3600).interval == nil)
    }

    @Test func theTimeUntilTheBudgetIsGoneFollowsThePaceAPaceOf1OrLessNeverEmptiesIt() throws {
        let document = try Sample.document(target: "99 %")
        let slow = status(try level(document, good: 9950, bad: 50, over: 3600), after: 3599)
        #expect(slow.pace?.rate == 0.5 && slow.exhaustionSeconds == nil)
        var fast = try level(document, good: 100_000, bad: 0, over: 86_400)
        for _ in 0..<100 { fast.add(.bad, at: Sample.midnight + 90_000) }
        let found = status(fast, after: 90_001)
        let left = try #require(found.budgetLeft), rate = try #require(found.pace?.rate)
        #expect(found.pace?.seconds == 3600 && rate == 100)
        #expect(abs((found.exhaustionSeconds ?? 0) - left * 2_592_000 / rate) < 1e-6)
        #expect(found.sentence.hasSuffix("times as fast as it may over 1 h, and at this pace is gone in 6 h"))
    }

    @Test func whereTrafficUsedToComeAndStopsSomebodyIsToldWhereItNeverCameItIsUnknown() throws {
        // One request a second for two days: by chance nothing comes for 14 s once in ten months.
        let document = try Sample.document()
        let busy = try level(document, good: 172_800, bad: 0, over: 172_800)
        #expect(status(busy, after: 172_800).absence?.isFiring == false)
        let gone = status(busy, after: 172_900)
        #expect(gone.absence?.isFiring == true && gone.severity == .ticket)
        #expect(abs((gone.absence?.afterSeconds ?? 0) - 51.84) < 1e-9)
        // Ten requests an hour: an empty half hour means nothing.
        let quiet = try level(document, good: 480, bad: 0, over: 172_800)
        #expect(status(quiet, after: 172_800 + 1800).absence?.isFiring == false)
        #expect(status(quiet, after: 172_800 + 7200).absence?.isFiring == true)
        // Labels come when people have time.
        let labels = try Sample.document(indicator: "correctness", target: "90 %")
        #expect(status(try level(labels, good: 500, bad: 0), after: 86_400).absence == nil)
        let said = try Sample.document(indicator: "correctness", target: "90 %", more: "absentAfter: 1 h")
        #expect(status(try level(said, good: 500, bad: 0), after: 86_400).absence?.isFiring == true)
    }

    /// Data never end before the newest event, neither while it is known by ten seconds nor by the minute, and a restart says
    /// the same.
    @Test(arguments: [0, 9, 10, 47, 59] as [Int64], [60, 7100, 7300, 90_000] as [Int64])
    func dataEndWithTheNewestEvent(_ second: Int64, _ passed: Int64) throws {
        let document = try Sample.document()
        var level = try Sample.level(document)
        let event = Sample.midnight + second
        let start = level.add(.good, at: event)
        let now = Sample.time(event + passed)
        let until = try #require(level.status(now: now).dataUntil)
        #expect(until >= Sample.time(event) && until <= Sample.time(event + 60) && until <= now)
        let bucket = SLIBucket(start: start, seconds: 10, valid: 1, bad: 0)
        var again = ServiceLevel(document: document, model: level.model, buckets: [bucket], now: event + passed)
        #expect(again.status(now: now).dataUntil == until)
    }

    @Test func aClockThatWentBackGoesOnCountingAndTheSentenceSaysSo() throws {
        var level = try level(try Sample.document(), good: 100, bad: 0)
        level.add(.bad, at: Sample.midnight - 86_400)
        let found = level.status(now: Sample.time(Sample.midnight - 86_400))
        #expect(found.counts == SLICounts(valid: 101, bad: 1))
        #expect(found.clockBehindSeconds == 86_400 + 3564)
        #expect(found.sentence.hasSuffix("; the clock stands 24 h before the newest event"))
    }

    @Test(arguments: 1...4)
    func aRestartAtAnyMomentGoesOnAsIfNothingHadHappened(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let document = try Sample.document(target: "99 %")
        var running = try Sample.level(document)
        var stored: [Int64: SLICounts] = [:]
        var second = Sample.midnight
        var firing = 0, quiet = 0, unknown = 0
        for _ in 0..<200 {
            // Good hours, bad hours, and hours in which nothing comes.
            let badShare = [0, 0.001, 0.02, 0.5][Int.random(in: 0..<4, using: &random)]
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                second += Int64.random(in: 0...60, using: &random)
                let isBad = Double.random(in: 0..<1, using: &random) < badShare
                let start = running.add(isBad ? .bad : .good, at: second)
                stored[start, default: .zero] += SLICounts(valid: 1, bad: isBad ? 1 : 0)
            }
            // A server looks each second: also at the last one in which a short window holds an event.
            let silent = second + Int64.random(in: 0...9000, using: &random)
            for moment in Self.lastMoments(of: document, after: stored.keys.max() ?? second) where moment < silent {
                _ = running.status(now: Sample.time(moment))
            }
            second = silent
            let status = running.status(now: Sample.time(second))
            firing += status.alerts.filter { $0.state == .firing }.count
            quiet += status.alerts.filter { $0.state == .quiet }.count
            unknown += status.alerts.filter { $0.state == .unknown }.count
            guard Int.random(in: 0..<4, using: &random) == 0 else { continue }
            let buckets = stored.map { SLIBucket(start: $0, seconds: 10, valid: $1.valid, bad: $1.bad) }
                .sorted { $0.start < $1.start }
            var again = ServiceLevel(
                document: document,
                model: running.model,
                buckets: SLIBucket.merged(buckets, before: SLIBucket.fineNeeded(at: second)),
                now: second
            )
            #expect(again.status(now: Sample.time(second)) == status)
            if Bool.random(using: &random) { running = again }
        }
        // The traffic is varied enough to mean something.
        #expect(firing > 50 && quiet > 50 && unknown > 50)
    }

    /// The last seconds in which the short windows of `document` hold an event of the bucket `start`, in order.
    private static func lastMoments(of document: SLODocument, after start: Int64) -> [Int64] {
        Set(document.alerting.map(\.shortSeconds)).sorted().map { short in
            let step: Int64 = short <= SLIBucket.fineSpanSeconds ? 10 : 60
            return start / step * step + Int64(short) - 1
        }
    }

    @Test func aStatusIsStoredAndReadBack() throws {
        let found = status(try level(try Sample.document(indicator: "correctness"), good: 500, bad: 9), after: 3600)
        #expect(try CanonicalJSON.decode(SLOStatus.self, from: CanonicalJSON.encode(found)) == found)
    }
}
