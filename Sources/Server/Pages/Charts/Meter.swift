import Foundation

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
            Meter.budget(budgetLeft),
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

    /// `74 %`, or `−31 %` when overspent.
    static func budget(_ left: Double) -> String {
        Figures.decimal(left * 100, left != 0 && abs(left) < 0.095 ? 1 : 0) + " %"
    }
}
