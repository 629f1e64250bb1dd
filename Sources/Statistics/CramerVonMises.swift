import Foundation

/// The squared distance of two distribution functions (Anderson 1962).
public struct CramerVonMises: Sendable, Equatable {
    /// The statistic T.
    public let statistic: Double
    private let n: Double
    private let m: Double

    /// - Returns: nil when a sample has fewer than two values or values that are not finite.
    public init?(_ first: [Double], _ second: [Double]) {
        guard first.count > 1, second.count > 1, first.allSatisfy(\.isFinite), second.allSatisfy(\.isFinite)
        else { return nil }
        n = Double(first.count)
        m = Double(second.count)
        let (ranks, _) = midRanks(first.sorted() + second.sorted())
        func squares(_ part: ArraySlice<Double>) -> Double {
            sum(part.enumerated().map { ($1 - Double($0 + 1)) * ($1 - Double($0 + 1)) })
        }
        let u = n * squares(ranks[..<first.count]) + m * squares(ranks[first.count...])
        statistic = u / (n * m * (n + m)) - (4 * n * m - 1) / (6 * (n + m))
    }

    /// p-value from the limit law, with the mean and variance of the statistic at these sizes.
    public var pAsymptotic: Double {
        let all = n + m
        let mean = (1 + 1 / all) / 6
        let variance = (all + 1) * (4 * n * m * all - 3 * (n * n + m * m) - 2 * n * m) / (45 * all * all * 4 * n * m)
        guard variance > 0 else { return 1 }
        let standard = 1.0 / 6 + (statistic - mean) / (45 * variance).squareRoot()
        return standard < 0.003 ? 1 : max(0, 1 - Self.limitCDF(standard))
    }

    /// Distribution function of the limit law (Csorgo & Faraway 1996, equation 1.2). The series ends with its first
    /// term below 1e-7, as in the library that the reference vectors come from: a p-value below that is an upper bound.
    static func limitCDF(_ x: Double) -> Double {
        guard x > 0 else { return 0 }
        let scale = 1 / (Double.pi * Double.pi.squareRoot() * x.squareRoot())
        var total = 0.0
        var coefficient = Double.pi.squareRoot()  // Gamma(k + 1/2) / k!
        for k in 0..<200 {
            let y = 4 * Double(k) + 1
            let q = y * y / (16 * x)
            let term = scale * coefficient * y.squareRoot() * exp(-2 * q) * scaledBesselK(0.25, q)
            total += term
            if term < 1e-7 { break }
            coefficient *= (Double(k) + 0.5) / Double(k + 1)
        }
        return min(1, total)
    }

    /// e^x K_nu(x), the integral over t > 0 of exp(-x (cosh t - 1)) cosh(nu t), by the trapezoid rule, which converges
    /// geometrically here.
    private static func scaledBesselK(_ nu: Double, _ x: Double) -> Double {
        let step = 1.0 / 64
        var total = 0.5
        for i in 1..<4096 {
            let t = Double(i) * step
            let half = sinh(t / 2)
            let term = exp(-2 * x * half * half) * cosh(nu * t)
            total += term
            if term < 1e-18 * total { break }
        }
        return total * step
    }
}

/// Energy distance of two samples (Szekely & Rizzo 2004): sqrt(2 integral (F - G)^2).
///
/// - Returns: nil for an empty sample or values that are not finite.
public func energyDistance(_ first: [Double], _ second: [Double]) -> Double? {
    guard !first.isEmpty, !second.isEmpty, first.allSatisfy(\.isFinite), second.allSatisfy(\.isFinite)
    else { return nil }
    let x = first.sorted()
    let y = second.sorted()
    var i = 0
    var j = 0
    var previous = min(x[0], y[0])
    var parts: [Double] = []
    while i < x.count || j < y.count {
        let value = min(i < x.count ? x[i] : .infinity, j < y.count ? y[j] : .infinity)
        let gap = Double(i) / Double(x.count) - Double(j) / Double(y.count)
        parts.append(gap * gap * (value - previous))
        while i < x.count, x[i] == value { i += 1 }
        while j < y.count, y[j] == value { j += 1 }
        previous = value
    }
    return (2 * sum(parts)).squareRoot()
}
