import Foundation
import SeededRandom

/// Maximum mean discrepancy with the kernel exp(-gamma d^2), unbiased (Gretton and others 2012).
public struct KernelTwoSample: Sendable, Equatable {
    /// The kernel between all pairs of rows, the reference's first; row by row.
    private let kernel: [Double]
    private let n: Int
    private let m: Int

    /// - Parameters:
    ///   - reference: rows of equal length, at least 2.
    ///   - current: rows of the same length, at least 2.
    ///   - gamma: the kernel's coefficient.
    /// - Returns: nil for fewer rows, rows that do not fit, values or a coefficient that are not finite.
    public init?(_ reference: [[Double]], _ current: [[Double]], gamma: Double) {
        guard reference.count > 1, current.count > 1, gamma.isFinite, gamma >= 0,
            let distances = squaredDistances(reference + current)
        else { return nil }
        n = reference.count
        m = current.count
        kernel = distances.map { exp(-gamma * $0) }
    }

    /// The discrepancy; around 0, and possibly below, for the same law.
    public var statistic: Double { statistic(order: Array(0..<(n + m))) ?? 0 }

    /// The discrepancy after the rows were dealt anew: the first n of `order` are the reference.
    ///
    /// - Returns: nil when `order` is not an order of all rows.
    public func statistic(order: [Int]) -> Double? {
        let all = n + m
        guard order.count == all, Set(order) == Set(0..<all) else { return nil }
        var within = (0.0, 0.0)
        var between = 0.0
        for (position, i) in order.enumerated() {
            let row = i * all
            if position < n {
                for other in 0..<position { within.0 += kernel[row + order[other]] }
                for other in n..<all { between += kernel[row + order[other]] }
            } else {
                for other in n..<position { within.1 += kernel[row + order[other]] }
            }
        }
        let sizes = (Double(n), Double(m))
        return 2 * within.0 / (sizes.0 * (sizes.0 - 1)) + 2 * within.1 / (sizes.1 * (sizes.1 - 1))
            - 2 * between / (sizes.0 * sizes.1)
    }

    /// Permutation p-value (1 + orders at least as discrepant) / (1 + orders).
    ///
    /// - Returns: nil when one of `orders` is not an order of all rows.
    public func pValue(orders: [[Int]]) -> Double? {
        let observed = statistic
        var atLeast = 0
        for order in orders {
            guard let value = statistic(order: order) else { return nil }
            if value >= observed - 1e-15 { atLeast += 1 }
        }
        return Double(1 + atLeast) / Double(1 + orders.count)
    }

    /// Permutation p-value with `count` orders dealt from `seed`.
    public func pValue(count: Int, seed: UInt64) -> Double? {
        var numbers = SplitMix64(seed: seed)
        let orders = (0..<max(0, count)).map { _ in
            var order = Array(0..<(n + m))
            for i in stride(from: order.count - 1, to: 0, by: -1) {
                order.swapAt(i, Int(numbers.below(UInt64(i) + 1)))
            }
            return order
        }
        return pValue(orders: orders)
    }

    /// Median of the squared distances between different rows; nil for fewer than two rows or rows that do not fit.
    public static func medianSquaredDistance(_ rows: [[Double]]) -> Double? {
        guard rows.count > 1, let distances = squaredDistances(rows) else { return nil }
        var pairs: [Double] = []
        pairs.reserveCapacity(rows.count * (rows.count - 1) / 2)
        for i in rows.indices { for j in 0..<i { pairs.append(distances[i * rows.count + j]) } }
        return median(pairs)
    }
}

/// Squared distances between all pairs of rows, row by row; nil for rows of different length or values not finite.
private func squaredDistances(_ rows: [[Double]]) -> [Double]? {
    guard let width = rows.first?.count, rows.allSatisfy({ $0.count == width && $0.allSatisfy(\.isFinite) })
    else { return nil }
    var distances = [Double](repeating: 0, count: rows.count * rows.count)
    for i in rows.indices {
        for j in 0..<i {
            var total = 0.0
            for k in 0..<width {
                let difference = rows[i][k] - rows[j][k]
                total += difference * difference
            }
            distances[i * rows.count + j] = total
            distances[j * rows.count + i] = total
        }
    }
    return distances
}
