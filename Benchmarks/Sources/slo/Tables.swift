import Foundation

/// The tables of docs/slo.md, as Markdown.
struct Tables {
    private var simulation: BurnSimulation

    init(months: Int, seed: UInt64) { simulation = BurnSimulation(months: months, seed: seed) }

    private static let targets = [99.9, 99, 95]

    private func row(_ cells: [String]) { print("| " + cells.joined(separator: " | ") + " |") }

    private func header(_ cells: [String]) {
        row(cells)
        row(cells.map { _ in "---" })
    }

    private func text(_ value: Double?, digits: Int = 1) -> String {
        guard let value else { return "–" }
        return value == value.rounded() && digits == 0 ? String(Int(value)) : String(format: "%.\(digits)f", value)
    }

    private func budget(_ target: Double) -> Double { ((100 - target) * 1e8).rounded() / 1e10 }

    /// Pages and tickets of a healthy service.
    mutating func falseAlarms() {
        print("\n### False pages / tickets in 30 days, healthy service, \(simulation.months) months\n")
        let kinds = RuleSet.Guard.allCases
        header(["target", "budget spent", "req/h"] + kinds.map(\.rawValue))
        for target in Self.targets {
            for share in [0.2, 0.5] {
                for perHour in [1.0, 10, 60, 600, 6000] {
                    let found = simulation.falseAlarms(
                        budget: budget(target),
                        share: share,
                        perHour: perHour,
                        kinds: kinds
                    )
                    row(
                        ["\(target) %", "\(Int(share * 100)) %", "\(Int(perHour))"]
                            + found.map { "\(text($0.pages)) / \(text($0.tickets))" }
                    )
                }
            }
        }
    }

    /// Minutes until the first page.
    mutating func detection() {
        print("\n### Minutes until the first page, median of 60 incidents, – for none within a day\n")
        let kinds = RuleSet.Guard.allCases
        header(["target", "bad events", "req/h"] + kinds.map(\.rawValue))
        for target in Self.targets {
            for incident in [1, 0.2, 0.05] where incident > budget(target) {
                for perHour in [1.0, 10, 60, 600] {
                    let found = simulation.detection(
                        budget: budget(target),
                        incident: incident,
                        perHour: perHour,
                        runs: 60,
                        kinds: kinds
                    )
                    row(["\(target) %", "\(Int(incident * 100)) %", "\(Int(perHour))"] + found.map { text($0) })
                }
            }
        }
    }

    /// Rules that sound right.
    mutating func naive() {
        print("\n### Two rules that sound right, alarms in 30 days of a healthy service (half the budget spent)\n")
        header(["target", "req/h", "burn > 1 over 5 min", "burn > 3 over 1 d", "ours, pages and tickets"])
        for target in [99.9, 99] {
            for perHour in [60.0, 600, 6000, 60_000] {
                let found = simulation.naive(budget: budget(target), perHour: perHour)
                row(["\(target) %", "\(Int(perHour))", text(found.fiveMinutes), text(found.day), text(found.ours)])
            }
        }
    }

    /// Targets that leave much room: rates as published, and brought to half of the highest.
    mutating func looseTargets() {
        print("\n### Loose targets: false pages in 30 days, and minutes to a page at 3x, 6x and total loss\n")
        header(["target", "req/h", "published: false", "3x", "6x", "all", "ours: false", "3x", "6x", "all"])
        for target in [95.0, 90, 80] {
            for perHour in [10.0, 60, 600] {
                let budget = budget(target)
                let kinds: [RuleSet.Guard] = [.both, .ours]
                let alarms = simulation.falseAlarms(budget: budget, share: 0.5, perHour: perHour, kinds: kinds)
                let times = [3, 6, 1 / budget].map { factor in
                    simulation.detection(
                        budget: budget,
                        incident: min(1, factor * budget),
                        perHour: perHour,
                        runs: 30,
                        kinds: kinds
                    )
                }
                var cells = ["\(Int(target)) %", "\(Int(perHour))"]
                for index in kinds.indices {
                    cells += [text(alarms[index].pages)] + times.map { text($0[index], digits: 0) }
                }
                row(cells)
            }
        }
    }
}
