/// Cuts text into the pieces within which byte-level BPE merges. Each kind is one hand-written scanner after another for
/// the regular expressions over Unicode categories by which the model's own tokenizer cuts; there is no regex engine at
/// run time, and the time is linear in the text.
public enum PreTokenizer: String, Sendable, Equatable, CaseIterable {
    case gpt2
    /// At most three digits a piece.
    case llamaBPE
    /// One digit a piece; otherwise as `llamaBPE`.
    case qwen2
    /// As `qwen2`, with combining marks as letters.
    case qwen35
    /// Digits one by one, then as `gpt2`.
    case starcoder
    /// As `starcoder`.
    case smollm
    /// What converters wrote for models that they did not know: `default`.
    case other
    case falcon
    case deepseekLLM
    case deepseekCoder
    /// Words change from capital to small letters at most once.
    case tekken
    /// As `tekken`, with at most three digits and with contractions at the end of words.
    case gpt4o
    /// Only line breaks apart from the rest.
    case gemma4

    /// The names that files use for it (`tokenizer.ggml.pre`), the usual one first.
    public var names: [String] {
        switch self {
        case .gpt2: ["gpt-2", "phi-2", "mpt", "olmo", "exaone4"]
        case .llamaBPE: ["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "lfm2"]
        case .qwen2: ["qwen2", "deepseek-r1-qwen", "megrez"]
        case .qwen35: ["qwen35"]
        case .starcoder: ["starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b"]
        case .smollm: ["smollm"]
        case .other: ["default"]
        case .falcon: ["falcon"]
        case .deepseekLLM: ["deepseek-llm"]
        case .deepseekCoder: ["deepseek-coder"]
        case .tekken: ["tekken"]
        case .gpt4o: ["gpt-4o", "llama4", "kanana2"]
        case .gemma4: ["gemma4"]
        }
    }

    /// - Throws: `TokenizerError.unsupportedPreTokenizer`.
    init(name: String) throws(TokenizerError) {
        guard let kind = Self.allCases.first(where: { $0.names.contains(name) }) else {
            throw .unsupportedPreTokenizer(name)
        }
        self = kind
    }

    /// Words that are tokens as a whole are taken although no merges lead there.
    var takesWholeWords: Bool {
        switch self {
        case .llamaBPE, .tekken: true
        case .gpt2, .qwen2, .qwen35, .starcoder, .smollm, .other, .falcon, .deepseekLLM, .deepseekCoder, .gpt4o,
            .gemma4:
            false
        }
    }

    /// Files that leave `tokenizer.ggml.add_bos_token` out mean yes.
    var addsBeginningByDefault: Bool {
        switch self {
        case .llamaBPE, .tekken, .gemma4: true
        case .gpt2, .qwen2, .qwen35, .starcoder, .smollm, .other, .falcon, .deepseekLLM, .deepseekCoder, .gpt4o: false
        }
    }

    /// What is done to the text, one after another: each step cuts the pieces of the step before.
    private var steps: [WordScanner.Step] {
        switch self {
        case .gpt2: [.gpt2]
        case .llamaBPE: [.words(letters: .letters, maxDigits: 3)]
        case .qwen2: [.words(letters: .letters, maxDigits: 1)]
        case .qwen35: [.words(letters: .lettersAndMarks, maxDigits: 1)]
        case .starcoder, .smollm: [.singleNumbers, .gpt2]
        case .other: [.punctuationRuns(withBacktick: false), .gpt2, .numberRuns, .threeDigits]
        case .falcon: [.punctuationRuns(withBacktick: true), .gpt2, .threeDigits]
        case .deepseekLLM: [.lineBreaks, .casedWords, .wideSigns, .spacesAtEnd, .eastAsianRuns, .numberRuns]
        case .deepseekCoder: [.lineBreaks, .letterRuns, .signRuns, .eastAsianRuns, .singleNumbers]
        case .tekken: [.caseWords(maxDigits: 1, contractions: false)]
        case .gpt4o: [.caseWords(maxDigits: 3, contractions: true)]
        case .gemma4: [.lines]
        }
    }

    /// The pieces of a text as byte offsets where they end; the first starts at 0, each next one where the one before
    /// ends.
    func pieceEnds(_ text: ScalarText) -> [Int] {
        guard text.count > 0 else { return [] }
        var ends = [text.count]
        for step in steps {
            var cut: [Int] = []
            cut.reserveCapacity(max(ends.count, text.count / 4))
            var scanner = WordScanner(text)
            for end in ends {
                scanner.take(pieceEndingAt: end)
                scanner.cut(step, into: &cut)
            }
            ends = cut
        }
        return ends.map { text.offsets[$0] }
    }
}
