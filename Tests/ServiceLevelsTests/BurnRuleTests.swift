import Foundation
import RegistryRecords
import RegistryTypes
import ServiceLevels
import StrictJSON
import Testing
import UserDocuments

/// When a budget burns too fast.
@Suite struct BurnRuleTests {
    /// Share of the budget, long window, SLO window in days, and the burn rate: the workbook's table for 30 days, and
    /// the same shares for 28 and 7 days.
    static let factors: [(spent: String, long: String, days: Int, factor: Double)] = [
        ("2 %", "1 h", 30, 14.4), ("5 %", "6 h", 30, 6), ("10 %", "1 d", 30, 3), ("10 %", "3 d", 30, 1),
        ("2 %", "1 h", 28, 13.44), ("5 %", "6 h", 28, 5.6), ("10 %", "1 d", 28, 2.8), ("10 %", "3 d", 28, 28.0 / 30),
        ("8 %", "1 h", 7, 13.44), ("12.5 %", "6 h", 7, 3.5), ("20 %", "1 d", 7, 1.4), ("42 %", "3 d", 7, 0.98),
    ]

    @Test(arguments: factors)
    func theRateFollowsFromTheShareOfTheBudgetAndTheWindows(
        _ spent: String,
        _ long: String,
        _ days: Int,
        _ expected: Double
    ) throws {
        let document = try Sample.document(
            """
            indicator: { type: availability }
            target: 99.9 %
            window: \(days) d
            alerting:
              - { name: a, severity: page, budgetSpent: \(spent), long: \(long), short: 5 min }
            """
        )
        #expect(abs(document.alerting[0].factor(windowSeconds: document.windowSeconds) - expected) < 1e-12)
        #expect(abs(BurnRule(document.alerting[0], of: document).rate - expected) < 1e-12)
    }

    @Test func aDocumentWithoutAlertsOfItsOwnHasTheFourPairsOfTheWorkbookThatFit() throws {
        let thirty = try Sample.document()
        let rows = thirty.alerting.map { "\($0.name) \($0.severity) \($0.longSeconds) \($0.shortSeconds)" }
        #expect(
            rows == [
                "page-fast page 3600 300", "page-slow page 21600 1800", "ticket-fast ticket 86400 7200",
                "ticket-slow ticket 259200 21600",
            ]
        )
        let factors = thirty.alerting.map { $0.factor(windowSeconds: thirty.windowSeconds) }
        for (factor, expected) in zip(factors, [14.4, 6, 3, 1]) { #expect(abs(factor - expected) < 1e-12) }
        #expect(BurnAlert.usual(windowSeconds: 12 * 3600).map(\.name.text) == ["page-fast", "page-slow"])
        #expect(thirty.budget == 0.001)
        #expect(try Sample.document(target: "99.5 %").budget == 0.005)
    }

    /// Target, rate asked for, rate in force, bad events needed.
    static let clamps: [(target: String, asked: Double, rate: Double, minimumBad: Int)] = [
        ("99.9 %", 14.4, 14.4, 3), ("97 %", 14.4, 14.4, 3), ("96 %", 14.4, 12.5, 5), ("95 %", 14.4, 10, 5),
        ("93 %", 14.4, 0.5 / 0.07, 5), ("90 %", 14.4, 5, 5), ("90 %", 3, 3, 3), ("80 %", 6, 2.5, 5), ("50 %", 1, 1, 3),
    ]

    @Test(arguments: clamps)
    func theRateIsAtMostHalfOfTheHighestThereCanBe(_ target: String, _ asked: Double, _ rate: Double, _ minimumBad: Int)
        throws
    {
        let rule = BurnRule(rate: asked, budget: try Sample.document(target: target).budget)
        #expect(abs(rule.rate - rate) < 1e-9 && rule.minimumBad == minimumBad)
        #expect(rule.isClamped == (rate < asked))
        // Whatever the target, a total loss fires it.
        let all = SLICounts(valid: 20, bad: 20)
        #expect(rule.isBurning(long: all, short: all) == true)
    }

    /// Long window, short window, and whether it fires at a target of 99.9 % and a rate of 14.4.
    static let decisions: [(long: [Int], short: [Int], fires: Bool?)] = [
        ([1000, 15], [100, 2], true),
        ([1000, 14], [100, 2], false),  // 1.4 % is 14.0 times, under 14.4
        ([1000, 15], [100, 1], false),  // the short window is quiet
        ([1, 1], [1, 1], false),  // one bad event in a quiet hour
        ([2, 2], [1, 1], false),
        ([3, 3], [1, 1], true),
        ([60, 2], [5, 1], false),
        ([200, 3], [5, 1], true),  // at least 0.4 % with 95 % confidence
        ([0, 0], [0, 0], nil), ([10, 0], [0, 0], nil), ([0, 0], [3, 3], nil),
        ([10, 0], [3, 0], false),
    ]

    @Test(arguments: decisions)
    func enoughBadEventsInBothWindowsBeyondChance(_ long: [Int], _ short: [Int], _ fires: Bool?) {
        let rule = BurnRule(rate: 14.4, budget: 0.001)
        let (long, short) = (SLICounts(valid: long[0], bad: long[1]), SLICounts(valid: short[0], bad: short[1]))
        #expect(rule.isBurning(long: long, short: short) == fires)
    }

    @Test func theBoundStopsWhatTheCountOfBadEventsLetsThrough() {
        // 3 of 2,900 at a budget of 0.1 % is over the budget by chance too often.
        let rule = BurnRule(rate: 1, budget: 0.001)
        let counts = SLICounts(valid: 2900, bad: 3)
        #expect(rule.isBurning(long: counts, short: counts) == false)
        #expect(BurnRule(published: 1, budget: 0.001).isBurning(long: counts, short: counts) == true)
        let more = SLICounts(valid: 29_000, bad: 60)
        #expect(rule.isBurning(long: more, short: more) == true)
        // Clopper and Pearson (1934): 3 of 3, one-sided 95 %: the cube root of 0.05.
        let all = SLICounts(valid: 3, bad: 3)
        #expect(abs((rule.lowerBound(all) ?? 0) * 0.001 - pow(0.05, 1.0 / 3)) < 1e-12)
        #expect(rule.lowerBound(.zero) == nil)
    }

    @Test func aTotalLossAtAnEvenPaceIsFoundAfterTheRatesShareOfTheLongWindow() {
        #expect(
            abs(BurnRule(rate: 14.4, budget: 0.001).detectionSeconds(longSeconds: 3600, shortSeconds: 300) - 51.84)
                < 1e-9
        )
        #expect(
            abs(BurnRule(rate: 14.4, budget: 0.1).detectionSeconds(longSeconds: 3600, shortSeconds: 300) - 1800) < 1e-9
        )
    }

    /// Long and short counts of a release, target 99.9 % and rate 14.4: whether it burns, whether that is known.
    static let releases: [(long: [Int], short: [Int], isBurning: Bool, isKnown: Bool)] = [
        ([10, 10], [10, 10], true, true),
        ([9, 9], [9, 9], false, true),  // under 10 events
        ([12, 3], [12, 3], true, true),
        ([12, 2], [12, 2], false, true),  // under 3 bad ones
        ([100, 3], [12, 3], true, true),
        ([5000, 20], [12, 3], false, true),  // the long window is below the rate
        ([0, 0], [0, 0], false, false),
        ([50, 0], [0, 0], false, false),
    ]

    @Test(arguments: releases)
    func aReleaseNeeds10EventsAnd3BadOnesInTheShortWindow(
        _ long: [Int],
        _ short: [Int],
        _ isBurning: Bool,
        _ isKnown: Bool
    ) throws {
        let verdict = BurnVerdict(
            long: SLICounts(valid: long[0], bad: long[1]),
            short: SLICounts(valid: short[0], bad: short[1]),
            rate: 14.4,
            budget: 0.001
        )
        #expect(verdict.isBurning == isBurning && verdict.isKnown == isKnown)
        #expect(verdict.validLong == long[0] && verdict.badShort == short[1])
        #expect((verdict.burnShort == nil) == (short[0] == 0))
        let data = try CanonicalJSON.encode(verdict)
        #expect(try CanonicalJSON.decode(BurnVerdict.self, from: data) == verdict)
    }

    @Test func aReleaseAtALooseTargetNeeds5BadEventsAndWindowsOfSecondsWillDo() {
        var windows = BurnWindows(windows: [60, 10])
        for second in 0..<9 { windows.add(second < 4 ? .bad : .good, at: Sample.midnight) }
        windows.add(.good, at: Sample.midnight)
        #expect(windows.burn(long: 60, short: 10, rate: 14.4, budget: 0.1)?.isBurning == false)
        for _ in 0..<4 { windows.add(.bad, at: Sample.midnight) }
        let verdict = windows.burn(long: 60, short: 10, rate: 14.4, budget: 0.1)
        #expect(verdict?.isBurning == true && verdict?.threshold == 5)
        #expect(windows.burn(long: 3600, short: 10, rate: 14.4, budget: 0.1) == nil)
    }
}
