import Foundation
import RegistryRecords
import WireFormat
import Wording

/// The tables of a drift report.
enum DriftTables {
    /// Does it hurt?
    static func degradations(_ degradations: [DriftDegradation]) -> Report {
        var table = Table(
            .text("DOES IT HURT?"),
            .text("REFERENCE"),
            .text("NOW"),
            .figure("WORSE BY"),
            .spare("95 % INTERVAL"),
            .figure("MARGIN"),
            .text("SAYS"),
            indent: 2
        )
        for degradation in degradations {
            func written(_ value: Double) -> String { change(value, isRatio: degradation.isRatio) }
            let interval: String? = degradation.lower.flatMap { lower in
                degradation.upper.map { "[\(written(lower)), \(written($0))]" }
            }
            table.row(
                Cell(degradation.title),
                Cell(degradation.reference ?? "unknown"),
                Cell(degradation.current ?? "unknown"),
                ReportWords.known(degradation.change, written),
                Cell(interval ?? "-"),
                Cell(degradation.allowed.map { "to \($0)" } ?? written(degradation.margin)),
                state(degradation.state)
            )
        }
        return headed(table)
    }

    /// Every signal: reference and window in its own unit, effect, floor, verdict.
    static func signals(_ tests: [DriftTest]) -> Report {
        var table = Table(
            .long("SIGNAL"),
            .text("REFERENCE"),
            .text("NOW"),
            .figure("CHANGE"),
            .spareFigure("EFFECT"),
            .spareFigure("FLOOR"),
            .spareFigure("× FLOOR"),
            .text("VERDICT"),
            .wide("FAMILY"),
            .wide("TEST"),
            .wide("P"),
            .wide("P, HOLM"),
            .wide("PSI (NOISE)"),
            .wide("DETECTABLE"),
            indent: 2
        )
        for test in tests where test.state != .unknown {
            table.row(
                Cell(test.title),
                Cell(test.reference ?? "unknown"),
                Cell(test.current ?? "unknown"),
                Cell(test.change ?? "-"),
                ReportWords.known(test.effect) { size($0, test.effectUnit) },
                Cell(test.allowed.map { "to \($0)" } ?? size(test.floor, test.effectUnit)),
                test.effect == nil ? .nothing : Cell(NumberText.decimal(test.sizeOverFloor, 1)),
                state(test.state),
                Cell(test.family.rawValue),
                Cell(test.test),
                ReportWords.known(test.pValue, NumberText.probability),
                ReportWords.known(test.pHolm, NumberText.probability),
                ReportWords.known(test.stability) { index in
                    NumberText.decimal(index, 3) + (test.stabilityNoise.map { " (\(NumberText.decimal($0, 3)))" } ?? "")
                },
                ReportWords.known(test.detectable) { size($0, test.effectUnit) }
            )
        }
        var report = headed(table)
        if tests.contains(where: { $0.effect != nil }) {
            report.line(Cell("  × floor: the larger of effect and distance of the distributions, in floors", .faint))
        }
        let unseen = tests.filter { $0.state == .unknown }
        for (reason, tests) in Dictionary(grouping: unseen, by: { $0.unseen ?? "there is nothing to compare" })
            .sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) })
        {
            report.line("  ", StatusCell.unknown("unknown, \(reason): \(tests.map(\.title).joined(separator: ", "))"))
        }
        return report
    }

    /// The leading signal over time.
    static func course(_ course: DriftCourse?) -> Report {
        Report { report in
            guard let course, let first = course.points.first, let last = course.points.last else { return }
            let values = course.points.map(\.value)
            let bottom = min(values.min() ?? 0, course.bandLower), top = max(values.max() ?? 0, course.bandUpper)
            func written(_ value: Double) -> String { NumberText.significant(value) }
            let unit = course.unit.isEmpty ? "" : " \(course.unit)"
            report.line("")
            report.line(
                Cell("  \(course.title), \(course.what)  "),
                Cell(BlockChart.line(values, width: 48, bottom: bottom, top: top)),
                Cell("  \(written(first.value)) → \(written(last.value))\(unit)")
            )
            report.line(
                Cell(
                    "  from \(TimeText.second(first.at)); 90 % of the reference between \(written(course.bandLower)) and "
                        + "\(written(course.bandUpper))\(unit)",
                    .faint
                )
            )
        }
    }

    /// Where the change sits, and values the reference never held.
    static func places(_ places: [DriftShare], unseen: [DriftUnseen]) -> Report {
        var table = Table(
            .text("WHERE"),
            .text(""),
            .figure("REFERENCE"),
            .figure("NOW"),
            .figure("PART OF THE CHANGE"),
            indent: 2
        )
        for place in places {
            table.row(
                Cell(place.dimension),
                Cell(place.value),
                Cell(NumberText.share(place.reference)),
                Cell(NumberText.share(place.current)),
                Cell(NumberText.share(place.part))
            )
        }
        var report = headed(table)
        for value in unseen {
            report.line(
                "  ",
                StatusCell.notice("new in \(value.signal): \(value.values.joined(separator: ", "))"),
                Cell(", \(NumberText.count(value.requests, "request")), \(NumberText.share(value.share))")
            )
        }
        return report
    }

    /// The tenth of the window that is least like the reference.
    static func prompts(_ explanation: DriftExplanation?) -> Report {
        guard let explanation else { return Report() }
        var table = Table(.text("WHICH PROMPTS"), .text("LEAST LIKE IT"), .text("THE REST"), indent: 2)
        for line in explanation.lines { table.row(Cell(line.title), Cell(line.unusual), Cell(line.rest)) }
        var report = headed(table)
        for example in explanation.examples.prefix(3) {
            report.line(
                Cell("  \(example.request)  "),
                Cell(example.input.map { DisplayWidth.cut($0, to: 80) } ?? "texts are not kept")
            )
        }
        return report
    }

    private static func headed(_ table: Table) -> Report {
        Report { report in
            if !table.rows.isEmpty { report.line("") }
            report.table(table)
        }
    }

    private static func state(_ state: DriftDegradation.State) -> Cell {
        switch state {
        case .withinMargin: StatusCell.pass("within margin")
        case .unclear: StatusCell.notice("unclear")
        case .beyondMargin: StatusCell.fail("beyond margin")
        case .unknown: StatusCell.unknown("unknown")
        }
    }

    private static func state(_ state: DriftTest.State) -> Cell {
        switch state {
        case .stable: StatusCell.pass("stable")
        case .small: StatusCell.notice("small")
        case .undecided: StatusCell.unknown("undecided")
        case .moved: StatusCell.fail("moved")
        case .better: StatusCell.pass("better")
        case .muted: StatusCell.unknown("muted")
        case .unknown: StatusCell.unknown("unknown")
        }
    }

    /// An effect in its own unit.
    private static func size(_ value: Double, _ unit: DriftTest.EffectUnit) -> String {
        switch unit {
        case .delta: NumberText.decimal(value, 3)
        case .share: NumberText.points(value, signed: false)
        case .logRatio: NumberText.growth(expm1(value), signed: false)
        case .multipleOfNoise: NumberText.decimal(value, 1) + " × noise"
        }
    }

    private static func change(_ value: Double, isRatio: Bool) -> String {
        isRatio ? NumberText.growth(expm1(value)) : NumberText.points(value)
    }
}
