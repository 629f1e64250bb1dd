public import RegistryTypes

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
    /// The size below which a change is "small": Cliff's delta for numbers, a share for categories and rates, a multiple of
    /// the noise for embeddings.
    public var floor: Double { row.floor }
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
    }

    // swift-format-ignore
    private var row: Row {
        switch self {
        case .promptTokens:       Row(code: 1, family: .input, kind: .number, title: "prompt tokens", unit: "tokens", floor: 0.05)
        case .charactersPerToken: Row(code: 2, family: .input, kind: .number, title: "characters per token", unit: "", floor: 0.05)
        case .nonASCIIShare:      Row(code: 3, family: .input, kind: .number, title: "letters outside ASCII", unit: "%", floor: 0.05)
        case .digitShare:         Row(code: 4, family: .input, kind: .number, title: "digits", unit: "%", floor: 0.05)
        case .lineBreaks:         Row(code: 5, family: .input, kind: .number, title: "line breaks", unit: "", floor: 0.05)
        case .codeFence:          Row(code: 6, family: .input, kind: .rate, title: "code blocks", unit: "%", floor: 0.02)
        case .turns:              Row(code: 7, family: .input, kind: .number, title: "turns", unit: "messages", floor: 0.05)
        case .script:             Row(code: 8, family: .input, kind: .category, title: "script", unit: "", floor: 0.02)
        case .language:           Row(code: 9, family: .input, kind: .category, title: "language", unit: "", floor: 0.02)
        case .distinctWords:      Row(code: 10, family: .input, kind: .number, title: "distinct words of the first 40", unit: "%", floor: 0.05)
        case .prompt:             Row(code: 11, family: .input, kind: .category, title: "prompt version", unit: "", floor: 0.02)
        case .pattern:            Row(code: 12, family: .input, kind: .category, title: "personal data", unit: "", floor: 0.02)
        case .meanNLL:            Row(code: 13, family: .input, kind: .number, title: "surprise of the prompt", unit: "nats", floor: 0.05)
        case .windowNLL:          Row(code: 14, family: .input, kind: .number, title: "surprise of its oddest 32 tokens", unit: "nats", floor: 0.05)
        case .embedding:          Row(code: 15, family: .input, kind: .embedding, title: "meaning of the prompt", unit: "times noise", floor: 3)
        case .completionTokens:   Row(code: 16, family: .output, kind: .number, title: "answer tokens", unit: "tokens", floor: 0.05)
        case .finish:             Row(code: 17, family: .output, kind: .category, title: "end of the answer", unit: "", floor: 0.02)
        case .refusal:            Row(code: 18, family: .output, kind: .rate, title: "refusals", unit: "%", floor: 0.02)
        case .jsonValid:          Row(code: 19, family: .output, kind: .rate, title: "valid structured answers", unit: "%", floor: 0.02)
        case .repetition:         Row(code: 20, family: .output, kind: .number, title: "repeated word pairs", unit: "%", floor: 0.05)
        case .meanLogProbability: Row(code: 21, family: .output, kind: .number, title: "certainty of the answer", unit: "nats", floor: 0.05)
        case .correct:            Row(code: 22, family: .quality, kind: .rate, title: "correct answers", unit: "%", floor: 0.02)
        case .liked:              Row(code: 23, family: .quality, kind: .rate, title: "thumbs up", unit: "%", floor: 0.02)
        case .feedbackGiven:      Row(code: 24, family: .quality, kind: .rate, title: "requests with a thumb", unit: "%", floor: 0.02)
        case .totalSeconds:       Row(code: 25, family: .operations, kind: .number, title: "total latency", unit: "s", floor: 0.05)
        case .firstTokenSeconds:  Row(code: 26, family: .operations, kind: .number, title: "time to first token", unit: "s", floor: 0.05)
        case .perTokenSeconds:    Row(code: 27, family: .operations, kind: .number, title: "time per token", unit: "s", floor: 0.05)
        case .errors:             Row(code: 28, family: .operations, kind: .rate, title: "errors", unit: "%", floor: 0.02)
        }
    }
}
