import Inference
import LongWork
import RegistryTypes
public import ReleaseRuntime
import Tokenizers
public import WireFormat
import Wording

/// A model that reads: weights in memory, and what people call them.
public struct ReadingModel: Sendable {
    /// A file or a release.
    public let name: String
    /// The weights.
    public let weights: LoadedWeights

    /// A model with its name.
    public init(_ name: String, _ weights: LoadedWeights) {
        self.name = name
        self.weights = weights
    }

    /// The token that stands before a text, where the model wants one.
    var beginning: [Int] { weights.tokenizer.beginningToken.map { [$0] } ?? [] }

    /// A text in its tokens, with special tokens as plain letters.
    func tokens(of text: String) -> [Int] { weights.tokenizer.encode(text, specials: .plainText) }

    /// Whether every token id means the same bytes in both.
    func sharesVocabulary(with other: ReadingModel) -> Bool {
        let (mine, others) = (weights.tokenizer, other.weights.tokenizer)
        return weights === other.weights
            || mine.size == others.size && (0..<mine.size).allSatisfy { mine.bytes(of: $0) == others.bytes(of: $0) }
    }
}

/// Something that both models read: an answer after the prompt that each of them has for it.
public struct PairedAnswer: Sendable {
    /// The prompt in the baseline's tokens, at least one.
    public let baselinePrompt: [Int]
    /// The prompt in the candidate's tokens, at least one.
    public let candidatePrompt: [Int]
    /// The answer in the baseline's tokens.
    public let tokens: [Int]
    /// The answer as text, for a candidate with other tokens.
    public let text: String

    /// An answer with its prompts.
    public init(baselinePrompt: [Int], candidatePrompt: [Int], tokens: [Int], text: String) {
        self.baselinePrompt = baselinePrompt
        self.candidatePrompt = candidatePrompt
        self.tokens = tokens
        self.text = text
    }
}

/// Reads texts token by token on a thread of its own, live requests first.
///
/// An actor, because its buffers are shared mutable memory; callers wait without holding a thread. A cancelled task ends a
/// reading before its next batch of tokens.
public actor TextReader {
    private let thread = DedicatedThread()
    private let live: ForegroundLoad?

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Hears how many tokens were read, of how many.
    public typealias Progress = @Sendable (_ done: Int, _ total: Int) -> Void

    /// - Parameter live: requests that go first: while there are any, this pauses between batches of tokens.
    public init(yieldingTo live: ForegroundLoad? = nil) { self.live = live }

    /// Loads a file on this thread.
    ///
    /// - Throws: as `LoadedWeights`.
    public func load(_ path: String, name: String) throws -> ReadingModel {
        ReadingModel(name, try LoadedWeights(paths: ShardName(path)?.names ?? [path]))
    }

    /// Lays an adapter over a model that is loaded, on this thread; the model's own weights are shared.
    ///
    /// - Throws: as `LoadedWeights`.
    public func lay(_ adapter: String, over base: ReadingModel, name: String) throws -> ReadingModel {
        ReadingModel(name, try LoadedWeights(base.weights, adapter: adapter))
    }

    /// Scores a text.
    ///
    /// - Throws: `InferenceError`, `CancellationError`.
    public func score(_ text: String, by model: ReadingModel, progress: @escaping Progress = { _, _ in }) throws
        -> TextScore
    {
        let tokens = model.tokens(of: text)
        let limit = min(model.weights.contextLength, TextWindows.usualTokens)
        let windows = TextWindows(count: tokens.count, limit: limit, hasBeginning: !model.beginning.isEmpty).windows
        var pace = Pace(live, total: windows.reduce(0) { $0 + $1.context.count + $1.scored.count }, progress)
        let scorer = try TokenScorer(model.weights.model, maxTokens: limit)
        var scores: [TokenScore] = []
        for window in windows {
            pace.begin(window, models: 1)
            scores += try scorer.score(
                Array(tokens[window.scored]),
                after: model.beginning + tokens[window.context]
            ) { try pace.next() }
            pace.finish()
        }
        let summary = ReadTokens(
            tokenizer: model.weights.tokenizer,
            pieces: [
                ReadTokens.Piece(tokens: tokens, firstScored: tokens.count - scores.count, byteCount: text.utf8.count)
            ],
            scores: scores
        )
        return TextScore(
            model: model.name,
            numerics: EngineIdentity.numerics,
            windowTokens: limit,
            fit: summary.fit,
            tokens: summary.scoredTokens
        )
    }

    /// Compares two models over a text.
    ///
    /// - Throws: `InferenceError`, `CancellationError`.
    public func compare(
        _ text: String,
        baseline: ReadingModel,
        candidate: ReadingModel,
        progress: @escaping Progress = { _, _ in }
    ) throws -> ModelComparison {
        let limit = min(baseline.weights.contextLength, candidate.weights.contextLength, TextWindows.usualTokens)
        let words = "a text of \(NumberText.count(text.utf8.count, "byte"))"
        guard baseline.sharesVocabulary(with: candidate) else {
            let alone = try [baseline, candidate].enumerated().map { index, model in
                try score(text, by: model) { progress($0 + index * $1, 2 * $1) }
            }
            return ModelComparison(
                baseline: baseline.name,
                candidate: candidate.name,
                texts: words,
                textCount: 1,
                numerics: EngineIdentity.numerics,
                windowTokens: limit,
                sharesVocabulary: false,
                baselineFit: alone[0].fit,
                candidateFit: alone[1].fit,
                figures: nil,
                worst: []
            )
        }
        let tokens = baseline.tokens(of: text)
        let begins = !baseline.beginning.isEmpty && !candidate.beginning.isEmpty
        let windows = TextWindows(count: tokens.count, limit: limit, hasBeginning: begins).windows
        var pace = Pace(live, total: windows.reduce(0) { $0 + $1.context.count + $1.scored.count }, progress)
        let scorers = try (scorer(baseline, limit), scorer(candidate, limit))
        var scores: [PairedScore] = []
        for window in windows {
            pace.begin(window, models: 2)
            let context = Array(tokens[window.context])
            scores += try TokenScorer.compare(
                Array(tokens[window.scored]),
                after: begins
                    ? (baseline.beginning + context, candidate.beginning + context) : (context, context),
                baseline: scorers.0,
                candidate: scorers.1
            ) { try pace.next() }
            pace.finish()
        }
        let piece = ReadTokens.Piece(
            tokens: tokens,
            firstScored: tokens.count - scores.count,
            byteCount: text.utf8.count
        )
        return summary(baseline, candidate, words, [piece], scores, limit)
    }

    /// Compares two models over answers to requests.
    ///
    /// - Parameter words: what was read, for people.
    /// - Throws: `InferenceError`, `CancellationError`.
    public func compare(
        _ answers: [PairedAnswer],
        words: String,
        baseline: ReadingModel,
        candidate: ReadingModel,
        progress: @escaping Progress = { _, _ in }
    ) throws -> ModelComparison {
        let answers = answers.filter { !$0.tokens.isEmpty }
        let isShared = baseline.sharesVocabulary(with: candidate)
        let others = answers.map { isShared ? $0.tokens : candidate.weights.tokenizer.continuation($0.text) }
        // No more memory than the longest of them needs.
        let lengths = zip(answers, others).map { answer, other in
            max(answer.baselinePrompt.count + answer.tokens.count, answer.candidatePrompt.count + other.count)
        }
        let context = min(baseline.weights.contextLength, candidate.weights.contextLength)
        let limit = min(context, lengths.max() ?? 1)
        let scorers = try (scorer(baseline, limit), scorer(candidate, limit))
        var pace = Pace(live, total: answers.count, progress)
        var pairs: [PairedScore] = [], alone: ([TokenScore], [TokenScore]) = ([], [])
        var pieces: ([ReadTokens.Piece], [ReadTokens.Piece]) = ([], [])
        for (answer, other) in zip(answers, others) {
            pace.begin(1)
            let bytes = answer.text.utf8.count
            pieces.0.append(ReadTokens.Piece(tokens: answer.tokens, firstScored: 0, byteCount: bytes))
            if isShared {
                pairs += try TokenScorer.compare(
                    answer.tokens,
                    after: (answer.baselinePrompt, answer.candidatePrompt),
                    baseline: scorers.0,
                    candidate: scorers.1
                ) { try pace.next() }
            } else {
                pieces.1.append(ReadTokens.Piece(tokens: other, firstScored: 0, byteCount: bytes))
                alone.0 += try scorers.0.score(answer.tokens, after: answer.baselinePrompt) { try pace.next() }
                alone.1 += try scorers.1.score(other, after: answer.candidatePrompt) { try pace.next() }
            }
            pace.finish()
        }
        if isShared { return summary(baseline, candidate, words, pieces.0, pairs, context) }
        return ModelComparison(
            baseline: baseline.name,
            candidate: candidate.name,
            texts: words,
            textCount: answers.count,
            numerics: EngineIdentity.numerics,
            windowTokens: context,
            sharesVocabulary: false,
            baselineFit: ReadTokens(tokenizer: baseline.weights.tokenizer, pieces: pieces.0, scores: alone.0).fit,
            candidateFit: ReadTokens(tokenizer: candidate.weights.tokenizer, pieces: pieces.1, scores: alone.1).fit,
            figures: nil,
            worst: []
        )
    }

    private func scorer(_ model: ReadingModel, _ limit: Int) throws -> TokenScorer {
        try TokenScorer(model.weights.model, maxTokens: limit)
    }

    private func summary(
        _ baseline: ReadingModel,
        _ candidate: ReadingModel,
        _ words: String,
        _ pieces: [ReadTokens.Piece],
        _ scores: [PairedScore],
        _ limit: Int
    ) -> ModelComparison {
        let tokenizer = baseline.weights.tokenizer
        let pairs = PairedTokens(tokenizer: tokenizer, pieces: pieces, scores: scores)
        return ModelComparison(
            baseline: baseline.name,
            candidate: candidate.name,
            texts: words,
            textCount: pieces.count,
            numerics: EngineIdentity.numerics,
            windowTokens: limit,
            sharesVocabulary: true,
            baselineFit: ReadTokens(tokenizer: tokenizer, pieces: pieces, scores: scores.map(\.baseline)).fit,
            candidateFit: ReadTokens(tokenizer: tokenizer, pieces: pieces, scores: scores.map(\.candidate)).fit,
            figures: pairs.figures,
            worst: pairs.worst
        )
    }
}

/// What happens between two batches of tokens.
private struct Pace {
    private let live: ForegroundLoad?
    private let total: Int
    private let progress: TextReader.Progress
    /// Parts that are done, and what the part under way counts when it is.
    private var done = 0, part = 0
    /// Batches of the part under way.
    private var step = 0, steps = 1

    init(_ live: ForegroundLoad?, total: Int, _ progress: @escaping TextReader.Progress) {
        self.live = live
        self.total = total
        self.progress = progress
        progress(0, total)
    }

    /// A window of a text is next, read by so many models.
    mutating func begin(_ window: TextWindows.Window, models: Int) {
        func batches(_ range: Range<Int>) -> Int { (range.count + TokenScorer.usualRows - 1) / TokenScorer.usualRows }
        begin(window.context.count + window.scored.count)
        steps = models * batches(window.context) + batches(window.scored)
    }

    /// A part is next that counts as much as `size`.
    mutating func begin(_ size: Int) {
        (part, step, steps) = (size, 0, 1)
    }

    /// Comes before each batch.
    mutating func next() throws {
        try Task.checkCancellation()
        live?.pause()
        step += 1
        if step > 1 { progress(done + part * min(step - 1, steps) / max(1, steps), total) }
    }

    mutating func finish() {
        done += part
        progress(done, total)
    }
}
