import CKernels

/// The logits after one token, with what turns them into log-probabilities. Valid until the next run of the pass.
struct LogitsRow {
    /// One logit per token of the vocabulary, all finite.
    let values: UnsafeBufferPointer<Float>
    /// The largest of them.
    let max: Float
    /// Logarithm of the sum of exp(logit - max).
    private let logSum: Double

    /// - Parameter position: where the token is, for the error.
    /// - Throws: `InferenceError.notFinite`.
    init(_ values: UnsafeBufferPointer<Float>, isa: ck_isa, position: Int) throws(InferenceError) {
        let statistics = ck_logits_stats(isa, values.baseAddress, values.count)
        guard statistics.finite else { throw .notFinite(position: position) }
        self.values = values
        max = statistics.max
        logSum = statistics.log_sum
    }

    /// Natural logarithm of a token's probability.
    func logProbability(of token: Int) -> Double {
        Double(values[token]) - Double(max) - logSum
    }
}
