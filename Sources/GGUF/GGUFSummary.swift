/// What a model file says about itself: the facts that a registry shows. Read from the header, never typed in.
public struct GGUFSummary: Sendable, Equatable, Codable {
    /// `general.architecture`, as in `llama`.
    public let architecture: String
    /// `general.name`.
    public let name: String?
    /// `general.license`.
    public let license: String?
    /// Elements of all tensors.
    public let parameterCount: Int
    /// Largest number of tokens that the model was made for.
    public let contextLength: Int
    /// Transformer blocks.
    public let layerCount: Int
    /// Size of the residual stream (embedding length).
    public let width: Int
    /// Query heads of a layer.
    public let headCount: Int
    /// Key and value heads of a layer.
    public let kvHeadCount: Int
    /// Rows of the token embedding.
    public let vocabularySize: Int
    /// `tokenizer.ggml.model`, as in `gpt2`.
    public let tokenizerModel: String?
    /// `tokenizer.ggml.pre`, as in `llama-bpe`.
    public let preTokenizer: String?
    /// Name of the tensor type that most elements have, as in `Q8_0`.
    public let precision: String
    /// Number of tensors of each type, by the type's name.
    public let tensorTypes: [String: Int]
    /// Bytes of the whole file.
    public let fileBytes: Int

    /// Reads the facts of a file; works for architectures and tensor types that the engine does not run, too.
    ///
    /// - Throws: `GGUFError.missingKey`, `wrongType`, `invalidValue` or `missingTensor`.
    public init(_ file: GGUFFile) throws(GGUFError) {
        guard let architecture = try file.string("general.architecture") else {
            throw .missingKey("general.architecture")
        }
        let sizes = 1...(1 << 24)
        self.architecture = architecture
        name = try file.string("general.name")
        license = try file.string("general.license")
        contextLength = try file.requiredInteger("\(architecture).context_length", in: 1...(1 << 30))
        layerCount = try file.requiredInteger("\(architecture).block_count", in: 1...GGUFLimits.blockCount)
        width = try file.requiredInteger("\(architecture).embedding_length", in: sizes)
        headCount = try file.requiredInteger("\(architecture).attention.head_count", in: sizes)
        let kvKey = "\(architecture).attention.head_count_kv"
        kvHeadCount = file.metadata[kvKey] == nil ? headCount : try file.requiredInteger(kvKey, in: sizes)
        guard let embedding = file.tensor(named: "token_embd.weight") else {
            throw .missingTensor("token_embd.weight")
        }
        vocabularySize = embedding.dimensions.count > 1 ? embedding.dimensions[1] : 1
        tokenizerModel = try file.string("tokenizer.ggml.model")
        preTokenizer = try file.string("tokenizer.ggml.pre")
        var tensorCounts: [String: Int] = [:]
        var elementCounts: [TensorType: Int] = [:]
        var total = 0
        for tensor in file.tensors {
            // Every element takes at least a bit of the file, so these sums are far from overflow.
            total += tensor.elementCount
            tensorCounts["\(tensor.type)", default: 0] += 1
            elementCounts[tensor.type, default: 0] += tensor.elementCount
        }
        parameterCount = total
        tensorTypes = tensorCounts
        let dominant = elementCounts.max { ($0.value, $1.key.rawValue) < ($1.value, $0.key.rawValue) }
        precision = dominant.map { "\($0.key)" } ?? ""
        fileBytes = file.byteCount
    }
}

/// Which part of a split model a file is, as its metadata says.
public struct SplitPart: Sendable, Equatable, CustomStringConvertible {
    /// From 1.
    public let number: Int
    /// Parts of the whole.
    public let count: Int
    /// Tensors of the whole; nil where the file does not say.
    public let tensorCount: Int?

    /// Reads `split.no`, `split.count` and `split.tensors.count`; nil for a file that is no part of anything.
    public init?(_ file: GGUFFile) {
        guard let count = file.metadata["split.count"]?.integer, count > 0,
            let index = file.metadata["split.no"]?.integer, (0..<count).contains(index)
        else { return nil }
        self.count = count
        number = index + 1
        tensorCount = file.metadata["split.tensors.count"]?.integer
    }

    /// What a person reads.
    public var description: String { "the file is part \(number) of \(count) of a split model" }
}
