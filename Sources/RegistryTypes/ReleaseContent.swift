public import Digests

/// What is shipped together and moved as one: weights, prompt and decoding settings, pinned by digest.
///
/// Two releases of a model with equal content are the same release.
public struct ReleaseContent: DigestedContent, Hashable, Sendable, Codable {
    /// The version of the model.
    public let version: Int
    /// The digest of that version's manifest.
    public let manifest: Digest
    /// The version of the prompt.
    public let prompt: VersionID
    /// The digest of that prompt version's canonical document.
    public let promptDigest: Digest
    /// How tokens are chosen.
    public let decoding: DecodingSettings

    /// The content of a release.
    public init(
        version: Int,
        manifest: Digest,
        prompt: VersionID,
        promptDigest: Digest,
        decoding: DecodingSettings
    ) {
        self.version = version
        self.manifest = manifest
        self.prompt = prompt
        self.promptDigest = promptDigest
        self.decoding = decoding
    }
}

/// How tokens are chosen: part of a release, so a change of it is a new release.
public struct DecodingSettings: Hashable, Sendable, Codable {
    /// 0 means greedy: the most likely token, ties to the lower id.
    public var temperature: Double
    /// The most tokens an answer may have.
    public var maxTokens: Int
    /// Keep only this many of the most likely tokens; nil keeps all.
    public var topK: Int?
    /// Keep the most likely tokens whose probabilities sum to this, in 0...1; nil keeps all.
    public var topP: Double?
    /// Keep tokens at least this likely relative to the most likely one, in 0...1; nil keeps all.
    public var minP: Double?
    /// Of those, keep the ones nearest to the expected surprise whose probabilities sum to this, in 0...1; nil keeps all.
    public var typicalP: Double?
    /// Makes tokens that are in the prompt or the answer less likely, above 1; nil changes nothing.
    public var repetitionPenalty: Double?
    /// Taken off a logit for each time that its token is in the answer, -2...2; nil changes nothing.
    public var frequencyPenalty: Double?
    /// Taken off a logit once when its token is in the answer, -2...2; nil changes nothing.
    public var presencePenalty: Double?
    /// Added to the logits of tokens, by their ids; nil changes nothing. A request may ask for it, a document cannot: ids
    /// mean something in one vocabulary only.
    public var logitBias: [Int: Double]?
    /// Texts that end an answer; they are not part of it.
    public var stop: [String]

    /// Settings for an answer.
    public init(
        temperature: Double = 0,
        maxTokens: Int = 256,
        topK: Int? = nil,
        topP: Double? = nil,
        minP: Double? = nil,
        typicalP: Double? = nil,
        repetitionPenalty: Double? = nil,
        frequencyPenalty: Double? = nil,
        presencePenalty: Double? = nil,
        stop: [String] = []
    ) {
        self.temperature = temperature
        self.maxTokens = maxTokens
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.typicalP = typicalP
        self.repetitionPenalty = repetitionPenalty
        self.frequencyPenalty = frequencyPenalty
        self.presencePenalty = presencePenalty
        self.stop = stop
    }

    /// A setting that a request may change to a number, by the name under which its record keeps it.
    public enum Asked: String, CaseIterable, Sendable {
        case temperature, topK, topP, minP, typicalP, repetitionPenalty, frequencyPenalty, presencePenalty
    }

    /// Changes a setting as a request asks.
    public mutating func ask(_ setting: Asked, _ value: Double) {
        switch setting {
        case .temperature: temperature = value
        case .topK: topK = value > 0 ? Int(value) : nil
        // 0 keeps only the most likely token, and so does the smallest number above it, which the engine takes.
        case .topP: topP = value > 0 ? value : .leastNonzeroMagnitude
        case .minP: minP = value
        case .typicalP: typicalP = value > 0 ? value : .leastNonzeroMagnitude
        case .repetitionPenalty: repetitionPenalty = value
        case .frequencyPenalty: frequencyPenalty = value
        case .presencePenalty: presencePenalty = value
        }
    }

    /// What is set of typical sampling and of the penalties, with the words for it, in the order in which they stand here.
    public var penalties: [(words: String, value: Double)] {
        let all = [
            ("typical p", typicalP), ("repetition penalty", repetitionPenalty),
            ("frequency penalty", frequencyPenalty), ("presence penalty", presencePenalty),
        ]
        return all.compactMap { words, value in value.map { (words, $0) } }
    }
}
