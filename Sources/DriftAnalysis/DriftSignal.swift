public import RegistryRecords
import Wording

/// Everything about a request that drift is looked for in. The one table: name, family, kind, unit, floor.
public enum DriftSignal: String, CaseIterable, Sendable, Codable {
    // Input
    case promptTokens, charactersPerToken, nonASCIIShare, digitShare, lineBreaks, codeFence, turns, script, language
    case distinctWords, prompt, pattern, meanNLL, windowNLL, embedding
    // Output
    case completionTokens, finish, refusal, jsonValid, repetition, meanLogProbability
    // Quality
    case correct, liked, feedbackGiven
    // Operations
    case totalSeconds, firstTokenSeconds, perTokenSeconds, errors

    /// How a signal is counted.
    public enum Kind: Sendable {
        /// A number per request.
        case number
        /// A value out of a few.
        case category
        /// Yes or no.
        case rate
        /// A vector.
        case embedding
    }

    /// What it says something about.
    public var family: DriftFamily { row.family }
    /// How it is counted.
    public var kind: Kind { row.kind }
    /// What a person calls it.
    public var title: String { row.title }
    /// The unit of its numbers; empty when they have none.
    public var unit: String { row.unit }
    /// The size below which a change is "small": Cliff's delta for numbers, a share for categories and rates, a
    /// multiple of the noise for embeddings.
    public var floor: Double { row.floor }
    /// A direction of change.
    enum Direction { case up, down }

    /// The direction in which it gets worse; nil where a change is neither good nor bad by itself.
    var worse: Direction? {
        switch self {
        case .totalSeconds, .firstTokenSeconds, .perTokenSeconds, .errors: .up
        case .correct, .liked, .jsonValid: .down
        case .promptTokens, .charactersPerToken, .nonASCIIShare, .digitShare, .lineBreaks, .codeFence, .turns, .script,
            .language, .distinctWords, .prompt, .pattern, .meanNLL, .windowNLL, .embedding, .completionTokens, .finish,
            .refusal, .repetition, .meanLogProbability, .feedbackGiven:
            nil
        }
    }

    /// The change of a time that anybody notices, in seconds; nil for what is no time.
    var noticedSeconds: Double? {
        switch self {
        case .totalSeconds, .firstTokenSeconds: 0.1
        // A tenth of the pace at which people read.
        case .perTokenSeconds: 0.01
        case .promptTokens, .charactersPerToken, .nonASCIIShare, .digitShare, .lineBreaks, .codeFence, .turns, .script,
            .language, .distinctWords, .prompt, .pattern, .meanNLL, .windowNLL, .embedding, .completionTokens, .finish,
            .refusal, .jsonValid, .repetition, .meanLogProbability, .correct, .liked, .feedbackGiven, .errors:
            nil
        }
    }

    /// Whether only a request that was answered has it.
    var isOfAnswers: Bool { family == .output || self == .firstTokenSeconds || self == .perTokenSeconds }
    /// Whether a request that should have it and does not is a capture fault: labels come when they come.
    public var isCaptured: Bool { family != .quality }

    /// The number it has in stored summaries; never reused.
    var code: UInt8 { row.code }
    /// Its place among the signals of its kind.
    var slot: Int { DriftSignal.slots[self] ?? 0 }

    /// All signals counted as `kind`, in the order of the table.
    static func all(_ kind: Kind) -> [DriftSignal] {
        switch kind {
        case .number: numbers
        case .category: categories
        case .rate: rates
        case .embedding: [.embedding]
        }
    }

    static let numbers = allCases.filter { $0.kind == .number }
    static let categories = allCases.filter { $0.kind == .category }
    static let rates = allCases.filter { $0.kind == .rate }
    private static let slots: [DriftSignal: Int] = Dictionary(
        uniqueKeysWithValues: [Kind.number, .category, .rate, .embedding].flatMap { kind in
            all(kind).enumerated().map { ($1, $0) }
        }
    )
    static let byCode: [UInt8: DriftSignal] = Dictionary(uniqueKeysWithValues: allCases.map { ($0.code, $0) })

    private struct Row {
        let code: UInt8
        let family: DriftFamily
        let kind: Kind
        let title: String
        let unit: String
        let floor: Double

        init(
            _ code: UInt8,
            _ family: DriftFamily,
            _ kind: Kind,
            _ title: String,
            _ unit: String,
            _ floor: Double
        ) {
            self.code = code
            self.family = family
            self.kind = kind
            self.title = title
            self.unit = unit
            self.floor = floor
        }
    }

    // swift-format-ignore
    private var row: Row {
        switch self {
        case .promptTokens:       Row(1, .input, .number, "prompt tokens", "tokens", 0.05)
        case .charactersPerToken: Row(2, .input, .number, "characters per token", "", 0.05)
        case .nonASCIIShare:      Row(3, .input, .number, "letters outside ASCII", "%", 0.05)
        case .digitShare:         Row(4, .input, .number, "digits", "%", 0.05)
        case .lineBreaks:         Row(5, .input, .number, "line breaks", "", 0.05)
        case .codeFence:          Row(6, .input, .rate, "code blocks", "%", 0.02)
        case .turns:              Row(7, .input, .number, "turns", "messages", 0.05)
        case .script:             Row(8, .input, .category, "script", "", 0.02)
        case .language:           Row(9, .input, .category, "language", "", 0.02)
        case .distinctWords:      Row(10, .input, .number, "distinct words of the first 40", "%", 0.05)
        case .prompt:             Row(11, .input, .category, "prompt version", "", 0.02)
        case .pattern:            Row(12, .input, .category, "personal data", "", 0.02)
        case .meanNLL:            Row(13, .input, .number, "surprise of the prompt", "nats", 0.05)
        case .windowNLL:          Row(14, .input, .number, "surprise of its oddest 32 tokens", "nats", 0.05)
        case .embedding:          Row(15, .input, .embedding, "meaning of the prompt", "times noise", 3)
        case .completionTokens:   Row(16, .output, .number, "answer tokens", "tokens", 0.05)
        case .finish:             Row(17, .output, .category, "end of the answer", "", 0.02)
        case .refusal:            Row(18, .output, .rate, "refusals", "%", 0.02)
        case .jsonValid:          Row(19, .output, .rate, "valid structured answers", "%", 0.02)
        case .repetition:         Row(20, .output, .number, "repeated word pairs", "%", 0.05)
        case .meanLogProbability: Row(21, .output, .number, "certainty of the answer", "nats", 0.05)
        case .correct:            Row(22, .quality, .rate, "correct answers", "%", 0.02)
        case .liked:              Row(23, .quality, .rate, "thumbs up", "%", 0.02)
        case .feedbackGiven:      Row(24, .quality, .rate, "requests with a thumb", "%", 0.02)
        case .totalSeconds:       Row(25, .operations, .number, "total latency", "s", 0.05)
        case .firstTokenSeconds:  Row(26, .operations, .number, "time to first token", "s", 0.05)
        case .perTokenSeconds:    Row(27, .operations, .number, "time per token", "s", 0.05)
        case .errors:             Row(28, .operations, .rate, "errors", "%", 0.02)
        }
    }
}

extension DriftSignal {
    /// One of its numbers, as people read it.
    func text(_ value: Double) -> String {
        switch unit {
        case "%": NumberText.share(value)
        case "s": NumberText.duration(value)
        case "": NumberText.significant(value)
        default: "\(NumberText.significant(value)) \(unit)"
        }
    }

    /// How its number moved: points for shares, per cent for what has a zero, else the difference.
    func change(from before: Double, to now: Double) -> String {
        if unit == "%" { return NumberText.points(now - before) }
        if before > 0, now > 0 { return NumberText.growth(now / before - 1) }
        return (now > before ? "+" : "") + text(now - before)
    }
}

extension DriftSignal {
    /// Whether a window in which nothing else was seen says anything: every request has a prompt version and turns.
    var saysSomething: Bool { self != .prompt && self != .turns }

    /// Why nothing is known of it, of so many requests that have it in the reference and in the window.
    func unseen(_ present: (reference: Int, current: Int)) -> String {
        if present.reference > 0, present.current > 0 { return "there is nothing to compare" }
        let side =
            present.reference > 0
            ? "in the window" : present.current > 0 ? "in the reference" : "in the reference and in the window"
        switch self {
        case .charactersPerToken, .nonASCIIShare, .digitShare, .lineBreaks, .codeFence, .script, .language,
            .distinctWords, .pattern, .refusal:
            return "no text is kept \(side)"
        case .repetition: return "no answer with 8 words or more is kept \(side)"
        case .meanNLL, .windowNLL: return "no prompt was scored \(side)"
        case .embedding: return "no prompt has an embedding \(side)"
        case .correct: return "no answer was labelled \(side)"
        case .liked: return "no thumb was given \(side)"
        case .jsonValid: return "no answer had to be JSON \(side)"
        case .promptTokens, .turns, .prompt, .totalSeconds, .errors: return "no request has it \(side)"
        case .completionTokens, .finish, .meanLogProbability, .feedbackGiven, .firstTokenSeconds, .perTokenSeconds:
            return "no answer has it \(side)"
        }
    }
}
