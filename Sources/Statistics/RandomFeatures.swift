import Foundation
import SeededRandom

/// Random Fourier features (Rahimi & Recht 2007): phi(x) = [cos xW, sin xW] / sqrt(D). Their means tell two laws apart
/// as the kernel exp(-d^2 / s) does when the columns of W are normal with variance 2 / s.
public struct RandomFeatures: Sendable, Equatable {
    /// Length of a row.
    public let width: Int
    /// D, half the number of features.
    public let frequencies: Int
    /// W, one frequency after the other: `frequencies` times `width` numbers.
    private let projection: [Float]
    /// W as given, for the double-precision form.
    private let exact: [Double]

    /// - Parameter projection: W, `width` rows of as many frequencies each.
    /// - Returns: nil for an empty or ragged matrix or values that are not finite.
    public init?(projection rows: [[Double]]) {
        guard let frequencies = rows.first?.count, frequencies > 0,
            rows.allSatisfy({ $0.count == frequencies && $0.allSatisfy(\.isFinite) })
        else { return nil }
        width = rows.count
        self.frequencies = frequencies
        exact = (0..<frequencies).flatMap { j in rows.map { $0[j] } }
        projection = exact.map { Float($0) }
    }

    /// W drawn from `seed` for a kernel whose squared width is `medianSquaredDistance`.
    ///
    /// - Returns: nil for sizes or a distance that are not positive.
    public init?(seed: UInt64, width: Int, frequencies: Int = 128, medianSquaredDistance: Double) {
        guard width > 0, frequencies > 0, medianSquaredDistance > 0, medianSquaredDistance.isFinite else { return nil }
        self.width = width
        self.frequencies = frequencies
        var numbers = SplitMix64(seed: seed)
        let deviation = (2 / medianSquaredDistance).squareRoot()
        exact = (0..<(frequencies * width)).map { _ in numbers.normal() * deviation }
        projection = exact.map { Float($0) }
    }

    /// The 2 D features of a row: cosines, then sines; nil for a row of another length.
    public func features(of row: [Double]) -> [Double]? {
        guard row.count == width else { return nil }
        return features { j in
            var angle = 0.0
            for k in 0..<width { angle += row[k] * exact[j * width + k] }
            return angle
        }
    }

    /// The same from single precision, eight partial sums wide: the form for every request.
    public func features(of row: [Float]) -> [Double]? {
        guard row.count == width else { return nil }
        return row.withUnsafeBufferPointer { x in
            projection.withUnsafeBufferPointer { w in
                features { j in
                    var sums = SIMD8<Float>()
                    let start = j * width
                    var k = 0
                    while k + 8 <= width {
                        var a = SIMD8<Float>()
                        var b = SIMD8<Float>()
                        for lane in 0..<8 {
                            a[lane] = x[k + lane]
                            b[lane] = w[start + k + lane]
                        }
                        sums += a * b
                        k += 8
                    }
                    var angle = Double(sums.sum())
                    while k < width {
                        angle += Double(x[k] * w[start + k])
                        k += 1
                    }
                    return angle
                }
            }
        }
    }

    private func features(_ angle: (Int) -> Double) -> [Double] {
        let scale = 1 / Double(frequencies).squareRoot()
        var features = [Double](repeating: 0, count: 2 * frequencies)
        for j in 0..<frequencies {
            let turn = angle(j)
            features[j] = cos(turn) * scale
            features[frequencies + j] = sin(turn) * scale
        }
        return features
    }
}

/// What the statistic of ``meanDiscrepancy(_:_:n:m:)`` is for two samples of the same law:
/// a + b chi-square(nu), matched to its first three moments (Imhof 1961, Pearson 1959).
public struct DiscrepancyNull: Sendable, Hashable, Codable {
    /// Trace of the covariance of the features: the statistic's mean.
    public let trace: Double
    /// Trace of its square.
    public let trace2: Double
    /// Trace of its cube.
    public let trace3: Double

    /// From traces already known.
    public init(trace: Double, trace2: Double, trace3: Double) {
        self.trace = trace
        self.trace2 = trace2
        self.trace3 = trace3
    }

    /// From the features of the reference's rows (covariance with divisor n - 1).
    ///
    /// - Returns: nil for fewer than two rows or rows of different lengths.
    public init?(features rows: [[Double]]) {
        guard let width = rows.first?.count, rows.count > 1, width > 0, rows.allSatisfy({ $0.count == width })
        else { return nil }
        let n = Double(rows.count)
        let means = (0..<width).map { column in sum(rows.map { $0[column] }) / n }
        let centred = rows.map { row in zip(row, means).map(-) }
        // Column by column, so that the inner loops run along memory.
        var covariance = [Double](repeating: 0, count: width * width)
        covariance.withUnsafeMutableBufferPointer { c in
            for row in centred {
                row.withUnsafeBufferPointer { x in
                    for i in 0..<width {
                        let scaled = x[i]
                        let start = i * width
                        for j in i..<width { c[start + j] += scaled * x[j] }
                    }
                }
            }
            for i in 0..<width {
                for j in i..<width {
                    c[i * width + j] /= n - 1
                    c[j * width + i] = c[i * width + j]
                }
            }
        }
        trace = sum((0..<width).map { covariance[$0 * width + $0] })
        trace2 = sum(covariance.map { $0 * $0 })
        var cube = 0.0
        covariance.withUnsafeBufferPointer { c in
            var product = [Double](repeating: 0, count: width)
            for i in 0..<width {
                for j in 0..<width { product[j] = 0 }
                for k in 0..<width {
                    let scaled = c[i * width + k]
                    for j in 0..<width { product[j] += scaled * c[k * width + j] }
                }
                for j in 0..<width { cube += product[j] * c[i * width + j] }
            }
        }
        trace3 = cube
    }

    /// P(T > `statistic`).
    public func pValue(of statistic: Double) -> Double {
        guard trace2 > 0, trace3 > 0 else { return statistic > trace ? 0 : 1 }
        let (start, scale, degrees) = shape
        return ChiSquared.upperTail((statistic - start) / scale, df: degrees) ?? 1
    }

    /// The statistic that is exceeded with probability `alpha`; nil without spread.
    public func limit(alpha: Double) -> Double? {
        guard trace2 > 0, trace3 > 0 else { return nil }
        let (start, scale, degrees) = shape
        return ChiSquared.quantile(1 - alpha, df: degrees).map { start + scale * $0 }
    }

    private var shape: (start: Double, scale: Double, degrees: Double) {
        (trace - trace2 * trace2 / trace3, trace3 / trace2, trace2 * trace2 * trace2 / (trace3 * trace3))
    }
}

/// T = n m / (n + m) |mean of the current features - mean of the reference's|^2; nil for means of different length.
public func meanDiscrepancy(_ reference: [Double], _ current: [Double], n: Double, m: Double) -> Double? {
    guard reference.count == current.count, n > 0, m > 0 else { return nil }
    return n * m / (n + m) * sum(zip(reference, current).map { ($1 - $0) * ($1 - $0) })
}
