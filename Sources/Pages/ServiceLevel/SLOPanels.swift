import RegistryTypes
import WireFormat
import Wording

/// The five panels of an SLO: how good, how much is left, how fast it burns, how many events, and what happened.
///
/// Stretches without events are gaps: unknown is neither 0 nor 100 %.
struct SLOPanels {
    /// The panels from top to bottom; empty without any event.
    let charts: [TimeChart]

    private typealias Stretch = (from: Double, to: Double, point: SLOPoint)

    init(_ view: SLOView) {
        // What has not begun yet is not drawn.
        let points = view.points.filter { $0.start < view.at }
        guard let first = points.first, let last = points.last, points.count(where: { $0.valid > 0 }) > 1
        else {
            charts = []
            return
        }
        let end = max(last.start.adding(seconds: last.seconds), view.dataUntil ?? last.start)
        let axis = TimeAxis(first.start, end, left: TimeChart.left, right: TimeChart.right)
        let stretches: [Stretch] = points.map {
            (axis.x($0.start), axis.x($0.start.adding(seconds: $0.seconds)), $0)
        }
        // What was never known is not drawn.
        let isBudgetKnown = points.contains { $0.budgetLeft != nil }
        charts =
            [SLOPanels.level(view, stretches, axis)] + (isBudgetKnown ? [SLOPanels.budget(view, stretches, axis)] : [])
            + [
                SLOPanels.burn(view, stretches, axis), SLOPanels.events(view, stretches, axis),
                SLOPanels.happenings(view, axis),
            ]
    }

    private static let floor = 100.0

    private static func share(_ point: SLOPoint) -> Double? {
        point.valid > 0 ? 1 - Double(point.bad) / Double(point.valid) : nil
    }

    /// Dashed uprights where the channel moved, with a symbol for the kind of move.
    private static func marks(_ view: SLOView, _ axis: TimeAxis, floor: Double) -> String {
        view.marks.filter { axis.holds($0.at) && $0.kind != "incident" }.suffix(40).map {
            let x = Drawing.coordinate(axis.x($0.at))
            return "M\(x) \(Drawing.coordinate(TimeChart.top))V\(Drawing.coordinate(floor))"
        }.joined()
    }

    private static func level(_ view: SLOView, _ stretches: [Stretch], _ axis: TimeAxis) -> TimeChart {
        let shares = stretches.compactMap { share($0.point) }
        let target = view.row.target
        let room = max(1 - min(shares.min() ?? 1, target), 1e-4)
        let low = max(0, 1 - ValueAxis.rounded(room * 1.05))
        let y = ValueAxis(low, 1, bottom: floor)
        let missed = stretches.filter { (share($0.point) ?? 1) < target }
        let words = shares.isEmpty ? "" : ", lowest \(NumberText.good(shares.min() ?? 0))"
        let finding =
            missed.isEmpty
            ? "Good events: at or above the target of \(NumberText.good(target)) in all \(NumberText.count(shares.count, "stretch", plural: "stretches"))\(words)"
            : "Good events: below the target of \(NumberText.good(target)) in \(NumberText.count(missed.count)) of \(NumberText.count(shares.count, "stretch", plural: "stretches"))\(words)"
        return TimeChart(
            finding,
            axis: axis,
            height: 120,
            lines: [low, (low + 1) / 2, 1].map { (y.y($0), NumberText.good($0)) },
            strokes: [
                (marks(view, axis, floor: floor), .limit, 1, "2 3"),
                (Drawing.line([(TimeChart.left, y.y(target)), (TimeChart.right, y.y(target))]), .limit, 1.5, "6 4"),
                (
                    Drawing.steps(
                        stretches.map { stretch in share(stretch.point).map { (stretch.from, stretch.to, y.y($0)) } }
                    ),
                    .series, 2, nil
                ),
            ],
            shapes: [
                (
                    missed.map { stretch in
                        Drawing.Symbol.triangle.outline((stretch.from + stretch.to) / 2, y.y(share(stretch.point) ?? 0))
                    }.joined(), .bad
                )
            ]
        )
    }

    private static func budget(_ view: SLOView, _ stretches: [Stretch], _ axis: TimeAxis) -> TimeChart {
        let left = stretches.compactMap(\.point.budgetLeft)
        let low = min(0, -ValueAxis.rounded(max(0, -(left.min() ?? 0))))
        let y = ValueAxis((left.min() ?? 0) < 0 ? low : 0, 1, bottom: floor)
        let line = stretches.map { stretch in
            stretch.point.budgetLeft.map { (from: stretch.from, to: stretch.to, y: y.y($0)) }
        }
        let finding: String
        if let now = view.row.budgetLeft {
            finding =
                now <= 0
                ? "Budget: gone, overspent by \(NumberText.share(-now))"
                : "Budget: \(NumberText.share(now)) left\(view.row.pace.map { ", \($0)" } ?? "")"
        } else {
            finding = "Budget: unknown now, \(view.row.unknownBudget); drawn where it was known"
        }
        func area(_ isWanted: (Double) -> Bool) -> String {
            zip(stretches, line).compactMap { stretch, step -> String? in
                guard let step, let left = stretch.point.budgetLeft, isWanted(left) else { return nil }
                let zero = Drawing.coordinate(y.y(0)), from = Drawing.coordinate(step.from)
                return "M\(from) \(zero)V\(Drawing.coordinate(step.y))H\(Drawing.coordinate(step.to))V\(zero)z"
            }.joined()
        }
        return TimeChart(
            finding,
            axis: axis,
            height: 120,
            lines: (y.low < -0.15 ? [y.low, 0, 1] : y.low < 0 ? [0, 1] : [0, 0.5, 1]).map {
                (y.y($0), NumberText.share($0))
            },
            zones: [(area { $0 >= 0 }, .zone), (area { $0 < 0 }, .overdrawn)],
            strokes: [
                (marks(view, axis, floor: floor), .limit, 1, "2 3"),
                (Drawing.line([(TimeChart.left, y.y(0)), (TimeChart.right, y.y(0))]), .limit, 1.5, "6 4"),
                (Drawing.steps(line), .series, 2, nil),
            ]
        )
    }

    private static func burn(_ view: SLOView, _ stretches: [Stretch], _ axis: TimeAxis) -> TimeChart {
        let budget = 1 - view.row.target
        let rates = stretches.map { stretch in
            share(stretch.point).flatMap { budget > 0 ? (1 - $0) / budget : nil }
        }
        let highest = rates.compactMap { $0 }.max() ?? 0
        let factors = Set(view.windows.filter { $0.severity == "page" }.map(\.factor)).sorted()
        let y = ValueAxis(0, ValueAxis.rounded(max(highest, (factors.first ?? 1) * 1.1)), bottom: floor)
        let fast = rates.count { rate in rate.map { $0 > 1 } ?? false }
        let factorWords =
            factors.isEmpty ? "" : "; a page needs \(factors.map(NumberText.burn).joined(separator: " or "))"
        let finding =
            "Burn: at most \(NumberText.burn(highest)) times what the budget allows, above 1 in \(NumberText.count(fast, "stretch", plural: "stretches"))\(factorWords)"
        return TimeChart(
            finding,
            axis: axis,
            height: 120,
            lines: [0, y.high / 2, y.high].map { (y.y($0), NumberText.burn($0)) },
            strokes: [
                (marks(view, axis, floor: floor), .limit, 1, "2 3"),
                (Drawing.line([(TimeChart.left, y.y(1)), (TimeChart.right, y.y(1))]), .limit, 1, nil),
                (
                    factors.filter { $0 <= y.high }.map {
                        Drawing.line([(TimeChart.left, y.y($0)), (TimeChart.right, y.y($0))])
                    }.joined(), .bad, 1.2, "6 4"
                ),
                (
                    Drawing.steps(
                        zip(stretches, rates).map { stretch, rate in rate.map { (stretch.from, stretch.to, y.y($0)) } }
                    ),
                    .series, 2, nil
                ),
            ]
        )
    }

    private static func events(_ view: SLOView, _ stretches: [Stretch], _ axis: TimeAxis) -> TimeChart {
        let highest = Double(stretches.map(\.point.valid).max() ?? 1)
        let y = ValueAxis(0, ValueAxis.rounded(highest), bottom: floor)
        let width = max(1, (stretches.map { $0.to - $0.from }.min() ?? 2) * 0.7)
        func bars(_ count: (SLOPoint) -> Int) -> String {
            Drawing.bars(
                stretches.filter { count($0.point) > 0 }.map {
                    (($0.from + $0.to) / 2, min(y.y(Double(count($0.point))), floor - 1.5))
                },
                floor: floor
            )
        }
        let bad = stretches.reduce(0) { $0 + $1.point.bad }, valid = stretches.reduce(0) { $0 + $1.point.valid }
        return TimeChart(
            "Events: \(NumberText.count(valid)) valid, \(NumberText.count(bad)) bad (the red foot of a bar)",
            axis: axis,
            height: 120,
            lines: [0, y.high / 2, y.high].map { (y.y($0), NumberText.significant($0)) },
            strokes: [(bars(\.valid), .limit, width, nil), (bars(\.bad), .bad, width, nil)]
        )
    }

    private static func happenings(_ view: SLOView, _ axis: TimeAxis) -> TimeChart {
        let marks = view.marks.filter { axis.holds($0.at) }.suffix(40)
        func symbols(_ kind: String, _ symbol: Drawing.Symbol, at y: Double) -> String {
            marks.filter { $0.kind == kind }.map { symbol.outline(axis.x($0.at), y) }.joined()
        }
        let open = view.incidents.filter { ($0.closedAt ?? view.at) >= axis.start }
        let spans = open.map { incident in
            Drawing.line([(axis.x(incident.openedAt), 54), (axis.x(incident.closedAt ?? view.at), 54)])
        }
        func count(_ kind: String, _ noun: String) -> String { NumberText.count(marks.count { $0.kind == kind }, noun) }
        let now = open.count { $0.closedAt == nil }
        return TimeChart(
            "Alarms: \(NumberText.count(open.count, "incident"))\(now > 0 ? ", \(NumberText.count(now)) open now" : "") (bars); \(count("move", "move")) (triangles), \(count("return", "return")) (diamonds)",
            axis: axis,
            height: 80,
            lines: [(16, "▲"), (34, "◆"), (54, "✖")],
            strokes: [(spans.joined(), .bad, 7, nil)],
            shapes: [
                (symbols("move", .triangle, at: 16), .series), (symbols("return", .diamond, at: 34), .series),
                (symbols("incident", .cross, at: 54), .bad),
            ]
        )
    }
}
