extension InferenceWorker {
    /// Reads a text: how likely each token is after those before it, and where the model puts it on the whole.
    ///
    /// - Parameters:
    ///   - tokens: at least one, at most as many as the context holds.
    ///   - beforeBatch: called before each batch of tokens.
    /// - Throws: `InferenceError.emptyPrompt`, `promptTooLong`, `tokenOutOfRange` or `notFinite`.
    public func read(_ tokens: [Int], beforeBatch: () -> Void = {}) throws(InferenceError) -> SequenceReading {
        guard !tokens.isEmpty else { throw .emptyPrompt }
        guard tokens.count <= model.contextLength else {
            throw .promptTooLong(tokens: tokens.count, contextLength: model.contextLength)
        }
        let sequence = TokenSequence()
        defer { forward.pages.release(sequence) }
        var logProbabilities: [Double] = []
        logProbabilities.reserveCapacity(tokens.count - 1)
        var sums = [Double](repeating: 0, count: model.description.width)
        for start in stride(from: 0, to: tokens.count, by: forward.maxRows) {
            beforeBatch()
            let batch = try runBatch(of: tokens, from: start, in: sequence, logitsFrom: 0)
            for (row, position) in batch.enumerated() {
                // Also for the last token, whose successor nobody knows: damaged weights must not pass.
                let logits = try forward.logits(row, position: position)
                if position + 1 < tokens.count {
                    logProbabilities.append(logits.logProbability(of: tokens[position + 1]))
                }
                for (index, value) in forward.hidden(row).enumerated() { sums[index] += Double(value) }
            }
        }
        let count = Double(tokens.count)
        return SequenceReading(logProbabilities: logProbabilities, meanHidden: sums.map { Float($0 / count) })
    }
}
