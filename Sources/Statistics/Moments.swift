/// Sum with Neumaier's compensation (1974): independent of the order to the last digits.
func sum(_ values: [Double]) -> Double {
    var sum = 0.0
    var lost = 0.0
    for value in values {
        let next = sum + value
        lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
        sum = next
    }
    // An infinite sum has a not-a-number remainder; the sum alone tells the truth.
    return lost.isNaN ? sum : sum + lost
}

/// Mean, spread and skewness of a sample.
public struct Moments: Sendable, Equatable {
    /// Number of values, at least 1.
    public let n: Int
    /// Arithmetic mean, in the unit of the values.
    public let mean: Double
    /// Sum of squared deviations from the mean.
    public let sumOfSquares: Double
    /// Sum of cubed deviations from the mean.
    public let sumOfCubes: Double

    /// - Returns: nil for no values, or when a value or a sum is not finite.
    public init?(_ values: [Double]) {
        guard !values.isEmpty else { return nil }
        let mean = sum(values) / Double(values.count)
        guard mean.isFinite else { return nil }
        var squares = 0.0
        var cubes = 0.0
        for value in values {
            let deviation = value - mean
            squares += deviation * deviation
            cubes += deviation * deviation * deviation
        }
        guard squares.isFinite, cubes.isFinite else { return nil }
        self.n = values.count
        self.mean = mean
        self.sumOfSquares = squares
        self.sumOfCubes = cubes
    }

    /// Sample variance with divisor n - 1; nil for one value.
    public var variance: Double? {
        n > 1 ? sumOfSquares / Double(n - 1) : nil
    }

    /// Square root of ``variance``.
    public var standardDeviation: Double? {
        variance?.squareRoot()
    }

    /// Third standardised moment (divisor n throughout); 0 for a constant sample.
    public var skewness: Double {
        let count = Double(n)
        let spread = sumOfSquares / count
        return spread > 0 ? (sumOfCubes / count) / (spread * spread.squareRoot()) : 0
    }
}

/// Quantile of type 7 (Hyndman & Fan 1996): linear between order statistics, as numpy and R do by default.
///
/// - Parameter sorted: ascending.
/// - Returns: nil for no values or `q` outside [0, 1].
public func quantile(_ q: Double, ofSorted sorted: [Double]) -> Double? {
    guard !sorted.isEmpty, q >= 0, q <= 1 else { return nil }
    let position = q * Double(sorted.count - 1)
    let below = Int(position)
    let above = min(below + 1, sorted.count - 1)
    let low = sorted[below]
    let fraction = position - Double(below)
    return fraction == 0 ? low : low + (sorted[above] - low) * fraction
}

/// Middle value, or the mean of the two middle values; nil for no values or a value that is not a number.
public func median(_ values: [Double]) -> Double? {
    guard !values.contains(where: \.isNaN) else { return nil }
    return quantile(0.5, ofSorted: values.sorted())
}

/// Ranks from 1, ties sharing the mean of their ranks, and the sum over ties of t^3 - t.
///
/// - Parameter values: no value may be not-a-number.
func midRanks(_ values: [Double]) -> (ranks: [Double], tieTerm: Double) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var tieTerm = 0.0
    var start = 0
    while start < order.count {
        var end = start + 1
        while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
        let size = Double(end - start)
        tieTerm += size * size * size - size
        for position in start..<end { ranks[order[position]] = Double(start + end + 1) / 2 }
        start = end
    }
    return (ranks, tieTerm)
}
