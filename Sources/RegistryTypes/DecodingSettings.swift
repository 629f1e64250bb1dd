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
    /// Texts that end an answer; they are not part of it.
    public var stop: [String]

    /// Settings for an answer.
    public init(
        temperature: Double = 0,
        maxTokens: Int = 256,
        topK: Int? = nil,
        topP: Double? = nil,
        minP: Double? = nil,
        stop: [String] = []
    ) {
        self.temperature = temperature
        self.maxTokens = maxTokens
        self.topK = topK
        self.topP = topP
        self.minP = minP
        self.stop = stop
    }
}
