import CKernels

/// A gated delta rule over the state of a sequence. Tokens of a sequence pass one after the other, so the bits do not
/// depend on how they were cut into batches.
extension ForwardPass {
    /// Gives a row's sequence a state, and counts the row in it.
    ///
    /// - Throws: `InferenceError.outOfMemory`, or `inconsistent` where the state is not at the row's token.
    func prepareState(_ row: BatchRow, _ rule: ModelDescription.DeltaRule) throws(InferenceError) {
        let state: RecurrentState
        if let known = row.sequence.state {
            state = known
        } else {
            state = try RecurrentState(model.description, rule)
            row.sequence.state = state
        }
        guard state.tokenCount == row.position else {
            throw .inconsistent("the state of a sequence is at token \(state.tokenCount), not at \(row.position)")
        }
        state.tokenCount += 1
    }

    /// Writes what each row finds in its sequence's state to `attended`, `valueWidth` numbers a row.
    func recur(
        _ rows: [BatchRow],
        _ layer: LanguageModel.Layer,
        _ recurrent: LanguageModel.RecurrentLayer,
        ordinal: Int
    ) {
        guard let rule = model.description.deltaRule else { return }
        multiply(
            rows.count,
            normalized(rows.count, by: layer.attentionNorm),
            [
                (recurrent.mixed, buffers.mixedChannels), (recurrent.gate, buffers.valueGate),
                (recurrent.alpha, buffers.alpha), (recurrent.beta, buffers.beta),
            ]
        )
        for (index, row) in rows.enumerated() {
            guard let parts = row.sequence.state?.parts(ofLayer: ordinal) else { continue }
            let channels = buffers.mixedChannels + index * ForwardBuffers.padded(rule.channels)
            ck_short_convolution(isa, parts.history, recurrent.taps, channels, rule.channels, rule.taps)
            normalizeKeys(channels, rule)
            step(index, parts.heads, channels, recurrent, rule)
        }
    }

    /// Makes queries and keys of length 1, and queries shorter by the square root of the head besides: a norm whose
    /// weights are all the same.
    private func normalizeKeys(_ channels: ForwardBuffers.Floats, _ rule: ModelDescription.DeltaRule) {
        let n = rule.headDimension
        let epsilon = model.description.normEpsilon / Float(n)
        for head in 0..<2 * rule.keyHeads {
            let start = channels + head * n
            let weights = head < rule.keyHeads ? buffers.queryLengths : buffers.keyLengths
            ck_rmsnorm(isa, start, weights, start, n, epsilon)
        }
    }

    /// One token through the states of all heads of a layer.
    private func step(
        _ index: Int,
        _ states: ForwardBuffers.Floats,
        _ channels: ForwardBuffers.Floats,
        _ layer: LanguageModel.RecurrentLayer,
        _ rule: ModelDescription.DeltaRule
    ) {
        let n = rule.headDimension
        let small = index * ForwardBuffers.padded(rule.valueHeads)
        let gates = buffers.valueGate + index * ForwardBuffers.padded(rule.valueWidth)
        for head in 0..<rule.valueHeads {
            let keyHead = head % rule.keyHeads
            let output = buffers.attended + index * rule.valueWidth + head * n
            ck_delta_step(
                isa,
                states + head * n * n,
                n,
                channels + keyHead * n,
                channels + rule.keyWidth + keyHead * n,
                channels + 2 * rule.keyWidth + head * n,
                Self.decay(buffers.alpha[small + head] + layer.stepBias[head], rate: layer.rate[head]),
                Self.sigmoid(buffers.beta[small + head]),
                output
            )
            ck_rmsnorm(isa, output, layer.norm, output, n, model.description.normEpsilon)
            ck_silu_mul(isa, gates + head * n, output, output, n)
        }
    }

    /// `exp(rate · log(1 + exp(x)))` by our own functions in double precision; not a number where x is none.
    private static func decay(_ x: Float, rate: Float) -> Float {
        guard x.isFinite else { return .nan }
        let x = Double(x)
        let step = x > 30 ? x : ck_log(1 + ck_exp(max(-700, x)))
        return Float(ck_exp(max(-700, min(700, Double(rate) * step))))
    }

    private static func sigmoid(_ x: Float) -> Float {
        guard x.isFinite else { return .nan }
        return Float(1 / (1 + ck_exp(max(-700, min(700, -Double(x))))))
    }
}
