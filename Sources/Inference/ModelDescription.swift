public import GGUF

/// The shape of a model, read from a file's metadata and checked against its tensors: when a value of this type
/// exists, every tensor that the forward pass touches is there with the size and type it must have.
public struct ModelDescription: Sendable, Equatable {
    /// Tokens that the model was made for.
    public let contextLength: Int
    /// Transformer blocks.
    public let layerCount: Int
    /// Size of the residual stream.
    public let width: Int
    /// Query heads.
    public let headCount: Int
    /// Key and value heads; each serves `headCount / kvHeadCount` query heads.
    public let kvHeadCount: Int
    /// Elements of a head, a multiple of 16.
    public let headDimension: Int
    /// Size of the hidden layer of the feed-forward part.
    public let feedForwardWidth: Int
    /// Rows of the token embedding.
    public let vocabularySize: Int
    /// Added to the mean square in every norm.
    public let normEpsilon: Float
    /// Base of the rotary frequencies.
    public let ropeBase: Double
    /// True when the output matrix is a tensor of its own, false when it is the embedding.
    public let hasOwnOutput: Bool
    /// True when the file divides the rotary frequencies by factors (`rope_freqs.weight`).
    public let hasRopeFactors: Bool

    /// Reads and checks a file.
    ///
    /// - Throws: `GGUFError` for missing or mistyped metadata and unsupported tensor types, `InferenceError` for an
    ///   architecture or feature that the engine does not have and for tensors that do not fit the metadata.
    public init(_ file: GGUFFile) throws {
        guard let architecture = try file.string("general.architecture") else {
            throw GGUFError.missingKey("general.architecture")
        }
        switch try SupportedModels.Architecture(name: architecture) {
        case .llama: break
        }
        try file.requireSupportedTypes()
        contextLength = try file.requiredInteger("llama.context_length", in: 1...(1 << 24))
        layerCount = try file.requiredInteger("llama.block_count", in: 1...512)
        width = try file.requiredInteger("llama.embedding_length", in: 1...(1 << 16))
        feedForwardWidth = try file.requiredInteger("llama.feed_forward_length", in: 1...(1 << 20))
        headCount = try file.requiredInteger("llama.attention.head_count", in: 1...1024)
        kvHeadCount =
            file.metadata["llama.attention.head_count_kv"] == nil
            ? headCount : try file.requiredInteger("llama.attention.head_count_kv", in: 1...1024)
        guard headCount.isMultiple(of: kvHeadCount) else {
            throw InferenceError.inconsistent(
                "llama.attention.head_count is \(headCount), not a multiple of the \(kvHeadCount) key-value heads"
            )
        }
        headDimension = try Self.headDimension(file, width: width, headCount: headCount)
        normEpsilon = Float(
            try Self.number(file, "llama.attention.layer_norm_rms_epsilon", default: nil, in: 1e-30...1)
        )
        ropeBase = try Self.number(file, "llama.rope.freq_base", default: 10_000, in: 1...1e12)
        try Self.refuseUnknownFeatures(file)
        guard let embedding = file.tensor(named: "token_embd.weight") else {
            throw GGUFError.missingTensor("token_embd.weight")
        }
        guard embedding.dimensions.count == 2, (1...(1 << 20)).contains(embedding.dimensions[1]) else {
            throw InferenceError.wrongShape(
                tensor: embedding.name,
                expected: [width],
                found: embedding.dimensions
            )
        }
        vocabularySize = embedding.dimensions[1]
        hasOwnOutput = file.tensor(named: "output.weight") != nil
        hasRopeFactors = file.tensor(named: "rope_freqs.weight") != nil
        try checkTensors(file)
    }

    private static func headDimension(_ file: GGUFFile, width: Int, headCount: Int) throws -> Int {
        let keyLength = try file.integer("llama.attention.key_length")
        guard keyLength != nil || width.isMultiple(of: headCount) else {
            throw InferenceError.inconsistent(
                "llama.embedding_length is \(width), not a multiple of the \(headCount) heads"
            )
        }
        let dimension = keyLength ?? width / headCount
        guard dimension.isMultiple(of: 16), (16...512).contains(dimension) else {
            throw InferenceError.unsupportedFeature(
                key: "head dimension",
                value: "\(dimension) (supported: multiples of 16 up to 512)"
            )
        }
        for key in ["llama.attention.value_length", "llama.rope.dimension_count"] {
            if let other = try file.integer(key), other != dimension {
                throw InferenceError.unsupportedFeature(key: key, value: "\(other) (head dimension \(dimension))")
            }
        }
        return dimension
    }

    private static func number(
        _ file: GGUFFile,
        _ key: String,
        default fallback: Double?,
        in range: ClosedRange<Double>
    ) throws -> Double {
        guard let value = try file.number(key) ?? fallback else { throw GGUFError.missingKey(key) }
        guard range.contains(value) else {
            throw GGUFError.invalidValue(
                key: key,
                value: "\(value)",
                reason: "it must be from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return value
    }

    /// Keys that change the arithmetic in ways that this engine does not know: absent or neutral, or refused.
    private static func refuseUnknownFeatures(_ file: GGUFFile) throws {
        for key in ["llama.expert_count", "llama.attention.sliding_window"] {
            if let count = try file.integer(key), count != 0 {
                throw InferenceError.unsupportedFeature(key: key, value: "\(count)")
            }
        }
        for key in ["llama.logit_scale", "llama.residual_scale", "llama.embedding_scale", "llama.attention.scale"] {
            if let scale = try file.number(key), scale != 0 {
                throw InferenceError.unsupportedFeature(key: key, value: "\(scale)")
            }
        }
        // Without a type a factor means linear scaling; a factor of 1 (or 0, "not set") leaves positions as they are.
        for key in ["llama.rope.scaling.factor", "llama.rope.scale_linear"] {
            if let factor = try file.number(key), factor != 0, factor != 1 {
                throw InferenceError.unsupportedFeature(key: key, value: "\(factor)")
            }
        }
        if let type = try file.string("llama.rope.scaling.type"), !["", "none", "linear"].contains(type) {
            throw InferenceError.unsupportedFeature(key: "llama.rope.scaling.type", value: type)
        }
    }
}

extension ModelDescription {
    /// Elements of all query heads of a token.
    var queryWidth: Int { headCount * headDimension }
    /// Elements of all key (or value) heads of a token.
    var kvWidth: Int { kvHeadCount * headDimension }

    /// The tensors of one block: name within the block and dimensions, the fastest-varying first.
    var layerTensors: [(name: String, dimensions: [Int])] {
        [
            ("attn_norm.weight", [width]),
            ("attn_q.weight", [width, queryWidth]),
            ("attn_k.weight", [width, kvWidth]),
            ("attn_v.weight", [width, kvWidth]),
            ("attn_output.weight", [queryWidth, width]),
            ("ffn_norm.weight", [width]),
            ("ffn_gate.weight", [width, feedForwardWidth]),
            ("ffn_up.weight", [width, feedForwardWidth]),
            ("ffn_down.weight", [feedForwardWidth, width]),
        ]
    }

    /// All tensors of the model with the dimensions they must have.
    private var tensors: [(name: String, dimensions: [Int])] {
        var all = [("token_embd.weight", [width, vocabularySize]), ("output_norm.weight", [width])]
        if hasOwnOutput { all.append(("output.weight", [width, vocabularySize])) }
        if hasRopeFactors { all.append(("rope_freqs.weight", [headDimension / 2])) }
        for layer in 0..<layerCount {
            all += layerTensors.map { ("blk.\(layer).\($0.name)", $0.dimensions) }
        }
        return all
    }

    /// Every tensor of the model is in the file with its shape, vectors are F32, and the file has no others.
    func checkTensors(_ file: GGUFFile) throws {
        var known: Set<String> = []
        for (name, dimensions) in tensors {
            guard let tensor = file.tensor(named: name) else { throw GGUFError.missingTensor(name) }
            guard tensor.dimensions == dimensions else {
                throw InferenceError.wrongShape(tensor: name, expected: dimensions, found: tensor.dimensions)
            }
            guard dimensions.count > 1 || tensor.type == .f32 else {
                throw InferenceError.wrongTensorType(tensor: name, expected: .f32, found: tensor.type)
            }
            known.insert(name)
        }
        for tensor in file.tensors where !known.contains(tensor.name) {
            throw InferenceError.unexpectedTensor(tensor.name)
        }
    }
}
