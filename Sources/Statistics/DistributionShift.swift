import Foundation

/// How far two histograms over the same bins are apart.
public enum DistributionShift {
    /// Population stability index: sum (a - e) ln(a / e) over shares, each floored at 1e-4 without renormalising.
    ///
    /// - Returns: nil for different or no bins, a negative count or an empty histogram.
    public static func populationStability(expected: [Double], actual: [Double]) -> Double? {
        guard let e = shares(expected), let a = shares(actual), e.count == a.count else { return nil }
        return sum(
            zip(e, a).map { share, other in
                let low = max(share, 1e-4)
                let high = max(other, 1e-4)
                return (high - low) * log(high / low)
            }
        )
    }

    /// Jensen-Shannon divergence in bits, 0 to 1 (Lin 1991); its square root is the distance.
    public static func jensenShannon(_ first: [Double], _ second: [Double]) -> Double? {
        guard let p = shares(first), let q = shares(second), p.count == q.count else { return nil }
        let terms = zip(p, q).flatMap { x, y -> [Double] in
            let middle = (x + y) / 2
            return [x > 0 ? x * log2(x / middle) : 0, y > 0 ? y * log2(y / middle) : 0]
        }
        return max(0, sum(terms) / 2)
    }

    /// Inner edges of ten bins of equal share in `reference`: type 7 deciles, repeated ones dropped.
    public static func decileEdges(_ reference: [Double]) -> [Double]? {
        guard !reference.isEmpty, reference.allSatisfy(\.isFinite) else { return nil }
        let sorted = reference.sorted()
        var edges: [Double] = []
        for decile in 1...9 {
            guard let edge = quantile(Double(decile) / 10, ofSorted: sorted) else { return nil }
            if edges.last != edge { edges.append(edge) }
        }
        return edges
    }

    /// Counts per bin; bin i holds edge[i-1] < value <= edge[i].
    public static func histogram(_ values: [Double], edges: [Double]) -> [Int] {
        var counts = [Int](repeating: 0, count: edges.count + 1)
        for value in values where !value.isNaN {
            var low = 0
            var high = edges.count
            while low < high {
                let middle = (low + high) / 2
                if value <= edges[middle] { high = middle } else { low = middle + 1 }
            }
            counts[low] += 1
        }
        return counts
    }

    private static func shares(_ counts: [Double]) -> [Double]? {
        let total = sum(counts)
        guard total > 0, total.isFinite, counts.allSatisfy({ $0 >= 0 }) else { return nil }
        return counts.map { $0 / total }
    }
}

/// Area between two distribution functions, in the unit of the values (Wasserstein distance of order 1).
///
/// - Parameters:
///   - weights: one non-negative weight per value, nil = equal.
/// - Returns: nil for an empty sample, unusable values or weights that do not fit.
public func wasserstein(
    _ first: [Double],
    _ second: [Double],
    weights: (first: [Double]?, second: [Double]?) = (nil, nil)
) -> Double? {
    guard let x = WeightedSample(first, weights.first), let y = WeightedSample(second, weights.second)
    else { return nil }
    var i = 0
    var j = 0
    var area: [Double] = []
    var previous = min(x.values[0], y.values[0])
    while i < x.values.count || j < y.values.count {
        let nextX = i < x.values.count ? x.values[i] : .infinity
        let nextY = j < y.values.count ? y.values[j] : .infinity
        let value = min(nextX, nextY)
        area.append(abs(x.below(i) - y.below(j)) * (value - previous))
        while i < x.values.count, x.values[i] == value { i += 1 }
        while j < y.values.count, y.values[j] == value { j += 1 }
        previous = value
    }
    return sum(area)
}

/// Values in order with the running share of their weight.
private struct WeightedSample {
    let values: [Double]
    private let running: [Double]

    init?(_ values: [Double], _ weights: [Double]?) {
        let weights = weights ?? [Double](repeating: 1, count: values.count)
        guard !values.isEmpty, weights.count == values.count, values.allSatisfy(\.isFinite),
            weights.allSatisfy({ $0 >= 0 && $0.isFinite })
        else { return nil }
        let total = sum(weights)
        guard total > 0, total.isFinite else { return nil }
        let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
        self.values = order.map { values[$0] }
        var seen = 0.0
        running = order.map { index in
            seen += weights[index]
            return seen / total
        }
    }

    /// Share of the weight in the first `count` values.
    func below(_ count: Int) -> Double {
        count == 0 ? 0 : running[count - 1]
    }
}
