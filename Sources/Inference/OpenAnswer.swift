import Tokenizers

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
    private var history: TokenHistory
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
        history = TokenHistory(prompt: request.sampling.changesLogits ? request.promptTokens : [])
        alternatives = request.alternatives
        self.contextLength = contextLength
        builder = AnswerBuilder(request, tokenizer)
    }

    /// Chooses the token at `position`. After the last one, `generation` gives the answer; before, the token's own
    /// logits come next.
    ///
    /// - Parameter seconds: the time of the choice, asked once.
    mutating func take(_ logits: LogitsRow, seconds: () -> Double) -> Step {
        let id = sampler.choose(logits, position: position, after: history)
        if sampler.settings.changesLogits { history.append(id) }
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
        let (released, stopped) = scanner.append(
            request.spelledTokens.contains(token.id) ? tokenizer.bytes(of: token.id) : tokenizer.text(of: token.id)
        )
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
            invalidBytes: decoder.invalidBytes,
            finishReason: finishReason,
            promptTokenCount: request.promptTokens.count,
            totalSeconds: seconds
        )
    }
}

/// Looks for stop strings in bytes that arrive in pieces, and holds back what could be the beginning of one.
struct StopScanner {
    private let stops: [[UInt8]]
    private var held: [UInt8] = []

    /// - Parameter stops: strings that end an answer; empty ones are ignored.
    init(_ stops: [String]) {
        self.stops = stops.map { Array($0.utf8) }.filter { !$0.isEmpty }
    }

    /// Adds bytes. The first stop string to be complete ends the text, at the byte where it begins (the longest one where
    /// several are complete at once), however the bytes were cut into pieces.
    ///
    /// - Returns: the bytes that are certainly before any stop string, and whether one was found. After that the
    ///   scanner is done.
    mutating func append(_ bytes: [UInt8]) -> (released: [UInt8], stopped: Bool) {
        guard let longest = stops.map(\.count).max() else { return (bytes, false) }
        for byte in bytes {
            held.append(byte)
            let complete = stops.filter { held.suffix($0.count).elementsEqual($0) }
            if let length = complete.map(\.count).max() {
                defer { held = [] }
                return (Array(held.dropLast(length)), true)
            }
        }
        let keep = (0..<min(longest, held.count + 1)).last { count in
            stops.contains { $0.starts(with: held.suffix(count)) }
        }
        defer { held = Array(held.suffix(keep ?? 0)) }
        return (Array(held.dropLast(keep ?? 0)), false)
    }

    /// What was held back, when no more bytes come.
    mutating func finish() -> [UInt8] {
        defer { held = [] }
        return held
    }
}
