import SeededRandom
import ServiceLevels
import Testing
import UserDocuments

/// A short form of `Benchmarks/Sources/slo`: what the corrections are for, in two numbers each.
@Suite struct BurnSimulationTests {
    private static let alerts = BurnAlert.usual(windowSeconds: 30 * 86_400)

    /// The minutes in which a page stands, of `minutes` with about one request each; `share` gives the bad share.
    private func pages(_ rules: [BurnRule], minutes: Int, seed: UInt64, share: (Int) -> Double) -> [Int] {
        var random = SplitMix64(seed: seed)
        var windows = BurnWindows(windows: Self.alerts.flatMap { [$0.longSeconds, $0.shortSeconds] })
        var pages: [Int] = []
        for minute in 0..<minutes {
            let second = Sample.midnight + Int64(minute) * 60
            // Two chances of one half a minute: 60 requests an hour, unevenly.
            for _ in 0..<2 where Bool.random(using: &random) {
                windows.add(Double.random(in: 0..<1, using: &random) < share(minute) ? .bad : .good, at: second)
            }
            windows.advance(to: second + 59)
            let stands = zip(Self.alerts, rules).contains { alert, rule in
                guard alert.severity == .page, let long = windows.counts(last: alert.longSeconds),
                    let short = windows.counts(last: alert.shortSeconds)
                else { return false }
                return rule.isBurning(long: long, short: short) == true
            }
            if stands { pages.append(minute) }
        }
        return pages
    }

    private func rules(budget: Double, isCorrected: Bool) -> [BurnRule] {
        Self.alerts.map { alert in
            let rate = alert.factor(windowSeconds: 30 * 86_400)
            return isCorrected ? BurnRule(rate: rate, budget: budget) : BurnRule(published: rate, budget: budget)
        }
    }

    /// Pages that begin: minutes whose minute before has none.
    private func episodes(_ pages: [Int]) -> Int {
        pages.enumerated().filter { $0.offset == 0 || pages[$0.offset - 1] != $0.element - 1 }.count
    }

    @Test func aHealthyServiceAt60RequestsAnHourThePublishedTablePages20TimesAMonthThisOneHardlyEver() {
        func count(_ isCorrected: Bool) -> Int {
            let rules = rules(budget: 0.001, isCorrected: isCorrected)
            return episodes(pages(rules, minutes: 2 * 43_200, seed: 4) { _ in 0.0005 })
        }
        let (published, ours) = (count(false), count(true))
        #expect((20...60).contains(published))
        #expect(ours <= 2)
    }

    @Test(
        "A loss of everything: found at tight targets as before, and at loose ones at all",
        arguments: [0.001, 0.1, 0.2]
    )
    func loss(_ budget: Double) throws {
        func first(_ isCorrected: Bool) -> Int? {
            let rules = rules(budget: budget, isCorrected: isCorrected)
            return pages(rules, minutes: 5760, seed: 5) { $0 < 4320 ? budget * 0.2 : 1 }.first { $0 >= 4320 }
                .map { $0 - 4319 }
        }
        let ours = try #require(first(true))
        #expect(ours <= (budget < 0.01 ? 10 : 45))
        if budget == 0.2 { #expect(first(false) == nil) }
        if budget == 0.1 { #expect((first(false) ?? 0) > 150) }
    }
}
