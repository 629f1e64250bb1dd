import CKernels
public import GGUF

/// A model's weights, packed for the kernels. Immutable: any number of workers may share one.
public final class LanguageModel: Sendable {
    /// A matrix, and what is added to its product.
    struct Linear: Sendable {
        let matrix: PackedMatrix
        var bias: [Float]?
    }

    /// The three matrices of a gated feed-forward part.
    struct GatedLayer: Sendable {
        let gate: Linear
        let up: Linear
        let down: Linear

        var matrices: [PackedMatrix] { [gate.matrix, up.matrix, down.matrix] }
    }

    /// What a token passes through after attention.
    enum FeedForward: Sendable {
        case dense(GatedLayer)
        case experts(router: Linear, [GatedLayer], shared: GatedLayer?)
        case denseBesideExperts(GatedLayer, ExpertsBeside)

        var matrices: [PackedMatrix] {
            switch self {
            case .dense(let layer): layer.matrices
            case .experts(let router, let layers, let shared):
                [router.matrix] + layers.flatMap(\.matrices) + (shared?.matrices ?? [])
            case .denseBesideExperts(let dense, let beside):
                dense.matrices + [beside.router.matrix] + beside.experts.flatMap(\.matrices)
            }
        }
    }

    /// Experts beside a dense layer: both see the residual stream, each through a norm of its own, and so does the router.
    struct ExpertsBeside: Sendable {
        let router: Linear
        let experts: [GatedLayer]
        /// Of each expert, what its weight is multiplied by.
        let factors: [Float]
        let routerNorm: [Float]
        let norm: [Float]
        let postNorm: [Float]
        /// The one after the dense layer.
        let densePostNorm: [Float]
    }

    /// What gives each block something of each token besides the residual stream.
    struct PerLayerInputs: Sendable {
        /// A row of each token, `perLayerWidth` elements for each block.
        let embedding: PackedMatrix
        /// The same of the token's place in the residual stream before the first block.
        let projection: Linear
        let norm: [Float]
    }

    /// How a block takes that in.
    struct PerLayerGate: Sendable {
        let gate: Linear
        let projection: Linear
        let postNorm: [Float]
    }

    /// How a token looks at others: over pages of keys and values.
    struct AttentionLayer: Sendable {
        let query: Linear
        let queryNorm: [Float]?
        /// What makes keys and values; nil where they are those of an earlier block.
        let own: KeysAndValues?
        let sinks: [Float]?
    }

    struct KeysAndValues: Sendable {
        let key: Linear
        /// Nil where the values are the keys, before their norm and rotation.
        let value: Linear?
        let keyNorm: [Float]?
        let valueNorm: [Float]?
    }

    /// How a token looks at others: through a state (`ModelDescription.DeltaRule`).
    struct RecurrentLayer: Sendable {
        /// Queries, keys and values in one.
        let mixed: Linear
        let gate: Linear
        let alpha: Linear
        let beta: Linear
        /// `taps × channels`, row-major.
        let taps: [Float]
        /// What is added to alpha before it becomes a step.
        let stepBias: [Float]
        /// Below zero: how fast each head forgets.
        let rate: [Float]
        let norm: [Float]
    }

    enum Mixer: Sendable {
        case attention(AttentionLayer)
        case recurrent(RecurrentLayer)

        var matrices: [PackedMatrix] {
            switch self {
            case .attention(let layer):
                [layer.query, layer.own?.key, layer.own?.value].compactMap(\.?.matrix)
            case .recurrent(let layer): [layer.mixed, layer.gate, layer.alpha, layer.beta].map(\.matrix)
            }
        }
    }

    /// One transformer block. Norms that it has not are nil.
    struct Layer: Sendable {
        let attentionNorm: [Float]?
        let mixer: Mixer
        /// What turns the heads' findings into a row of the residual stream.
        let attentionOutput: Linear
        let attentionPostNorm: [Float]?
        let feedForwardNorm: [Float]?
        let feedForward: FeedForward
        let feedForwardPostNorm: [Float]?
        let perLayerGate: PerLayerGate?
        /// Factor of the residual stream after the block.
        let outputScale: Float

        var matrices: [PackedMatrix] {
            mixer.matrices + [attentionOutput.matrix] + feedForward.matrices
                + (perLayerGate.map { [$0.gate.matrix, $0.projection.matrix] } ?? [])
        }
    }

    /// What it computes.
    public let description: ModelDescription
    /// Tokens that a sequence may have: the model's own limit or the one given at loading, whichever is less.
    public let contextLength: Int
    /// Bytes of memory that the weights take.
    public let weightBytes: Int
    /// True when some matrix of the blocks is quantised, and its inputs with it.
    let isQuantized: Bool
    /// How the key-value cache of this model stores numbers.
    var cacheFormat: ck_cache { isQuantized ? CK_CACHE_F16 : CK_CACHE_F32 }
    let embedding: PackedMatrix
    let perLayerInputs: PerLayerInputs?
    let layers: [Layer]
    let outputNorm: [Float]
    let output: Linear
    /// One for each rotation of the description.
    let rotaries: [RotaryTable]
    /// What an adapter adds; nothing for a model by itself.
    let adapter: LowRankProducts

    /// Packs the weights of a file. The file may be closed afterwards.
    ///
    /// - Parameters:
    ///   - file: a model of a supported architecture with tensors of supported types.
    ///   - contextLimit: most tokens of a sequence; bounds the memory of the rotary tables and of workers' caches.
    /// - Throws: what `ModelDescription` throws, and `InferenceError.tokenizerDoesNotFit` or `inconsistent`.
    public init(_ file: GGUFFile, contextLimit: Int = 8192) throws {
        let description = try ModelDescription(file)
        self.description = description
        let contextLength = min(description.contextLength, max(1, contextLimit))
        self.contextLength = contextLength
        if let tokens = try file.strings("tokenizer.ggml.tokens"), tokens.count != description.vocabularySize {
            throw InferenceError.tokenizerDoesNotFit(
                tokens: tokens.count,
                embeddingRows: description.vocabularySize
            )
        }
        var tensors = TensorLoader(file)
        embedding = try tensors.matrix("token_embd.weight")
        perLayerInputs = try tensors.perLayerInputs(of: description)
        layers = try (0..<description.layerCount).map { try tensors.layer($0, of: description) }
        isQuantized = layers.contains { $0.matrices.contains(where: \.isQuantized) }
        outputNorm = try tensors.vector("output_norm.weight")
        output = Linear(
            matrix: description.hasOwnOutput ? try tensors.matrix("output.weight") : embedding,
            bias: try tensors.optionalVector("output.bias")
        )
        rotaries = try description.rotaries.map { rotary in
            let name = rotary.divisorTensor(contextLength: contextLength)
            let divisors = try name.map { try tensors.vector($0) } ?? []
            // A divisor near zero would make angles that no table of sines is exact for.
            if let name, !divisors.allSatisfy({ $0 >= 0.001 }) {
                throw InferenceError.inconsistent("tensor \(name) has a factor below 0.001")
            }
            return RotaryTable(rotary, positions: contextLength, divisors: divisors)
        }
        weightBytes = tensors.byteCount
        adapter = .none
    }

    /// A model with an adapter beside it. The base's weights are shared, not copied.
    ///
    /// - Parameter file: an adapter in one GGUF file, which may be closed afterwards.
    /// - Throws: what `AdapterDescription` throws, and `InferenceError.refused` with everything that does not fit the base.
    public init(_ base: LanguageModel, adapter file: GGUFFile) throws {
        guard base.adapter.isEmpty else { throw InferenceError.inconsistent("the base has an adapter already") }
        let adapter = try AdapterDescription(file)
        let reasons = adapter.reasons(against: base)
        guard reasons.isEmpty else { throw InferenceError.refusal(reasons.map { InferenceError.inconsistent($0) }) }
        self.adapter = try LowRankProducts(adapter, in: file, beside: base.matrices)
        weightBytes = base.weightBytes + self.adapter.byteCount
        description = base.description
        contextLength = base.contextLength
        isQuantized = base.isQuantized
        embedding = base.embedding
        perLayerInputs = base.perLayerInputs
        layers = base.layers
        outputNorm = base.outputNorm
        output = base.output
        rotaries = base.rotaries
    }
}

extension LanguageModel {
    /// A matrix of the file, of which the packed ones may be parts.
    struct MatrixShape: Equatable {
        var columns: Int
        var rows: Int
        var experts: Int?
    }

    /// The matrices whose products an adapter may change: all but the embedding.
    var matrices: [PackedMatrix] {
        layers.flatMap(\.matrices) + [perLayerInputs?.projection.matrix].compactMap(\.self)
            + (description.hasOwnOutput ? [output.matrix] : [])
    }

    /// Their shapes in the file, by the name of the tensor.
    var matrixShapes: [String: MatrixShape] {
        var shapes: [String: MatrixShape] = [:]
        for matrix in matrices {
            let part = matrix.part
            var shape = shapes[part.tensor] ?? MatrixShape(columns: matrix.columns, rows: 0)
            shape.rows = max(shape.rows, part.firstRow + matrix.rows)
            if let expert = part.expert { shape.experts = max(shape.experts ?? 0, expert + 1) }
            shapes[part.tensor] = shape
        }
        return shapes
    }
}
