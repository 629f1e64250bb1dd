/// An answer in the making: chooses its next token from the logits of the last one. The one place where logits become
/// answers, whether requests run alone or together.
struct OpenAnswer {
    /// What one token did.
    struct Step {
        let token: Generation.Token
        /// Text that is now certainly part of the answer.
        let text: String
        /// True when this was the last token.
        let isOver: Bool
    }

    /// Position of the next token to be chosen.
    private(set) var position: Int
    private let sampler: Sampler
    private let alternatives: Int
    private let contextLength: Int
    private var builder: AnswerBuilder

    init(_ request: GenerationRequest, _ tokenizer: Tokenizer, contextLength: Int, instructions: InstructionSet) {
        position = request.promptTokens.count
        sampler = Sampler(
            settings: request.sampling,
            random: CounterRandom(seed: request.seed),
            instructions: instructions
        )
        alternatives = request.alternatives
        self.contextLength = contextLength
        builder = AnswerBuilder(request, tokenizer)
    }

    /// Chooses the token at `position`. After the last one, `generation` gives the answer; before, the token's own
    /// logits come next.
    ///
    /// - Parameter seconds: the time of the choice, asked once.
    mutating func take(_ logits: LogitsRow, seconds: () -> Double) -> Step {
        let id = sampler.choose(logits, position: position)
        let likely = alternatives == 0 ? [] : Sampler.mostLikely(alternatives, of: logits.values)
        let token = Generation.Token(
            id: id,
            logProbability: logits.logProbability(of: id),
            alternatives: likely.map { .init(token: $0, logProbability: logits.logProbability(of: $0)) },
            seconds: seconds()
        )
        let (text, reason) = builder.append(token)
        guard reason != nil || position >= contextLength else {
            position += 1
            return Step(token: token, text: text, isOver: false)
        }
        return Step(token: token, text: text + builder.finish(reason ?? .length), isOver: true)
    }

    /// The answer, once it is over.
    func generation(seconds: Double) -> Generation { builder.generation(seconds: seconds) }
}

/// Collects an answer token by token and decides when it is over.
struct AnswerBuilder {
    private let request: GenerationRequest
    private let tokenizer: Tokenizer
    private var scanner: StopScanner
    private var decoder = StreamingDecoder()
    private var tokens: [Generation.Token] = []
    private var endToken: Generation.Token?
    private var text = ""
    private var finishReason = Generation.FinishReason.length

    init(_ request: GenerationRequest, _ tokenizer: Tokenizer) {
        self.request = request
        self.tokenizer = tokenizer
        scanner = StopScanner(request.stopStrings)
    }

    /// Adds a chosen token.
    ///
    /// - Returns: text that is now certainly part of the answer, and the reason if the answer is over.
    mutating func append(_ token: Generation.Token) -> (text: String, finishReason: Generation.FinishReason?) {
        if tokenizer.endTokens.contains(token.id) || request.stopTokens.contains(token.id) {
            endToken = token
            return ("", .stop)
        }
        tokens.append(token)
        let (released, stopped) = scanner.append(tokenizer.text(of: token.id))
        let piece = decoder.append(released)
        text += piece
        return (piece, stopped ? .stop : tokens.count >= request.maxTokens ? .length : nil)
    }

    /// Ends the answer and releases what was held back.
    mutating func finish(_ reason: Generation.FinishReason) -> String {
        finishReason = reason
        let rest = decoder.append(scanner.finish()) + decoder.finish()
        text += rest
        return rest
    }

    /// The answer; call `finish` first.
    func generation(seconds: Double) -> Generation {
        Generation(
            tokens: tokens,
            endToken: endToken,
            text: text,
            finishReason: finishReason,
            promptTokenCount: request.promptTokens.count,
            totalSeconds: seconds
        )
    }
}
