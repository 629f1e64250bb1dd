import CKernels

/// Cosines and sines of the rotary position embedding (Su et al., 2021), computed once in double precision from our own
/// elementary functions, so that they do not depend on the C library.
struct RotaryTable: Sendable {
    /// `positions × headDimension` floats, row-major; each row holds (cos, sin) pairs.
    let values: [Float]
    let headDimension: Int

    /// - Parameter factors: divisors of the frequencies, `headDimension / 2` of them, or empty.
    init(positions: Int, headDimension: Int, base: Double, factors: [Float]) {
        self.headDimension = headDimension
        let logBase = ck_log(base)
        let frequencies = (0..<headDimension / 2).map { pair in
            let frequency = ck_exp(-Double(2 * pair) / Double(headDimension) * logBase)
            return factors.isEmpty ? frequency : frequency / Double(factors[pair])
        }
        var table: [Float] = []
        table.reserveCapacity(positions * headDimension)
        for position in 0..<positions {
            for frequency in frequencies {
                var (sine, cosine) = (0.0, 0.0)
                ck_sincos(Double(position) * frequency, &sine, &cosine)
                table.append(Float(cosine))
                table.append(Float(sine))
            }
        }
        values = table
    }
}
