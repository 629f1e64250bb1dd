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
        if reason == nil {
            guard position >= contextLength else {
                position += 1
                return Step(token: token, text: text, isOver: false)
            }
            builder.end(.length)
        }
        return Step(token: token, text: text + builder.finish(), isOver: true)
    }

    /// Ends an answer before its last token; what was held back comes out.
    mutating func cancel() -> String { builder.finish() }

    /// The answer, once it is over.
    func generation(seconds: Double) -> Generation { builder.generation(seconds: seconds) }
}
