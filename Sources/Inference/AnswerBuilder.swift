/// Collects an answer token by token and decides when it is over.
struct AnswerBuilder {
    private let request: GenerationRequest
    private let tokenizer: Tokenizer
    private var scanner: StopScanner
    private var decoder = StreamingDecoder()
    private var tokens: [Generation.Token] = []
    private var endToken: Generation.Token?
    private var text = ""
    private var finishReason: Generation.FinishReason?

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
            finishReason = .stop
            return ("", .stop)
        }
        tokens.append(token)
        let (released, stopped) = scanner.append(tokenizer.text(of: token.id))
        let piece = decoder.append(released)
        text += piece
        if stopped {
            finishReason = .stop
        } else if tokens.count >= request.maxTokens {
            finishReason = .length
        }
        return (piece, finishReason)
    }

    /// Ends the answer from outside.
    mutating func end(_ reason: Generation.FinishReason) {
        finishReason = reason
    }

    /// Releases what was held back; without a reason so far, the answer was cancelled.
    mutating func finish() -> String {
        finishReason = finishReason ?? .cancelled
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
            finishReason: finishReason ?? .cancelled,
            promptTokenCount: request.promptTokens.count,
            totalSeconds: seconds
        )
    }
}
