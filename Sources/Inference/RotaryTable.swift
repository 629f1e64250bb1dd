import CKernels

/// How queries and keys are turned by their positions (Su et al., 2021).
struct RotaryDescription: Sendable, Equatable {
    /// Which elements of a head are turned together.
    enum Pairs: Sendable {
        /// Each with the one after it.
        case neighbours
        /// Each of the first half of those that are turned with its counterpart in the second.
        case halves
    }

    /// Interpolation that leaves fast frequencies alone (YaRN; Peng et al., 2023).
    struct Yarn: Sendable, Equatable {
        /// Frequencies that turn more often than this in the original length are not interpolated.
        var fastTurns: Double
        /// Those that turn less often are interpolated whole.
        var slowTurns: Double
        /// How much of the magnitude is in the scores already; 0 for nothing.
        var logMultiplier: Double
    }

    /// Tensors whose elements divide the frequencies.
    enum Divisors: Sendable, Equatable {
        case none
        /// One tensor.
        case tensor(String)
        /// One for contexts up to the original length, one for longer ones.
        case byLength(short: String, long: String)
    }

    var pairs: Pairs
    /// Elements of a head that are turned, an even number: the first ones.
    var dimensions: Int
    /// The i-th pair turns by `base^(-2i / dimensions)` with every token.
    var base: Double
    /// How many times as long the context has become: angles are divided by it.
    var factor = 1.0
    var yarn: Yarn?
    /// Factor of cosines and sines, besides the one of YaRN.
    var attentionFactor = 1.0
    /// Tokens that the model was made for before its context was stretched.
    var originalLength = 0
    var divisors = Divisors.none

    /// The tensor that divides the frequencies of a model that is loaded for so many tokens.
    func divisorTensor(contextLength: Int) -> String? {
        switch divisors {
        case .none: nil
        case .tensor(let name): name
        case .byLength(let short, let long): contextLength > originalLength ? long : short
        }
    }

    /// Factor of cosines and sines. YaRN makes scores sharper the more a context was stretched (section 3.4 there).
    var magnitude: Double {
        guard let yarn, factor > 1 else { return attentionFactor }
        func sharpness(_ multiplier: Double) -> Double { 0.1 * multiplier * ck_log(factor) + 1 }
        return attentionFactor * sharpness(1) / (yarn.logMultiplier > 0 ? sharpness(yarn.logMultiplier) : 1)
    }

    /// Angle per token of each pair.
    ///
    /// - Parameter divisors: `dimensions / 2` of them, or none.
    func frequencies(divisors: [Float]) -> [Double] {
        let logBase = ck_log(base)
        return (0..<dimensions / 2).map { pair in
            let frequency = ck_exp(-Double(2 * pair) / Double(dimensions) * logBase)
            let whole = divisors.isEmpty ? frequency : frequency / Double(divisors[pair])
            guard factor != 1 else { return whole }
            let kept = yarn.map { ramp($0, pair: pair, logBase: logBase) } ?? 0
            return whole / factor * (1 - kept) + whole * kept
        }
    }

    /// How much of a pair's frequency is kept as it is: 1 for fast ones, 0 for slow ones.
    private func ramp(_ yarn: Yarn, pair: Int, logBase: Double) -> Double {
        /// The pair that turns so often in the original length.
        func pairTurning(_ turns: Double) -> Double {
            Double(dimensions) * ck_log(Double(originalLength) / (turns * 2 * .pi)) / (2 * logBase)
        }
        let low = max(0, pairTurning(yarn.fastTurns).rounded(.down))
        let high = min(Double(dimensions - 1), pairTurning(yarn.slowTurns).rounded(.up))
        return 1 - min(1, max(0, (Double(pair) - low) / max(0.001, high - low)))
    }
}

/// Cosines and sines of the rotary position embedding, computed once in double precision from our own elementary
/// functions, so that they do not depend on the C library.
struct RotaryTable: Sendable {
    let pairs: RotaryDescription.Pairs
    /// Elements of a head that are turned, and numbers in a row of the table.
    let dimensions: Int
    /// `positions × dimensions` floats, row-major; each row holds (cos, sin) pairs.
    let values: [Float]

    /// - Parameter divisors: divisors of the frequencies, half as many as `dimensions`, or none.
    init(_ rotary: RotaryDescription, positions: Int, divisors: [Float]) {
        (pairs, dimensions) = (rotary.pairs, rotary.dimensions)
        let (frequencies, magnitude) = (rotary.frequencies(divisors: divisors), rotary.magnitude)
        var table: [Float] = []
        table.reserveCapacity(positions * rotary.dimensions)
        for position in 0..<positions {
            for frequency in frequencies {
                var (sine, cosine) = (0.0, 0.0)
                // Beyond this bound our sine is not exact; only nonsense gets there.
                ck_sincos(min(Double(position) * frequency, 0x1p27), &sine, &cosine)
                table.append(Float(cosine * magnitude))
                table.append(Float(sine * magnitude))
            }
        }
        values = table
    }
}
