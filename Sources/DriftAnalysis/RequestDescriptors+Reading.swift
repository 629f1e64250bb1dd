public import RegistryTypes

extension RequestDescriptors {
    /// The descriptors of a request. Pure: the same request gives the same numbers.
    ///
    /// - Parameters:
    ///   - record: what is known of the request; only those of ``RequestSource/user`` belong in a summary of drift.
    ///   - input: what was asked, as one text; nil when it is not known any more.
    ///   - turns: messages of the conversation.
    ///   - answers: the answers, one for each choice; empty when they are not known.
    ///   - redactions: how many replacements of each kind were made.
    ///   - prompt: what the reference model said of the prompt.
    ///   - isScored: whether a reference model scores prompts at all: if so, a prompt without scores is a missing one.
    public init(
        record: RequestRecord,
        input: String?,
        turns: Int = 1,
        answers: [String] = [],
        redactions: [String: Int] = [:],
        prompt: PromptReading? = nil,
        isScored: Bool = false
    ) {
        self.init()
        set(.prompt, record.prompt.description)
        set(.turns, Double(turns))
        if let input {
            read(input, tokens: record.promptTokens)
            set(.pattern, Self.pattern(redactions))
        } else if record.capture == .redacted {
            for signal in Self.textSignals { mark(signal, .missing) }
        }
        if let tokens = record.promptTokens {
            set(.promptTokens, Double(tokens))
        } else if record.outcome == .answered {
            mark(.promptTokens, .missing)
        }
        if isScored, record.outcome.isValidEvent {
            set(.meanNLL, prompt?.meanNLL)
            set(.windowNLL, prompt?.windowNLL)
        }
        if let prompt, !prompt.embedding.isEmpty { set(embedding: PackedEmbedding(prompt.embedding)) }
        if record.outcome == .answered { read(record, answers) }
        if record.outcome.isValidEvent {
            set(.totalSeconds, record.totalSeconds)
            set(.errors, record.outcome != .answered)
        }
    }

    /// The descriptors of a stored request.
    ///
    /// - Parameters:
    ///   - record: what is known of the request.
    ///   - body: its texts; nil when they are not kept.
    ///   - label: what somebody said of the answer.
    ///   - prompt: what the reference model said of the prompt.
    ///   - isScored: whether a reference model scores prompts at all.
    public init(
        record: RequestRecord,
        body: RequestBody?,
        label: RequestLabel? = nil,
        prompt: PromptReading? = nil,
        isScored: Bool = false
    ) {
        self.init(
            record: record,
            input: body.map(Self.input),
            turns: body?.messages?.count ?? 1,
            answers: body?.answers ?? [],
            redactions: body?.redactions ?? [:],
            prompt: prompt,
            isScored: isScored
        )
        setLabel(isCorrect: label?.isCorrect, isLiked: label?.isLiked)
    }

    /// What was asked, as one text: the variables in the order of their names, or what the user said.
    public static func input(of body: RequestBody) -> String {
        if let messages = body.messages {
            return messages.filter { $0.role == .user }.map(\.text).joined(separator: "\n")
        }
        return body.variables.sorted { $0.key < $1.key }.map(\.value).joined(separator: "\n")
    }

    private static let textSignals: [DriftSignal] = [
        .charactersPerToken, .nonASCIIShare, .digitShare, .lineBreaks, .codeFence, .script, .language, .distinctWords,
        .pattern,
    ]

    private mutating func read(_ input: String, tokens: Int?) {
        let shape = TextShape(input)
        let characters = Double(shape.characters)
        if let tokens, tokens > 0 { set(.charactersPerToken, characters / Double(tokens)) }
        // An empty text has no share of anything.
        if shape.characters > 0 {
            set(.nonASCIIShare, Double(shape.nonASCII) / characters)
            set(.digitShare, Double(shape.digits) / characters)
        }
        set(.lineBreaks, Double(shape.lineBreaks))
        set(.codeFence, shape.hasCodeFence)
        let script = shape.script
        set(.script, script)
        set(.language, LanguageGuess.code(of: input, script: script))
        if let share = WordHashes(input, limit: 40).distinctShare { set(.distinctWords, share) }
    }

    private mutating func read(_ record: RequestRecord, _ answers: [String]) {
        set(.completionTokens, record.outputTokens.map(Double.init))
        set(.finish, record.finish)
        set(.meanLogProbability, record.meanLogProbability)
        if let isValid = record.isOutputValid { set(.jsonValid, isValid) }
        set(.firstTokenSeconds, record.firstTokenSeconds)
        if let seconds = record.perTokenSeconds { set(.perTokenSeconds, seconds) }
        if let answer = answers.first {
            set(.refusal, RefusalPattern.matches(answer))
            if let share = WordHashes(answer, limit: 256).repeatedPairs { set(.repetition, share) }
        }
        set(.feedbackGiven, false)
    }

    /// The kind of personal data that was found, `several`, or `none`.
    private static func pattern(_ redactions: [String: Int]) -> String {
        let kinds = redactions.filter { $0.value > 0 }.keys
        return kinds.count > 1 ? "several" : kinds.first ?? "none"
    }
}
