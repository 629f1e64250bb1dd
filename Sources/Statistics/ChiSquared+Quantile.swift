import Foundation

extension ChiSquared {
    /// The x with P(X <= x) = `probability`.
    ///
    /// - Returns: nil unless df > 0 and 0 <= probability < 1.
    public static func quantile(_ probability: Double, df: Double) -> Double? {
        guard df > 0, df.isFinite, probability >= 0, probability < 1 else { return nil }
        if probability == 0 { return 0 }
        // Wilson & Hilferty's cube (1931) starts close; bisection on the tail then never diverges.
        // It ends where no number is left between the limits: after some 60 steps, or 1,100 for the smallest numbers.
        guard let z = StandardNormal.quantile(probability) else { return nil }
        let cube = 1 - 2 / (9 * df) + z * (2 / (9 * df)).squareRoot()
        let tail = 1 - probability
        var low = 0.0
        var high = max(1, 2 * df * cube * cube * cube, 2 * df)
        while let p = upperTail(high, df: df), p > tail {
            low = high
            high *= 2
        }
        for _ in 0..<1200 {
            let middle = (low + high) / 2
            guard middle > low, middle < high, let p = upperTail(middle, df: df) else { break }
            if p > tail { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }
}
