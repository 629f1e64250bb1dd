import Foundation

/// Whether two samples spread over the same categories alike: a table of two rows (Pearson 1900, 1904).
public struct Homogeneity: Sendable, Equatable {
    /// Counts of the first sample by category; a category that both samples lack is left out.
    public let first: [Double]
    /// Counts of the second sample by category.
    public let second: [Double]
    /// Size of the first sample.
    public let firstTotal: Double
    /// Size of the second sample.
    public let secondTotal: Double

    /// - Parameters:
    ///   - first: counts by category, not negative.
    ///   - second: counts by the same categories.
    /// - Returns: nil for tables that do not fit, a negative count or an empty sample.
    public init?(_ first: [Double], _ second: [Double]) {
        guard first.count == second.count, first.allSatisfy({ $0 >= 0 && $0.isFinite }),
            second.allSatisfy({ $0 >= 0 && $0.isFinite })
        else { return nil }
        let kept = first.indices.filter { first[$0] + second[$0] > 0 }
        self.first = kept.map { first[$0] }
        self.second = kept.map { second[$0] }
        firstTotal = sum(self.first)
        secondTotal = sum(self.second)
        guard firstTotal > 0, secondTotal > 0 else { return nil }
    }

    /// Number of categories less one.
    public var degreesOfFreedom: Int { first.count - 1 }

    /// Smallest count expected in any cell if both samples come from the same law.
    public var smallestExpected: Double {
        let share = min(firstTotal, secondTotal) / (firstTotal + secondTotal)
        return (zip(first, second).map(+).min() ?? 0) * share
    }

    /// Pearson's statistic; 0 for a single category.
    public var chiSquared: Double { sum(parts) }

    /// What each category adds to ``chiSquared``, in the order of ``first``.
    public var parts: [Double] {
        let all = firstTotal + secondTotal
        return zip(first, second).map { x, y in
            // Both cells of a column deviate by the same amount.
            let deviation = x - (x + y) * firstTotal / all
            return deviation * deviation * all * all / ((x + y) * firstTotal * secondTotal)
        }
    }

    /// The likelihood ratio statistic (Wilks 1938).
    public var likelihoodRatio: Double {
        let all = firstTotal + secondTotal
        return max(
            0,
            2
                * sum(
                    zip(first, second).flatMap { x, y -> [Double] in
                        let column = (x + y) / all
                        return [
                            x > 0 ? x * log(x / (column * firstTotal)) : 0,
                            y > 0 ? y * log(y / (column * secondTotal)) : 0,
                        ]
                    }
                )
        )
    }

    /// Pearson's statistic with every deviation brought nearer to 0 by up to one half (Yates 1934), for two categories.
    public var chiSquaredYates: Double {
        let all = firstTotal + secondTotal
        return sum(
            zip(first, second).map { x, y in
                let raw = abs(x - (x + y) * firstTotal / all)
                let deviation = raw - min(0.5, raw)
                return deviation * deviation * all * all / ((x + y) * firstTotal * secondTotal)
            }
        )
    }

    /// p-value of a statistic of this table; 1 for a single category.
    public func pValue(of statistic: Double) -> Double {
        degreesOfFreedom > 0 ? ChiSquared.upperTail(statistic, df: Double(degreesOfFreedom)) ?? 1 : 1
    }

    /// Cramer's V with the bias taken out (Bergsma 2013); nil where the correction leaves no category.
    public var cramersV: Double? {
        let all = firstTotal + secondTotal
        guard all > 1, degreesOfFreedom > 0 else { return nil }
        let columns = Double(first.count)
        let bias = (columns - 1) / (all - 1)
        let rows = 2 - 1 / (all - 1)
        let kept = columns - (columns - 1) * (columns - 1) / (all - 1)
        let limit = min(rows, kept) - 1
        guard limit > 0 else { return nil }
        return (max(0, chiSquared / all - bias) / limit).squareRoot()
    }

    /// Half the sum of the differences of shares, 0 to 1.
    public var totalVariation: Double {
        sum(zip(first, second).map { abs($0 / firstTotal - $1 / secondTotal) }) / 2
    }

    /// The table with its rarest categories taken together until every expected count is at least `minimum`;
    /// the table itself when none is smaller.
    public func pooled(minimum: Double = 5) -> Homogeneity {
        let share = min(firstTotal, secondTotal) / (firstTotal + secondTotal)
        let order = first.indices.sorted { (first[$0] + second[$0], $0) < (first[$1] + second[$1], $1) }
        var taken = 0
        var x = 0.0
        var y = 0.0
        for index in order {
            let small = (first[index] + second[index]) * share < minimum
            // Once begun, the pool goes on until it is itself large enough.
            guard small || (taken > 0 && (x + y) * share < minimum) else { break }
            x += first[index]
            y += second[index]
            taken += 1
        }
        guard taken > 0 else { return self }
        let rest = order.dropFirst(taken).sorted()
        return Homogeneity(rest.map { first[$0] } + [x], rest.map { second[$0] } + [y]) ?? self
    }
}

/// Fisher's exact test (1935) of a table of two rows and two columns, two-sided: the probability of all tables with the
/// same margins that are at most as likely as the one seen.
///
/// - Parameters:
///   - first: cases with and without the trait in the first sample.
///   - second: the same in the second sample.
/// - Returns: nil for a negative count; 1 for an empty margin.
public func fisherExact(_ first: (with: Int, without: Int), _ second: (with: Int, without: Int)) -> Double? {
    guard first.with >= 0, first.without >= 0, second.with >= 0, second.without >= 0 else { return nil }
    let row = first.with + first.without
    let other = second.with + second.without
    let column = first.with + second.with
    let all = row + other
    let low = max(0, column - other)
    let high = min(row, column)
    guard high > low else { return 1 }
    // Neighbours differ by a rational factor; one logarithm of factorials would lose digits at large counts.
    func ratio(_ k: Int) -> Double {
        Double(row - k + 1) * Double(column - k + 1) / (Double(k) * Double(other - column + k))
    }
    let mode = min(high, max(low, Int((Double(row) + 1) * (Double(column) + 1) / (Double(all) + 2))))
    var weights = [Double](repeating: 0, count: high - low + 1)
    weights[mode - low] = 1
    for k in stride(from: mode + 1, through: high, by: 1) { weights[k - low] = weights[k - low - 1] * ratio(k) }
    for k in stride(from: mode - 1, through: low, by: -1) { weights[k - low] = weights[k - low + 1] / ratio(k + 1) }
    let seen = weights[first.with - low] * (1 + 1e-7)
    return min(1, sum(weights.filter { $0 <= seen }) / sum(weights))
}
