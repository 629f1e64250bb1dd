import Foundation

/// The population stability index over counts, smoothed so that an empty bin stays finite, and what it is by chance.
public enum PopulationStability {
    /// sum (r - c) ln(r / c) over shares (count + 0.5) / (n + 0.5 B), B bins (Jeffreys' prior).
    ///
    /// - Returns: nil for no or different bins, a negative count or an empty histogram.
    public static func smoothed(reference: [Double], current: [Double]) -> Double? {
        guard !reference.isEmpty, reference.count == current.count, reference.allSatisfy({ $0 >= 0 && $0.isFinite }),
            current.allSatisfy({ $0 >= 0 && $0.isFinite })
        else { return nil }
        let n = sum(reference)
        let m = sum(current)
        guard n > 0, m > 0 else { return nil }
        let extra = 0.5 * Double(reference.count)
        return sum(
            zip(reference, current).map { x, y in
                let r = (x + 0.5) / (n + extra)
                let c = (y + 0.5) / (m + extra)
                return (r - c) * log(r / c)
            }
        )
    }

    /// Counts per bin; bin i holds edge[i-1] <= value < edge[i].
    public static func histogram(_ values: [Double], edges: [Double]) -> [Double] {
        var counts = [Double](repeating: 0, count: edges.count + 1)
        for value in values where !value.isNaN {
            var low = 0
            var high = edges.count
            while low < high {
                let middle = (low + high) / 2
                if value < edges[middle] { high = middle } else { low = middle + 1 }
            }
            counts[low] += 1
        }
        return counts
    }

    /// The index that two samples of the same law exceed with probability `alpha`:
    /// (1/n + 1/m) times the chi-square quantile with `bins` - 1 degrees of freedom (Yurdakul 2018).
    public static func noiseLine(bins: Int, n: Double, m: Double, alpha: Double) -> Double? {
        guard bins > 1, n > 0, m > 0 else { return nil }
        return ChiSquared.quantile(1 - alpha, df: Double(bins - 1)).map { $0 * (1 / n + 1 / m) }
    }

    /// Its mean for two samples of the same law.
    public static func noiseMean(bins: Int, n: Double, m: Double) -> Double { Double(bins - 1) * (1 / n + 1 / m) }
}

/// What other distances are by chance between two samples of the same law.
public enum DistanceNoise {
    /// The Jensen-Shannon divergence in nats that is exceeded with probability `alpha`: an eighth of the index's.
    public static func jensenShannonNats(bins: Int, n: Double, m: Double, alpha: Double) -> Double? {
        PopulationStability.noiseLine(bins: bins, n: n, m: m, alpha: alpha).map { $0 / 8 }
    }

    /// The Kolmogorov-Smirnov distance that is exceeded with probability `alpha`: sqrt(-ln(alpha / 2) / 2 (1/n + 1/m)).
    public static func kolmogorovSmirnov(n: Double, m: Double, alpha: Double) -> Double? {
        guard n > 0, m > 0, alpha > 0, alpha < 1 else { return nil }
        return (-log(alpha / 2) / 2 * (1 / n + 1 / m)).squareRoot()
    }
}
