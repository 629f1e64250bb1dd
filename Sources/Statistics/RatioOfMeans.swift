import Foundation

/// ln(mean candidate / mean baseline) by the delta method: what a bill or a token budget changes by.
public enum RatioOfMeans {
    /// Paired samples: the linearised differences g_i = C_i / mean C - B_i / mean B around the log ratio.
    ///
    /// The mean of the result is the log ratio, its standard error that of the mean of g.
    ///
    /// - Returns: nil for arrays of different length, fewer than two pairs, or a mean that is not positive.
    public static func paired(baseline: [Double], candidate: [Double]) -> PairedMean? {
        guard let values = linearised(baseline: baseline, candidate: candidate) else { return nil }
        guard let logRatio = values.constant else { return PairedMean(differences: values.differences) }
        return PairedMean(constant: logRatio, n: baseline.count)
    }

    /// The log ratio plus what each pair moves it by: values whose mean is the log ratio, one a pair.
    ///
    /// - Returns: nil where ``paired(baseline:candidate:)`` is; `constant` is the ratio where it is known, not estimated,
    ///   because the arms are proportional.
    public static func linearised(baseline: [Double], candidate: [Double])
        -> (differences: [Double], constant: Double?)?
    {
        guard baseline.count == candidate.count, let b = Moments(baseline), let c = Moments(candidate),
            b.n > 1, b.mean > 0, c.mean > 0
        else { return nil }
        let logRatio = log(c.mean / b.mean)
        var influence: [Double] = []
        influence.reserveCapacity(b.n)
        var largest = 0.0
        for (base, cand) in zip(baseline, candidate) {
            let x = cand / c.mean
            let y = base / b.mean
            largest = max(largest, abs(x), abs(y))
            influence.append(x - y)
        }
        // Proportional arms leave only rounding in g: the ratio is then known, not estimated.
        let residue = influence.reduce(0) { max($0, abs($1)) }
        let differences = influence.map { $0 + logRatio }
        return (differences, residue > 8 * largest.ulp ? nil : logRatio)
    }

    /// Independent samples: delta-method variances with Welch's degrees of freedom.
    ///
    /// - Returns: nil when a sample has fewer than two values or a mean that is not positive.
    public static func unpaired(baseline: [Double], candidate: [Double]) -> Welch? {
        guard let b = Moments(baseline), let c = Moments(candidate), let vb = b.variance, let vc = c.variance,
            b.mean > 0, c.mean > 0
        else { return nil }
        return Welch(
            difference: log(c.mean / b.mean),
            varianceOfFirstMean: vc / (c.mean * c.mean) / Double(c.n),
            first: c.n,
            varianceOfSecondMean: vb / (b.mean * b.mean) / Double(b.n),
            second: b.n
        )
    }
}

/// Standard error of a mean whose values come in clusters, such as the turns of a conversation (Miller 2024).
///
/// - Returns: nil for arrays of different length or no values.
public func clusteredStandardError(of differences: [Double], clusters: [Int]) -> Double? {
    guard differences.count == clusters.count, let moments = Moments(differences) else { return nil }
    var sums: [Int: Double] = [:]
    var order: [Int] = []
    for (difference, cluster) in zip(differences, clusters) {
        if sums[cluster] == nil { order.append(cluster) }
        sums[cluster, default: 0] += difference - moments.mean
    }
    // In order of appearance: a dictionary's own order changes from run to run, and with it the last digit.
    let squares = order.map { cluster in
        let value = sums[cluster, default: 0]
        return value * value
    }
    return sum(squares).squareRoot() / Double(moments.n)
}
