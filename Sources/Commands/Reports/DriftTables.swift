import Foundation
import RegistryRecords
import WireFormat

/// The tables of a drift report.
enum DriftTables {
    /// Does it hurt?
    static func degradations(_ degradations: [DriftDegradation]) -> Report {
        var table = Table(
            .text("DOES IT HURT?"),
            .text("REFERENCE"),
            .text("NOW"),
            .figure("CHANGE"),
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
                Words.known(degradation.change, written),
                Cell(interval ?? "-"),
                Cell(written(degradation.margin)),
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
        for test in tests {
            table.row(
                Cell(test.title),
                Cell(test.reference ?? "unknown"),
                Cell(test.current ?? "unknown"),
                Cell(test.change ?? "-"),
                Words.known(test.effect) { size($0, test.effectUnit) },
                Cell(size(test.floor, test.effectUnit)),
                test.effect == nil ? .nothing : Cell(Figures.decimal(test.sizeOverFloor, 1)),
                state(test.state),
                Cell(test.family.rawValue),
                Cell(test.test),
                Words.known(test.pValue, probability),
                Words.known(test.pHolm, probability),
                Words.known(test.stability) { index in
                    Figures.decimal(index, 3) + (test.stabilityNoise.map { " (\(Figures.decimal($0, 3)))" } ?? "")
                },
                Words.known(test.detectable) { size($0, test.effectUnit) }
            )
        }
        return headed(table)
    }

    /// The leading signal over time.
    static func course(_ course: DriftCourse?) -> Report {
        Report { report in
            guard let course, let first = course.points.first, let last = course.points.last else { return }
            let values = course.points.map(\.value)
            let bottom = min(values.min() ?? 0, course.bandLower), top = max(values.max() ?? 0, course.bandUpper)
            func written(_ value: Double) -> String { Figures.significant(value) }
            let unit = course.unit.isEmpty ? "" : " \(course.unit)"
            report.line("")
            report.line(
                Cell("  \(course.title), \(course.what)  "),
                Cell(Sparkline.text(values, width: 48, bottom: bottom, top: top)),
                Cell("  \(written(first.value)) → \(written(last.value))\(unit)")
            )
            report.line(
                Cell(
                    "  from \(Figures.time(first.at)); 90 % of the reference between \(written(course.bandLower)) and "
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
                Cell(Figures.share(place.reference)),
                Cell(Figures.share(place.current)),
                Cell(Figures.share(place.part))
            )
        }
        var report = headed(table)
        for value in unseen {
            report.line(
                "  ",
                Sign.notice("new in \(value.signal): \(value.values.joined(separator: ", "))"),
                Cell(", \(Words.count(value.requests, "request")), \(Figures.share(value.share))")
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
        case .withinMargin: Sign.pass("within margin")
        case .unclear: Sign.notice("unclear")
        case .beyondMargin: Sign.fail("beyond margin")
        case .unknown: Sign.unknown("unknown")
        }
    }

    private static func state(_ state: DriftTest.State) -> Cell {
        switch state {
        case .stable: Sign.pass("stable")
        case .small: Sign.notice("small")
        case .moved: Sign.fail("moved")
        case .muted: Sign.unknown("muted")
        case .unknown: Sign.unknown("unknown")
        }
    }

    /// An effect in its own unit.
    private static func size(_ value: Double, _ unit: DriftTest.EffectUnit) -> String {
        switch unit {
        case .delta: Figures.decimal(value, 3)
        case .share: Figures.decimal(value * 100, 1) + " points"
        case .logRatio: Figures.decimal(expm1(value) * 100, 1) + " %"
        case .multipleOfNoise: Figures.decimal(value, 1) + " × noise"
        }
    }

    private static func change(_ value: Double, isRatio: Bool) -> String {
        isRatio
            ? Figures.decimal(expm1(value) * 100, 1, signed: true) + " %"
            : Figures.decimal(value * 100, 1, signed: true) + " points"
    }

    /// What cannot be told from zero says so.
    private static func probability(_ value: Double) -> String {
        value < 0.0001 ? "< 0.0001" : Figures.decimal(value, 4)
    }
}
