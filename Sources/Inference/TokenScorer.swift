import CKernels

/// How likely a model finds a token where it stands.
public struct TokenScore: Sendable, Equatable {
    /// Natural logarithm of its probability.
    public let logProbability: Double
    /// 1 for the most likely token of all; of equally likely ones the lower id comes first.
    public let rank: Int
    /// The most likely token.
    public let mostLikely: Int

    init(_ row: LogitsRow, of token: Int) {
        logProbability = row.logProbability(of: token)
        let values = row.values, value = values[token]
        var before = 0
        for id in 0..<token where values[id] >= value { before += 1 }
        for id in token..<values.count where values[id] > value { before += 1 }
        rank = before + 1
        mostLikely = Sampler.mostLikely(values)
    }
}

/// What two models say at the same place of a text.
public struct PairedScore: Sendable, Equatable {
    /// What the baseline says.
    public let baseline: TokenScore
    /// What the candidate says.
    public let candidate: TokenScore
    /// How far the candidate's distribution over the whole vocabulary is from the baseline's: the Kullback-Leibler
    /// divergence from it, in nats. Exactly 0 for equal rows.
    public let divergence: Double
}

/// Reads given texts with one model, and with two in step, token by token. Neither its batches nor the instruction set
/// changes a bit of what it says.
///
/// Calls compute until they return; one thread uses it at a time.
public final class TokenScorer {
    /// The model.
    public let model: LanguageModel
    /// The most tokens of a text with what stands before it.
    public let maxTokens: Int
    /// Tokens that are read at a time unless something else is asked for.
    public static let usualRows = 64
    private let forward: ForwardPass
    /// Probabilities of one row before they are made to add up to 1.
    private var weights: [Float]

    /// - Parameters:
    ///   - maxTokens: the most tokens of a text; never more than the context holds.
    ///   - batchRows: tokens that are read at a time; results do not depend on it.
    ///   - instructions: the kernels to use; results do not depend on them.
    /// - Throws: `InferenceError.unavailable` or `outOfMemory`.
    public init(
        _ model: LanguageModel,
        maxTokens: Int = .max,
        batchRows: Int = usualRows,
        instructions: InstructionSet = .best
    ) throws(InferenceError) {
        self.model = model
        self.maxTokens = max(1, min(maxTokens, model.contextLength))
        weights = Array(repeating: 0, count: model.description.vocabularySize)
        forward = try ForwardPass(
            model,
            maxRows: max(1, batchRows),
            pageCount: KVPages.pageCount(tokens: self.maxTokens),
            instructions: instructions
        )
    }

    /// Scores each token of `text` after `before` and the tokens ahead of it.
    ///
    /// - Parameters:
    ///   - before: at least one token.
    ///   - beforeBatch: called before each batch of tokens; what it throws ends the reading.
    /// - Throws: `InferenceError.emptyPrompt`, `promptTooLong`, `tokenOutOfRange` or `notFinite`.
    public func score(
        _ text: [Int],
        after before: [Int],
        beforeBatch: () throws -> Void = {}
    ) throws -> [TokenScore] {
        var scores: [TokenScore] = []
        scores.reserveCapacity(text.count)
        let sequence = TokenSequence()
        defer { forward.pages.release(sequence) }
        try check(text, after: before)
        try read(before.dropLast(), in: sequence, beforeBatch)
        for batch in batches(text.count, forward.maxRows) {
            try beforeBatch()
            try run(batch, of: text, after: before, in: sequence)
            for (row, index) in batch.enumerated() {
                let logits = try forward.logits(row, position: before.count - 1 + index)
                scores.append(TokenScore(logits, of: text[index]))
            }
        }
        return scores
    }

    /// Scores each token of `text` under both models, and says how far their distributions are apart at each.
    ///
    /// - Parameters:
    ///   - before: what stands before the text for each model, at least one token; the two may differ.
    ///   - beforeBatch: called before each batch of tokens; what it throws ends the reading.
    /// - Throws: `InferenceError.emptyPrompt`, `promptTooLong`, `tokenOutOfRange` or `notFinite`; `inconsistent` where the
    ///   two models have vocabularies of different sizes.
    public static func compare(
        _ text: [Int],
        after before: (baseline: [Int], candidate: [Int]),
        baseline: TokenScorer,
        candidate: TokenScorer,
        beforeBatch: () throws -> Void = {}
    ) throws -> [PairedScore] {
        guard baseline.weights.count == candidate.weights.count else {
            throw InferenceError.inconsistent(
                "one vocabulary has \(baseline.weights.count) tokens and the other \(candidate.weights.count)"
            )
        }
        let sequences = (TokenSequence(), TokenSequence())
        defer {
            baseline.forward.pages.release(sequences.0)
            candidate.forward.pages.release(sequences.1)
        }
        try baseline.check(text, after: before.baseline)
        try candidate.check(text, after: before.candidate)
        try baseline.read(before.baseline.dropLast(), in: sequences.0, beforeBatch)
        try candidate.read(before.candidate.dropLast(), in: sequences.1, beforeBatch)
        var scores: [PairedScore] = []
        scores.reserveCapacity(text.count)
        for batch in baseline.batches(text.count, min(baseline.forward.maxRows, candidate.forward.maxRows)) {
            try beforeBatch()
            try baseline.run(batch, of: text, after: before.baseline, in: sequences.0)
            try candidate.run(batch, of: text, after: before.candidate, in: sequences.1)
            for (row, index) in batch.enumerated() {
                let expected = try baseline.forward.logits(row, position: before.baseline.count - 1 + index)
                let found = try candidate.forward.logits(row, position: before.candidate.count - 1 + index)
                scores.append(
                    PairedScore(
                        baseline: TokenScore(expected, of: text[index]),
                        candidate: TokenScore(found, of: text[index]),
                        divergence: baseline.divergence(of: found, from: expected)
                    )
                )
            }
        }
        return scores
    }

    /// The sum of p · (log p − log q) over the vocabulary, in the order of ids.
    private func divergence(of found: LogitsRow, from expected: LogitsRow) -> Double {
        ck_exp_shifted(forward.isa, expected.values.baseAddress, expected.max, 1, &weights, weights.count)
        // In this order equal rows give exactly 0.
        let shift = (Double(found.max) + found.logSum) - (Double(expected.max) + expected.logSum)
        var sum = 0.0, total = 0.0
        for (id, weight) in weights.enumerated() {
            let weight = Double(weight)
            total += weight
            sum += weight * (Double(expected.values[id]) - Double(found.values[id]) + shift)
        }
        // Never below zero but by rounding.
        return max(0, sum / total)
    }

    private func check(_ text: [Int], after before: [Int]) throws(InferenceError) {
        guard !before.isEmpty else { throw .emptyPrompt }
        guard before.count + text.count <= maxTokens else {
            throw .promptTooLong(tokens: before.count + text.count, contextLength: maxTokens)
        }
        let size = model.description.vocabularySize
        for id in text where id < 0 || id >= size { throw .tokenOutOfRange(id: id, vocabularySize: size) }
    }

    private func batches(_ count: Int, _ rows: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: rows).map { $0..<min($0 + rows, count) }
    }

    /// Reads tokens whose logits nobody asks for.
    private func read(_ tokens: ArraySlice<Int>, in sequence: TokenSequence, _ beforeBatch: () throws -> Void) throws {
        for batch in batches(tokens.count, forward.maxRows) {
            try beforeBatch()
            try forward.run(
                batch.map { BatchRow(token: tokens[$0], sequence: sequence, position: $0, wantsLogits: false) }
            )
        }
    }

    /// Reads the tokens before those of `batch`: what comes out says how likely those are.
    private func run(
        _ batch: Range<Int>,
        of text: [Int],
        after before: [Int],
        in sequence: TokenSequence
    ) throws(InferenceError) {
        try forward.run(
            batch.map { index in
                BatchRow(
                    token: index == 0 ? before[before.count - 1] : text[index - 1],
                    sequence: sequence,
                    position: before.count - 1 + index,
                    wantsLogits: true
                )
            }
        )
    }
}
