/// Differences that come in clusters, such as the turns of a conversation, brought to one value a cluster.
///
/// The values have the mean of the differences, and the standard error of their mean is the clustered one of Miller (2024)
/// with the correction of its number (Cameron & Miller 2015): sqrt(G / (G - 1)) sqrt(sum of squared cluster sums) / n, with
/// G - 1 degrees of freedom. Whatever is computed from single differences can so be computed from clusters; where every
/// cluster has one member, nothing changes.
public struct Clusters: Sendable, Equatable {
    /// One value a cluster, in the order in which the clusters first occur.
    public let values: [Double]
    /// The variance of the mean, over that of as many differences that do not hang together; 1 where nothing is known.
    public let designEffect: Double
    /// Members of the largest cluster.
    public let largest: Int

    /// - Parameters:
    ///   - differences: one a pair.
    ///   - clusters: which cluster each difference belongs to.
    /// - Returns: nil for arrays of different length, no values or values that are not finite.
    public init?(differences: [Double], clusters: [Int]) {
        guard differences.count == clusters.count, let moments = Moments(differences) else { return nil }
        var place: [Int: Int] = [:]
        var sums: [Double] = []
        var sizes: [Int] = []
        for (difference, cluster) in zip(differences, clusters) {
            let index: Int
            if let known = place[cluster] {
                index = known
            } else {
                index = sums.count
                place[cluster] = index
                sums.append(0)
                sizes.append(0)
            }
            sums[index] += difference - moments.mean
            sizes[index] += 1
        }
        largest = sizes.max() ?? 0
        guard largest > 1 else {
            values = differences
            designEffect = 1
            return
        }
        let scale = Double(sums.count) / Double(moments.n)
        values = sums.map { moments.mean + scale * $0 }
        let clustered = PairedMean(differences: values)?.standardError ?? 0
        let alone = PairedMean(differences: differences)?.standardError ?? 0
        designEffect = alone > 0 ? (clustered / alone) * (clustered / alone) : 1
    }
}

/// Whether an effect is the same in several groups (Cochran 1954).
public struct Heterogeneity: Sendable, Equatable {
    /// The effect over all groups, each weighted by one over its variance.
    public let pooled: Double
    /// Cochran's Q: the weighted sum of squared distances from ``pooled``.
    public let q: Double
    /// Groups less one.
    public let degreesOfFreedom: Int

    /// - Parameter groups: estimate and standard error of each; those without spread cannot be weighed and are left out.
    /// - Returns: nil for fewer than two groups.
    public init?(_ groups: [(estimate: Double, standardError: Double)]) {
        let usable = groups.filter { $0.estimate.isFinite && $0.standardError > 0 && $0.standardError.isFinite }
        guard usable.count > 1, let smallest = usable.map(\.standardError).min() else { return nil }
        // Relative to the smallest error, so that weights of tiny units do not run out of range.
        let weights = usable.map { (smallest / $0.standardError) * (smallest / $0.standardError) }
        let mean = sum(zip(weights, usable).map { $0 * $1.estimate }) / sum(weights)
        guard mean.isFinite else { return nil }
        pooled = mean
        q = sum(
            usable.map { group in
                let distance = (group.estimate - mean) / group.standardError
                return distance * distance
            }
        )
        degreesOfFreedom = usable.count - 1
    }

    /// p-value of "the effect is the same in every group".
    public var pValue: Double {
        q.isFinite ? ChiSquared.upperTail(q, df: Double(degreesOfFreedom)) ?? 1 : 0
    }
}
