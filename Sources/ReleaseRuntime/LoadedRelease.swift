import Inference
public import RegistryTypes

/// A release ready to answer: weights, prompt and settings. Immutable; make one worker for each thread.
public struct LoadedRelease: Sendable {
    /// The weights.
    public let weights: LoadedWeights
    /// The prompt.
    public let prompt: PromptDocument
    /// How tokens are chosen.
    public let decoding: DecodingSettings
    let sampling: SamplingSettings

    /// Puts weights, prompt and settings together.
    ///
    /// - Throws: `InferenceError.invalidSetting` for settings out of range; ``ReleaseRuntimeError/unknownMark(_:prompt:)``
    ///   when the prompt's format uses a mark that the tokenizer does not know.
    public init(weights: LoadedWeights, prompt: PromptDocument, decoding: DecodingSettings) throws {
        self.weights = weights
        self.prompt = prompt
        self.decoding = decoding
        sampling =
            decoding.temperature == 0
            ? .greedy
            : try SamplingSettings(
                temperature: decoding.temperature,
                topK: decoding.topK ?? 0,
                topP: decoding.topP ?? 1,
                minP: decoding.minP ?? 0
            )
        for mark in prompt.format.marks where weights.tokenizer.specialToken(mark) == nil {
            throw ReleaseRuntimeError.unknownMark(mark, prompt: prompt.name)
        }
    }

    /// The token ids of the prompt with these values.
    ///
    /// Text of the prompt's author may hold special tokens; a value never does, whatever it spells.
    /// - Throws: `PromptError` for missing, unknown or too long variables;
    ///   ``ReleaseRuntimeError/promptTooLong(tokens:contextLength:)``.
    public func render(_ variables: [String: String]) throws -> [Int] {
        var tokens = weights.tokenizer.beginningToken.map { [$0] } ?? []
        for segment in try prompt.segments(variables) {
            switch segment {
            case .literal(let text): tokens += weights.tokenizer.encode(text, specials: .parsed)
            case .value(let text): tokens += weights.tokenizer.encode(text, specials: .plainText)
            }
        }
        guard tokens.count < weights.contextLength else {
            throw ReleaseRuntimeError.promptTooLong(tokens: tokens.count, contextLength: weights.contextLength)
        }
        return tokens
    }

    /// What to generate for these values.
    func request(_ variables: [String: String], seed: UInt64) throws -> GenerationRequest {
        let tokens = try render(variables)
        let endOfAnswer = prompt.format.endOfAnswer.flatMap { weights.tokenizer.specialToken($0) }
        return GenerationRequest(
            promptTokens: tokens,
            maxTokens: decoding.maxTokens,
            sampling: sampling,
            seed: seed,
            stopStrings: decoding.stop,
            stopTokens: Set([endOfAnswer].compactMap { $0 })
        )
    }
}

extension PromptFormat {
    /// The special tokens that the format writes.
    var marks: [String] {
        switch self {
        case .chatml: ["<|im_start|>", "<|im_end|>"]
        case .llama3: ["<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
        case .raw: []
        }
    }
}
