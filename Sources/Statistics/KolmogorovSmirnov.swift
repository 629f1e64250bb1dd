import Foundation

/// Largest distance between the distribution functions of two samples (Kolmogorov 1933, Smirnov 1939).
public struct KolmogorovSmirnov: Sendable, Equatable {
    /// The distance, 0 to 1.
    public let distance: Double
    /// ``distance`` as a whole number of steps of 1 / lcm(n, m), free of rounding.
    private let steps: Int
    private let n: Int
    private let m: Int
    private let divisor: Int

    /// - Returns: nil when a sample is empty or has values that are not finite.
    public init?(_ first: [Double], _ second: [Double]) {
        guard !first.isEmpty, !second.isEmpty, first.allSatisfy(\.isFinite), second.allSatisfy(\.isFinite)
        else { return nil }
        let x = first.sorted()
        let y = second.sorted()
        var i = 0
        var j = 0
        var largest = 0
        while i < x.count, j < y.count {
            let value = min(x[i], y[j])
            while i < x.count, x[i] == value { i += 1 }
            while j < y.count, y[j] == value { j += 1 }
            largest = max(largest, abs(i * y.count - j * x.count))
        }
        n = x.count
        m = y.count
        var a = n
        var b = m
        while b != 0 { (a, b) = (b, a % b) }
        divisor = a
        steps = largest / a
        distance = Double(largest) / (Double(n) * Double(m))
    }

    /// Exact two-sided p-value for samples without ties: the share of orders that reach the distance
    /// (Hodges 1958). Linear in n times m.
    public var pExact: Double {
        guard steps > 0 else { return 1 }
        let stepX = m / divisor
        let stepY = n / divisor
        // touched[j]: of the paths to (i, j), the share that has been at the distance or beyond.
        var touched = [Double](repeating: 0, count: m + 1)
        for i in 0...n {
            for j in 0...m {
                if abs(i * stepX - j * stepY) >= steps {
                    touched[j] = 1
                } else if i == 0 {
                    touched[j] = j == 0 ? 0 : touched[j - 1]
                } else if j > 0 {
                    let fromX = Double(i) / Double(i + j)
                    touched[j] = fromX * touched[j] + (1 - fromX) * touched[j - 1]
                }
            }
        }
        return touched[m]
    }

    /// Limiting p-value Q(sqrt(nm / (n + m)) D).
    public var pLimit: Double {
        let size = Double(n) * Double(m) / (Double(n) + Double(m))
        return KolmogorovSmirnov.limitUpperTail(size.squareRoot() * distance)
    }

    /// Q(x) = 2 sum (-1)^(k-1) exp(-2 k^2 x^2), by the theta-function form where that converges faster.
    public static func limitUpperTail(_ x: Double) -> Double {
        guard x > 0 else { return 1 }
        if x < 1 {
            let scale = -Double.pi * Double.pi / (8 * x * x)
            let cdf = [1.0, 3, 5, 7, 9].reduce(0) { $0 + exp(scale * $1 * $1) }
            return 1 - (2 * Double.pi).squareRoot() / x * cdf
        }
        var total = 0.0
        for k in 1...20 {
            let term = exp(-2 * Double(k * k) * x * x)
            total += k.isMultiple(of: 2) ? -term : term
            if term < 1e-18 * total { break }
        }
        return min(1, max(0, 2 * total))
    }
}
