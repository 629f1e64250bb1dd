/// The straight line between two groups of rows by least squares with a penalty (Hoerl & Kennard 1970).
struct RidgeDiscriminant {
    private let weights: [Double]
    private let means: [Double]

    /// - Parameters:
    ///   - rows: rows of one length.
    ///   - sides: -1 or 1 for each.
    /// - Returns: nil for no rows, or rows that are all the same.
    init?(_ rows: [[Double]], sides: [Double]) {
        guard let width = rows.first?.count, width > 0, rows.count > 1, rows.count == sides.count else { return nil }
        let n = Double(rows.count)
        var means = [Double](repeating: 0, count: width)
        for row in rows { for k in 0..<width { means[k] += row[k] / n } }
        let middle = sides.reduce(0, +) / n
        var gram = [Double](repeating: 0, count: width * width)
        var target = [Double](repeating: 0, count: width)
        gram.withUnsafeMutableBufferPointer { gram in
            for (row, side) in zip(rows, sides) {
                let centred = zip(row, means).map(-)
                centred.withUnsafeBufferPointer { x in
                    for i in 0..<width {
                        target[i] += x[i] * (side - middle)
                        let value = x[i]
                        for j in 0...i { gram[i * width + j] += value * x[j] }
                    }
                }
            }
        }
        let trace = (0..<width).reduce(0.0) { $0 + gram[$1 * width + $1] }
        guard trace > 0, trace.isFinite else { return nil }
        // A tenth of the mean variance: enough to hold down directions that a few hundred rows cannot tell.
        let penalty = 0.1 * trace / Double(width)
        for i in 0..<width { gram[i * width + i] += penalty }
        guard let solved = Self.solve(&gram, target) else { return nil }
        weights = solved
        self.means = means
    }

    /// Positive for rows like the second group's.
    func score(_ row: [Double]) -> Double {
        var total = 0.0
        for k in weights.indices { total += weights[k] * (row[k] - means[k]) }
        return total
    }

    /// Cholesky on the lower triangle, then two triangular systems; nil for a matrix that is not positive.
    private static func solve(_ a: inout [Double], _ b: [Double]) -> [Double]? {
        let n = b.count
        var x = b
        for j in 0..<n {
            for i in j..<n {
                var value = a[i * n + j]
                for k in 0..<j { value -= a[i * n + k] * a[j * n + k] }
                if i == j {
                    guard value > 0 else { return nil }
                    a[j * n + j] = value.squareRoot()
                } else {
                    a[i * n + j] = value / a[j * n + j]
                }
            }
        }
        for i in 0..<n {
            for k in 0..<i { x[i] -= a[i * n + k] * x[k] }
            x[i] /= a[i * n + i]
        }
        for i in (0..<n).reversed() {
            for k in (i + 1)..<n { x[i] -= a[k * n + i] * x[k] }
            x[i] /= a[i * n + i]
        }
        return x
    }
}
