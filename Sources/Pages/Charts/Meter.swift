import Wording

/// How much of something is left or used, as a bar beside its figure, for the template `meter`.
struct Meter: Hashable, Sendable {
    /// What it shows, in words; the figure itself.
    let words: HTMLText
    /// Length of the bar, of 80 pixels.
    let length: HTMLText
    /// Where the limit is; nil when the end is the limit.
    let limit: HTMLText?
    let paint: HTMLText
    let colour: HTMLText

    /// The share of an error budget that is left; nil is unknown and has no bar.
    init?(budgetLeft: Double?) {
        guard let budgetLeft, budgetLeft.isFinite else { return nil }
        self.init(
            NumberText.budget(budgetLeft),
            share: budgetLeft,
            paint: budgetLeft > 0.25 ? .series : .bad
        )
    }

    /// A value on its way to a limit, which is drawn at two thirds of the bar; nil when the value is unknown.
    init?(value: Double?, limit: Double, words: String) {
        guard let value, value.isFinite, limit > 0 else { return nil }
        self.words = HTMLText(words)
        length = Drawing.place(min(max(value / limit / 1.5, 0), 1) * 80)
        self.limit = Drawing.place(80 / 1.5)
        let paint: TimeChart.Paint = value >= limit ? .bad : .series
        self.paint = HTMLText(paint.rawValue)
        colour = HTMLText(paint.colour)
    }

    private init(_ words: String, share: Double, paint: TimeChart.Paint) {
        self.words = HTMLText(words)
        length = Drawing.place(min(max(share, 0), 1) * 80)
        limit = nil
        self.paint = HTMLText(paint.rawValue)
        colour = HTMLText(paint.colour)
    }
}

/// A small line of the last half hour beside a figure, for the template `spark`.
struct TrendLine: Hashable, Sendable {
    /// What it shows, in words.
    let finding: HTMLText
    let path: HTMLText
    let lastX: HTMLText
    let lastY: HTMLText

    /// Of `values`, oldest first, where nil is "no data"; nil with fewer than two values.
    init?(_ values: [Double?], what: String, words: (Double) -> String) {
        let known = values.compactMap { $0 }
        guard known.count >= 2, let low = known.min(), let high = known.max(),
            let last = values.lastIndex(where: { $0 != nil }), let lastValue = values[last]
        else { return nil }
        func point(_ index: Int, _ value: Double) -> (x: Double, y: Double) {
            let share = high > low ? (value - low) / (high - low) : 0.5
            return (2 + 92 * Double(index) / Double(max(1, values.count - 1)), 18 - 14 * share)
        }
        path = HTMLText(
            Drawing.line(values.enumerated().map { index, value in value.map { point(index, $0) } }),
            limit: 2000
        )
        let end = point(last, lastValue)
        lastX = Drawing.place(end.x)
        lastY = Drawing.place(end.y)
        finding = HTMLText("\(what): \(words(low)) to \(words(high)), last \(words(lastValue))")
    }
}
