/// What the weights file says of itself: read from its header, never typed by hand.
public struct ModelFacts: Hashable, Sendable, Codable {
    /// `general.architecture`, such as `llama`.
    public let architecture: String
    /// The number of weights in all tensors.
    public let parameterCount: Int
    /// The most tokens of a prompt and its answer together.
    public let contextLength: Int
    /// Transformer blocks.
    public let layerCount: Int
    /// Width of the residual stream.
    public let width: Int
    /// Query heads.
    public let headCount: Int
    /// Key and value heads.
    public let keyValueHeadCount: Int
    /// Tokens the tokenizer knows.
    public let vocabularySize: Int
    /// Tokenizer model and pre-tokenizer, such as `gpt2/llama-bpe`.
    public let tokenizer: String
    /// The tensor type that holds most weights, such as `Q8_0`.
    public let precision: String
    /// Tensors of each type.
    public let tensorTypes: [String: Int]
    /// `general.license`, when the file names one.
    public let license: String?

    /// Facts of a weights file.
    public init(
        architecture: String,
        parameterCount: Int,
        contextLength: Int,
        layerCount: Int,
        width: Int,
        headCount: Int,
        keyValueHeadCount: Int,
        vocabularySize: Int,
        tokenizer: String,
        precision: String,
        tensorTypes: [String: Int],
        license: String?
    ) {
        self.architecture = architecture
        self.parameterCount = parameterCount
        self.contextLength = contextLength
        self.layerCount = layerCount
        self.width = width
        self.headCount = headCount
        self.keyValueHeadCount = keyValueHeadCount
        self.vocabularySize = vocabularySize
        self.tokenizer = tokenizer
        self.precision = precision
        self.tensorTypes = tensorTypes
        self.license = license
    }
}
