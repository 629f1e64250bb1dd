import Foundation

/// A chart over time for the template `chart`: the finding in words above it, the drawing below.
///
/// Colours are in the drawing as well as in the style sheet, and each meaning has a shape or a dash besides its colour.
struct TimeChart: Hashable, Sendable {
    /// A label beside a grid line, or below the drawing.
    struct Label: Hashable, Sendable {
        let at: HTMLText
        let text: HTMLText
        /// Where the middle of the text is.
        let middle: HTMLText

        init(at: HTMLText, text: HTMLText, middle: HTMLText? = nil) {
            self.at = at
            self.text = text
            self.middle = middle ?? at
        }
    }

    /// Something that is drawn.
    struct Stroke: Hashable, Sendable {
        let path: HTMLText
        let paint: HTMLText
        let colour: HTMLText
        let width: HTMLText
        let dash: HTMLText
    }

    /// Something that is filled.
    struct Shape: Hashable, Sendable {
        let path: HTMLText
        let paint: HTMLText
        let colour: HTMLText
    }

    /// The colours, by the class that the style sheet knows.
    enum Paint: String {
        /// What is looked at.
        case series = "iv"
        /// What it is compared with.
        case limit
        /// What is wrong.
        case bad
        /// What is allowed.
        case zone
        /// What is more than allowed.
        case overdrawn = "over"
        /// What is only there.
        case grid

        /// The colour in light.
        var colour: String {
            switch self {
            case .series: "#b35900"
            case .limit: "#6e7781"
            case .bad: "#a40e26"
            case .zone: "#e6f4ea"
            case .overdrawn: "#ffebe9"
            case .grid: "#d0d7de"
            }
        }
    }

    /// Labels have room beside it: `−1,000 %` to the left, half a time to the right.
    static let left = 64.0, right = 700.0, top = 8.0
    /// How wide the drawing is, as its template has it.
    static let width = 720.0

    /// What the chart shows, in one sentence.
    let finding: HTMLText
    let height: HTMLText
    /// Where the drawing ends below.
    let bottom: HTMLText
    let below: HTMLText
    let lines: [Label]
    let times: [Label]
    let zones: [Shape]
    let strokes: [Stroke]
    let shapes: [Shape]

    /// A chart of `height` pixels with time below. `lines` are grid lines by height and label.
    init(
        _ finding: String,
        axis: TimeAxis,
        height: Double,
        lines: [(y: Double, label: String)],
        zones: [(String, Paint)] = [],
        strokes: [(path: String, paint: Paint, width: Double, dash: String?)],
        shapes: [(String, Paint)] = []
    ) {
        self.finding = HTMLText(finding, limit: 600)
        self.height = Drawing.place(height)
        bottom = Drawing.place(height - 20)
        below = Drawing.place(height - 5)
        self.lines = lines.map { Label(at: Drawing.place($0.y), text: HTMLText($0.label)) }
        // A label stands around its moment, and wholly inside the drawing: one with seconds is wider than the room.
        times = axis.ticks.map { tick in
            let half = Double(tick.label.utf8.count) * 3.3
            return Label(
                at: Drawing.place(tick.x),
                text: HTMLText(tick.label),
                middle: Drawing.place(min(tick.x, TimeChart.width - half))
            )
        }
        func shape(_ shape: (String, Paint)) -> Shape {
            Shape(
                path: HTMLText(shape.0, limit: 8000),
                paint: HTMLText(shape.1.rawValue),
                colour: HTMLText(shape.1.colour)
            )
        }
        self.zones = zones.filter { !$0.0.isEmpty }.map(shape)
        self.strokes = strokes.filter { !$0.path.isEmpty }.map {
            Stroke(
                path: HTMLText($0.path, limit: 8000),
                paint: HTMLText($0.paint.rawValue),
                colour: HTMLText($0.paint.colour),
                width: Drawing.place($0.width),
                dash: HTMLText($0.dash ?? "none")
            )
        }
        self.shapes = shapes.filter { !$0.0.isEmpty }.map(shape)
    }
}

/// Values from bottom to top.
struct ValueAxis {
    let low: Double
    let high: Double
    let top: Double
    let bottom: Double

    /// From `low` to `high`, drawn between `bottom` and `top` in pixels.
    init(_ low: Double, _ high: Double, top: Double = TimeChart.top, bottom: Double) {
        self.low = low
        self.high = high > low ? high : low + 1
        self.top = top
        self.bottom = bottom
    }

    /// Where `value` is; at the edge when it is past it.
    func y(_ value: Double) -> Double {
        let share = (value - low) / (high - low)
        return bottom - (share.isFinite ? min(max(share, 0), 1) : 0) * (bottom - top)
    }

    /// The least of 1, 2 and 5 times a power of ten that is at least `value`.
    static func rounded(_ value: Double) -> Double {
        guard value.isFinite, value > 0 else { return 1 }
        let unit = pow(10, log10(value).rounded(.down))
        return ([1, 2, 5, 10].first { $0 * unit >= value * (1 - 1e-9) } ?? 10) * unit
    }
}
