/// Answers requests with one model, one at a time: the activations and the cache that one thread needs. The model itself
/// is shared, so a machine runs as many workers as it has cores to spare.
///
/// Calls are synchronous and compute until they return. From asynchronous code, call them on a thread of one's own, not
/// on the cooperative pool.
public final class InferenceWorker {
    /// The model.
    public let model: LanguageModel
    /// Its tokenizer.
    public let tokenizer: Tokenizer
    let forward: ForwardPass
    private let instructions: InstructionSet

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
        self.instructions = instructions
        forward = try ForwardPass(
            model,
            maxRows: max(1, batchRows),
            pageCount: KVPages.pageCount(tokens: model.contextLength),
            instructions: instructions
        )
    }

    /// Generates an answer.
    ///
    /// - Parameters:
    ///   - clock: what the times in the answer are measured with.
    ///   - isCancelled: asked before each step; true ends the answer as it is.
    ///   - emit: called with each piece of text as soon as it is certainly part of the answer.
    /// - Throws: `InferenceError.emptyPrompt`, `promptTooLong`, `tokenOutOfRange`, `invalidSetting` or `notFinite`.
    public func generate(
        _ request: GenerationRequest,
        clock: some Clock<Duration> = ContinuousClock(),
        isCancelled: () -> Bool = { false },
        emit: (String) -> Void = { _ in }
    ) throws(InferenceError) -> Generation {
        let start = clock.now
        func seconds() -> Double {
            let elapsed = start.duration(to: clock.now).components
            return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
        }
        guard request.maxTokens >= 1 else {
            throw .invalidSetting(name: "maxTokens", value: "\(request.maxTokens)", allowed: "1 or more")
        }
        let sequence = TokenSequence()
        defer { forward.pages.release(sequence) }
        var answer = OpenAnswer(
            request,
            tokenizer,
            contextLength: model.contextLength,
            instructions: instructions
        )
        guard try prefill(request.promptTokens, sequence, isCancelled) else {
            _ = answer.cancel()
            return answer.generation(seconds: seconds())
        }
        while !isCancelled() {
            let position = answer.position
            let step = try answer.take(forward.logits(0, position: position - 1), seconds: seconds)
            if !step.text.isEmpty { emit(step.text) }
            guard !step.isOver else { return answer.generation(seconds: seconds()) }
            try forward.run([
                BatchRow(token: step.token.id, sequence: sequence, position: position, wantsLogits: true)
            ])
        }
        let rest = answer.cancel()
        if !rest.isEmpty { emit(rest) }
        return answer.generation(seconds: seconds())
    }

    /// The log-probability of each token of a given answer after the prompt, as if it had been generated: the same bits
    /// that `generate` reports for the same tokens.
    ///
    /// - Parameter beforeBatch: called before each batch of tokens.
    /// - Throws: `InferenceError.emptyPrompt`, `promptTooLong`, `tokenOutOfRange` or `notFinite`.
    public func score(
        promptTokens: [Int],
        answerTokens: [Int],
        beforeBatch: () -> Void = {}
    ) throws(InferenceError) -> [ScoredToken] {
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
        var scored: [ScoredToken] = []
        let firstWanted = promptTokens.count - 1
        for start in stride(from: 0, to: tokens.count, by: forward.maxRows) {
            beforeBatch()
            let batch = try runBatch(of: tokens, from: start, in: sequence, logitsFrom: firstWanted)
            for (row, position) in batch.filter({ $0 >= firstWanted }).enumerated() {
                let logits = try forward.logits(row, position: position)
                let id = answerTokens[position - firstWanted]
                scored.append(
                    ScoredToken(
                        id: id,
                        logProbability: logits.logProbability(of: id),
                        greedyToken: Sampler.mostLikely(logits.values)
                    )
                )
            }
        }
        return scored
    }

    /// Runs the prompt; the last token's logits are then row 0.
    ///
    /// - Returns: false when cancelled.
    private func prefill(
        _ tokens: [Int],
        _ sequence: TokenSequence,
        _ isCancelled: () -> Bool
    ) throws(InferenceError) -> Bool {
        guard !tokens.isEmpty else { throw .emptyPrompt }
        guard tokens.count <= model.contextLength else {
            throw .promptTooLong(tokens: tokens.count, contextLength: model.contextLength)
        }
        for start in stride(from: 0, to: tokens.count, by: forward.maxRows) {
            guard !isCancelled() else { return false }
            _ = try runBatch(of: tokens, from: start, in: sequence, logitsFrom: tokens.count - 1)
        }
        return true
    }

    /// Runs as many tokens of a sequence as a batch holds; logits are wanted from position `firstWanted` on.
    ///
    /// - Returns: the positions that were run.
    func runBatch(
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
