public import Tokenizers

/// Scores given answers and reads texts with one model, one at a time: the activations and the cache that one thread
/// needs. The model itself is shared.
///
/// Calls are synchronous and compute until they return. From asynchronous code, call them on a thread of one's own, not
/// on the cooperative pool.
public final class InferenceWorker {
    /// The model.
    public let model: LanguageModel
    /// Its tokenizer.
    public let tokenizer: Tokenizer
    private let forward: ForwardPass

    /// - Parameters:
    ///   - batchRows: tokens that a prompt is processed at a time; results do not depend on it.
    ///   - instructions: the kernels to use; results do not depend on them.
    /// - Throws: `InferenceError.tokenizerDoesNotFit`, `unavailable` or `outOfMemory`.
    public init(
        model: LanguageModel,
        tokenizer: Tokenizer,
        batchRows: Int = 64,
        instructions: InstructionSet = .best
    ) throws(InferenceError) {
        guard tokenizer.size == model.description.vocabularySize else {
            throw .tokenizerDoesNotFit(tokens: tokenizer.size, embeddingRows: model.description.vocabularySize)
        }
        self.model = model
        self.tokenizer = tokenizer
        forward = try ForwardPass(
            model,
            maxRows: max(1, batchRows),
            pageCount: KVPages.pageCount(tokens: model.contextLength),
            instructions: instructions
        )
    }

    /// The natural logarithm of the probability of each token of a given answer after the prompt, as if it had been generated: the same bits
    /// that ``GenerationBatch`` reports for the same tokens.
    ///
    /// - Parameter beforeBatch: called before each batch of tokens.
    /// - Throws: `InferenceError.emptyPrompt`, `promptTooLong`, `tokenOutOfRange` or `notFinite`.
    public func score(
        promptTokens: [Int],
        answerTokens: [Int],
        beforeBatch: () -> Void = {}
    ) throws(InferenceError) -> [Double] {
        guard !promptTokens.isEmpty else { throw .emptyPrompt }
        guard !answerTokens.isEmpty else { return [] }
        for id in answerTokens where id < 0 || id >= model.description.vocabularySize {
            throw .tokenOutOfRange(id: id, vocabularySize: model.description.vocabularySize)
        }
        // The last token's own logits are of no interest.
        let tokens = promptTokens + answerTokens.dropLast()
        guard tokens.count <= model.contextLength else {
            throw .promptTooLong(tokens: tokens.count, contextLength: model.contextLength)
        }
        let sequence = TokenSequence()
        defer { forward.pages.release(sequence) }
        var scored: [Double] = []
        let firstWanted = promptTokens.count - 1
        for start in stride(from: 0, to: tokens.count, by: forward.maxRows) {
            beforeBatch()
            let batch = try runBatch(of: tokens, from: start, in: sequence, logitsFrom: firstWanted)
            for (row, position) in batch.filter({ $0 >= firstWanted }).enumerated() {
                let logits = try forward.logits(row, position: position)
                scored.append(logits.logProbability(of: answerTokens[position - firstWanted]))
            }
        }
        return scored
    }

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

    /// Runs as many tokens of a sequence as a batch holds; logits are wanted from position `firstWanted` on.
    ///
    /// - Returns: the positions that were run.
    private func runBatch(
        of tokens: [Int],
        from start: Int,
        in sequence: TokenSequence,
        logitsFrom firstWanted: Int
    ) throws(InferenceError) -> Range<Int> {
        let positions = start..<min(start + forward.maxRows, tokens.count)
        let rows = positions.map { position in
            BatchRow(
                token: tokens[position],
                sequence: sequence,
                position: position,
                wantsLogits: position >= firstWanted
            )
        }
        try forward.run(rows)
        return positions
    }
}

/// What a model makes of a text that it reads but does not continue.
public struct SequenceReading: Sendable, Equatable {
    /// Natural logarithm of the probability of each token after the first, given those before it.
    public let logProbabilities: [Double]
    /// The last layer's output after the final norm, as the mean over all tokens: as many numbers as the model is wide.
    public let meanHidden: [Float]
}
