import Foundation
import RegistryRecords
import RegistryTypes
import ServiceLevels

/// Traffic by the minute through the windows and rules of this project: how often a healthy service pages, and how long
/// it takes until an incident does.
struct BurnSimulation {
    /// Months of 30 days for each count of false alarms.
    let months: Int
    var numbers: SeededNumbers

    private static let start: Int64 = 1_795_219_200
    private static let monthMinutes = 43_200

    init(months: Int, seed: UInt64) {
        self.months = months
        numbers = SeededNumbers(seed: seed)
    }

    /// Counts the events of a minute and reads all windows at its end.
    private func count(_ minute: Int, _ total: Int, _ bad: Int, in windows: inout BurnWindows) -> [SLICounts] {
        let second = Self.start + Int64(minute) * 60
        windows.add(SLICounts(valid: total, bad: bad), at: second)
        windows.advance(to: second + 59)
        return RuleSet.windows.map { windows.counts(last: $0) ?? .zero }
    }

    /// Pages and tickets in 30 days of a service whose bad events spend `share` of the budget.
    mutating func falseAlarms(
        budget: Double,
        share: Double,
        perHour: Double,
        kinds: [RuleSet.Guard]
    ) -> [(pages: Double, tickets: Double)] {
        var sets = kinds.map { RuleSet($0, budget: budget) }
        var before = kinds.map { _ in RuleSet.Standing() }
        var episodes = kinds.map { _ in (pages: 0, tickets: 0) }
        var windows = BurnWindows(windows: RuleSet.windows)
        for minute in 0..<(months * Self.monthMinutes) {
            let total = numbers.poisson(perHour / 60)
            let counts = count(minute, total, numbers.binomial(total, budget * share), in: &windows)
            for index in sets.indices {
                let standing = sets[index].evaluate(counts)
                if standing.page, !before[index].page { episodes[index].pages += 1 }
                if standing.ticket, !before[index].ticket { episodes[index].tickets += 1 }
                before[index] = standing
            }
        }
        return episodes.map { (Double($0.pages) / Double(months), Double($0.tickets) / Double(months)) }
    }

    /// The median minutes from the start of an incident, of which `incident` of the events are bad, to the first page;
    /// nil when there is none within a day. Three days spend a fifth of the budget before.
    mutating func detection(
        budget: Double,
        incident: Double,
        perHour: Double,
        runs: Int,
        kinds: [RuleSet.Guard]
    ) -> [Double?] {
        var minutes = kinds.map { _ in [Double]() }
        for _ in 0..<runs {
            var sets = kinds.map { RuleSet($0, budget: budget) }
            var windows = BurnWindows(windows: RuleSet.windows)
            var found = kinds.map { _ in Double?.none }
            for minute in 0..<5760 {
                let total = numbers.poisson(perHour / 60)
                let bad = numbers.binomial(total, minute < 4320 ? budget * 0.2 : incident)
                let counts = count(minute, total, bad, in: &windows)
                for index in sets.indices where found[index] == nil {
                    let standing = sets[index].evaluate(counts)
                    if standing.page, minute >= 4320 { found[index] = Double(minute - 4319) }
                }
                if found.allSatisfy({ $0 != nil }) { break }
            }
            for index in kinds.indices { minutes[index].append(found[index] ?? .infinity) }
        }
        return minutes.map { minutes in
            let sorted = minutes.sorted()
            let median = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
            return median.isFinite ? median : nil
        }
    }

    /// Alarms in 30 days of a healthy service by two rules that sound right: a burn over 1 within 5 minutes, and one
    /// over 3 within a day; and by the four pairs as this project judges them.
    mutating func naive(budget: Double, perHour: Double) -> (fiveMinutes: Double, day: Double, ours: Double) {
        var ours = RuleSet(.ours, budget: budget)
        var windows = BurnWindows(windows: RuleSet.windows)
        var (before, episodes) = ((false, false, false), (0, 0, 0))
        for minute in 0..<(months * Self.monthMinutes) {
            let total = numbers.poisson(perHour / 60)
            let counts = count(minute, total, numbers.binomial(total, budget / 2), in: &windows)
            let standing = ours.evaluate(counts)
            let short = windows.counts(last: 300)?.badShare ?? 0
            let day = windows.counts(last: 86_400)?.badShare ?? 0
            let now = (short > budget, day > 3 * budget, standing.page || standing.ticket)
            if now.0, !before.0 { episodes.0 += 1 }
            if now.1, !before.1 { episodes.1 += 1 }
            if now.2, !before.2 { episodes.2 += 1 }
            before = now
        }
        let length = Double(months)
        return (Double(episodes.0) / length, Double(episodes.1) / length, Double(episodes.2) / length)
    }
}
