import Foundation

/// How long requests took, in buckets 2 % wide from 10 µs to 10 min: quantiles in constant space.
struct TimeCounts: Hashable, Sendable {
    private static let shortest = 1e-5
    private static let width = 1.02
    private var counts = [Int](repeating: 0, count: 905)
    private var total = 0

    /// Counts a time in seconds.
    mutating func add(_ seconds: Double) {
        let place = log(max(seconds, Self.shortest) / Self.shortest) / log(Self.width)
        counts[min(counts.count - 1, Int(place))] += 1
        total += 1
    }

    /// The time in seconds that `share` of the requests stayed under, within 2 %; nil without any.
    func quantile(_ share: Double) -> Double? {
        guard total > 0 else { return nil }
        var left = max(1, Int((share * Double(total)).rounded(.up)))
        for (place, count) in counts.enumerated() {
            left -= count
            if left <= 0 { return Self.shortest * pow(Self.width, Double(place) + 0.5) }
        }
        return nil
    }
}
