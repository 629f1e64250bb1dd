import Foundation

/// A small line of the last half hour beside a figure, for the template `spark`.
struct Sparkline: Hashable, Sendable {
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
