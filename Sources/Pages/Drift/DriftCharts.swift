import RegistryRecords
import RegistryTypes
import WireFormat
import Wording

/// How the leading signal went over time, with the band of the reference and what was changed meanwhile.
struct DriftCourseChart: Hashable, Sendable {
    /// A point.
    struct Point: Hashable, Sendable {
        let at: PageTime
        let requests: HTMLText
        let value: HTMLText
        let inside: HTMLText
    }

    let chart: TimeChart
    let summary: HTMLText
    let points: [Point]

    /// nil without points.
    init?(_ course: DriftCourse, changes: [TimelineRow]) {
        let shown = course.points.suffix(200)
        // One point is no course; older reports hold some.
        guard shown.count > 1, let first = shown.first, let last = shown.last else { return nil }
        let axis = TimeAxis(
            first.at,
            last.at.adding(seconds: last.seconds),
            left: TimeChart.left,
            right: TimeChart.right
        )
        let values = shown.map(\.value).filter(\.isFinite)
        let low = min(values.min() ?? 0, course.bandLower), high = max(values.max() ?? 1, course.bandUpper)
        let room = max((high - low) * 0.08, 1e-9)
        let y = ValueAxis(low - room, high + room, bottom: 120)
        func words(_ value: Double) -> String {
            let text = NumberText.significant(value)
            return course.unit.isEmpty ? text : "\(text) \(course.unit)"
        }
        let outside = shown.filter { $0.value < course.bandLower || $0.value > course.bandUpper }
        let band = "\(words(course.bandLower)) to \(words(course.bandUpper))"
        var place = shown.startIndex, gaps: [(x: Double, y: Double)?] = []
        while place < shown.endIndex {
            let point = shown[place]
            let middle = axis.x(point.at.adding(seconds: point.seconds / 2))
            gaps.append((middle, y.y(point.value)))
            let next = place + 1
            if next < shown.endIndex, shown[next].at.seconds(since: point.at) > point.seconds * 1.5 { gaps.append(nil) }
            place = next
        }
        let moves = changes.filter { axis.holds($0.at) }.prefix(40)
        chart = TimeChart(
            "\(course.title), \(course.what): outside the reference's band of \(band) in \(NumberText.count(outside.count)) of \(NumberText.count(shown.count, "stretch", plural: "stretches"))",
            axis: axis,
            height: 150,
            lines: [y.low, (y.low + y.high) / 2, y.high].map {
                (y.y($0), NumberText.decimal($0, high >= 100 ? 0 : high >= 1 ? 1 : 2))
            },
            zones: [
                (
                    "M\(Drawing.coordinate(TimeChart.left)) \(Drawing.coordinate(y.y(course.bandUpper)))H\(Drawing.coordinate(TimeChart.right))V\(Drawing.coordinate(y.y(course.bandLower)))H\(Drawing.coordinate(TimeChart.left))z",
                    .zone
                )
            ],
            strokes: [
                (
                    moves.map {
                        "M\(Drawing.coordinate(axis.x($0.at))) \(Drawing.coordinate(TimeChart.top))V120"
                    }.joined(), .limit, 1, "2 3"
                ),
                (Drawing.line(gaps), .series, 2, nil),
            ],
            shapes: [
                (
                    outside.map {
                        Drawing.Symbol.triangle.outline(axis.x($0.at.adding(seconds: $0.seconds / 2)), y.y($0.value))
                    }.joined(), .bad
                )
            ]
        )
        summary =
            "\(NumberText.count(shown.count, "stretch", plural: "stretches")); the band holds 90 % of such stretches of the reference; dashed uprights are changes"
        points = shown.suffix(100).map { point in
            Point(
                at: PageTime(point.at),
                requests: HTMLText(NumberText.count(point.requests)),
                value: HTMLText(words(point.value)),
                inside: point.value < course.bandLower
                    ? "below" : point.value > course.bandUpper ? "above" : "inside"
            )
        }
    }
}

/// How a signal was spread in the reference, and how it is now: a dashed and a full bar for each part.
struct PairedBars: Hashable, Sendable {
    /// A part.
    struct Part: Hashable, Sendable {
        let label: HTMLText
        let reference: HTMLText
        let current: HTMLText
        let referenceLength: HTMLText
        let currentLength: HTMLText
        let words: HTMLText
    }

    static let pixels = 120.0

    let finding: HTMLText
    let title: HTMLText
    let parts: [Part]

    init(_ bars: DriftBars) {
        let shown = bars.parts.prefix(10)
        let highest = max(shown.map { max($0.reference, $0.current) }.max() ?? 1, 1e-9)
        let unit = bars.unit.isEmpty ? "" : " in \(bars.unit)"
        title = HTMLText(bars.title + unit, limit: 100)
        let widest = shown.max { abs($0.current - $0.reference) < abs($1.current - $1.reference) }
        finding = HTMLText(
            widest.map {
                "\(bars.title): \($0.label) went from \(NumberText.share($0.reference)) to \(NumberText.share($0.current)) of requests, the largest change"
            } ?? "\(bars.title): no parts",
            limit: 300
        )
        parts = shown.map { part in
            func length(_ share: Double) -> HTMLText { Drawing.place(max(1, share / highest * PairedBars.pixels)) }
            return Part(
                // A range is read as one word; a value may be long.
                label: HTMLText(
                    part.label.utf8.count <= 24 ? part.label.replacing(" ", with: "\u{a0}") : part.label,
                    limit: 60
                ),
                reference: HTMLText(NumberText.share(part.reference)),
                current: HTMLText(NumberText.share(part.current)),
                referenceLength: length(part.reference),
                currentLength: length(part.current),
                words: HTMLText("from \(NumberText.share(part.reference)) to \(NumberText.share(part.current))")
            )
        }
    }
}
