import Foundation
import Wording

/// The horizontal axis of the checks: degradation in units of the margin, so that all checks share one scale.
///
/// Between −1 and 1 the axis is linear; beyond, logarithmic with the same slope at the joint, so that a check at 1.1
/// margins and one at 16 can both be read.
struct IntervalAxis: Hashable, Sendable {
    /// A labelled place on the axis.
    struct Tick: Hashable, Sendable {
        let x: HTMLText
        let label: HTMLText
    }

    /// Width of the drawing, in pixels.
    let width: HTMLText
    /// Where no degradation is.
    let zero: HTMLText
    /// Where the margin is.
    let one: HTMLText
    /// The distance between the two.
    let allowed: HTMLText
    /// The labelled places.
    let ticks: [Tick]
    /// Uprights through them, as high as a row: one path, so that a page of many rows stays small.
    let grid: HTMLText

    private let left: Double
    private let right: Double
    /// As wide as the table leaves it on a screen of 1,200 pixels, so that no check is out of sight.
    private static let pixels = 256.0
    private static let inset = 14.0

    /// An axis on which all `degradations` (in units of the margin) have a place, as far as 100 margins.
    init(degradations: [Double]) {
        let finite = degradations.filter(\.isFinite)
        let left = min(-1, IntervalAxis.compressed(max(finite.min() ?? -1, -10)))
        let right = max(IntervalAxis.compressed(2), IntervalAxis.compressed(min(finite.max() ?? 1, 100)))
        self.left = left
        self.right = right
        width = Drawing.place(IntervalAxis.pixels)
        func place(_ degradation: Double) -> Double {
            IntervalAxis.place(IntervalAxis.compressed(degradation), left: left, right: right)
        }
        zero = Drawing.place(place(0))
        one = Drawing.place(place(1))
        allowed = Drawing.place(place(1) - place(0))
        var ticks: [Tick] = []
        var last = -Double.infinity
        for degradation in [-10.0, -3, -1, 0, 1, 2, 5, 10, 30, 100] {
            let x = place(degradation)
            guard (left...right).contains(IntervalAxis.compressed(degradation)), x - last >= 22 else { continue }
            ticks.append(Tick(x: Drawing.place(x), label: HTMLText(NumberText.decimal(degradation, 0))))
            last = x
        }
        self.ticks = ticks
        grid = HTMLText(ticks.map { "M\($0.x.plain) 0V57" }.joined())
    }

    /// Where `degradation` is, in pixels; at the edge when it is past it.
    func x(_ degradation: Double) -> HTMLText {
        let inside = min(max(IntervalAxis.compressed(degradation), left), right)
        return Drawing.place(IntervalAxis.place(inside, left: left, right: right))
    }

    private static func compressed(_ degradation: Double) -> Double {
        guard !degradation.isNaN else { return 0 }
        guard abs(degradation) > 1 else { return degradation }
        return (degradation < 0 ? -1 : 1) * (1 + log(abs(degradation)))
    }

    private static func place(_ compressed: Double, left: Double, right: Double) -> Double {
        inset + (compressed - left) / (right - left) * (pixels - 2 * inset)
    }
}
