import GGUF

/// Packs the tensors of a file that has been checked against a description, and counts their bytes.
struct TensorLoader {
    private let file: GGUFFile
    /// Bytes of memory that everything loaded so far takes.
    private(set) var byteCount = 0

    init(_ file: GGUFFile) { self.file = file }

    private func tensor(_ name: String) throws(GGUFError) -> GGUFTensor {
        guard let tensor = file.tensor(named: name) else { throw .missingTensor(name) }
        return tensor
    }

    /// A matrix; one of a stack where an expert is given, and of a fused one the given rows.
    mutating func matrix(_ name: String, expert: Int? = nil, rows: Range<Int>? = nil) throws -> PackedMatrix {
        let packed = try PackedMatrix(tensor(name), expert: expert, rows: rows, in: file)
        byteCount += packed.byteCount
        return packed
    }

    mutating func vector(_ name: String) throws -> [Float] {
        let tensor = try tensor(name)
        guard let values = file.withBytes(of: tensor, tensor.type.dequantized) else {
            throw GGUFError.unsupportedTensorType(tensor: name, type: tensor.type)
        }
        guard values.allSatisfy(\.isFinite) else {
            throw InferenceError.inconsistent("tensor \(name) has a value that is not finite")
        }
        byteCount += values.count * MemoryLayout<Float>.size
        return values
    }

    /// A vector that a model may do without.
    mutating func optionalVector(_ name: String) throws -> [Float]? {
        file.tensor(named: name) == nil ? nil : try vector(name)
    }

    private mutating func linear(_ name: String, rows: Range<Int>? = nil) throws -> LanguageModel.Linear {
        var bias = try optionalVector(name + ".bias")
        if let rows, let whole = bias { bias = Array(whole[rows]) }
        return LanguageModel.Linear(matrix: try matrix(name + ".weight", rows: rows), bias: bias)
    }

    private mutating func norm(_ name: String?) throws -> [Float]? { try name.map { try vector($0 + ".weight") } }

    // MARK: - Blocks

    /// A whole block.
    mutating func layer(_ index: Int, of model: ModelDescription) throws -> LanguageModel.Layer {
        let block = "blk.\(index)."
        func inBlock(_ name: String?) -> String? { name.map { block + $0 } }
        let attentionNorm = try norm(inBlock(model.norms.beforeAttention))
        let mixer: LanguageModel.Mixer
        var output = "attn_output"
        if model.layers[index].isRecurrent, let rule = model.deltaRule {
            mixer = .recurrent(try recurrent(block, rule))
            output = "ssm_out"
        } else {
            mixer = .attention(try attention(block, model))
        }
        return LanguageModel.Layer(
            attentionNorm: attentionNorm,
            mixer: mixer,
            attentionOutput: try linear(block + output),
            attentionPostNorm: try norm(inBlock(model.norms.afterAttention)),
            feedForwardNorm: try norm(inBlock(model.norms.beforeFeedForward)),
            feedForward: try feedForward(block, model),
            feedForwardPostNorm: try norm(inBlock(model.norms.afterFeedForward))
        )
    }

    private mutating func attention(
        _ block: String,
        _ model: ModelDescription
    ) throws -> LanguageModel.AttentionLayer {
        let hasNorms = model.queryKeyNorm != .none
        let (query, key, value) = try projections(block, model)
        return LanguageModel.AttentionLayer(
            query: query,
            key: key,
            value: value,
            queryNorm: try norm(hasNorms ? block + "attn_q_norm" : nil),
            keyNorm: try norm(hasNorms ? block + "attn_k_norm" : nil),
            sinks: try norm(model.hasSinks ? block + "attn_sinks" : nil)
        )
    }

    private mutating func recurrent(
        _ block: String,
        _ rule: ModelDescription.DeltaRule
    ) throws -> LanguageModel.RecurrentLayer {
        let byChannel = try vector(block + "ssm_conv1d.weight")
        return LanguageModel.RecurrentLayer(
            mixed: try linear(block + "attn_qkv"),
            gate: try linear(block + "attn_gate"),
            alpha: try linear(block + "ssm_alpha"),
            beta: try linear(block + "ssm_beta"),
            taps: (0..<rule.taps).flatMap { tap in
                (0..<rule.channels).map { byChannel[$0 * rule.taps + tap] }
            },
            stepBias: try vector(block + "ssm_dt.bias"),
            rate: try vector(block + "ssm_a"),
            norm: try vector(block + "ssm_norm.weight")
        )
    }

    private typealias Projections = (
        query: LanguageModel.Linear, key: LanguageModel.Linear, value: LanguageModel.Linear
    )

    /// Queries, keys and values: three matrices, or the rows of one.
    private mutating func projections(_ block: String, _ model: ModelDescription) throws -> Projections {
        let (query, kv) = (model.projectedQueryWidth, model.kvWidth)
        let fused = block + "attn_qkv"
        guard file.tensor(named: fused + ".weight") != nil else {
            return (try linear(block + "attn_q"), try linear(block + "attn_k"), try linear(block + "attn_v"))
        }
        var parts = (
            query: try linear(fused, rows: 0..<query),
            key: try linear(fused, rows: query..<query + kv),
            value: try linear(fused, rows: query + kv..<query + 2 * kv)
        )
        // Some writers fuse the weights and leave the biases as they were.
        if parts.query.bias == nil {
            parts.query.bias = try optionalVector(block + "attn_q.bias")
            parts.key.bias = try optionalVector(block + "attn_k.bias")
            parts.value.bias = try optionalVector(block + "attn_v.bias")
        }
        return parts
    }

    private mutating func feedForward(
        _ block: String,
        _ model: ModelDescription
    ) throws -> LanguageModel.FeedForward {
        guard let experts = model.experts else {
            let hidden = model.feedForwardWidth
            let fused = block + "ffn_up"
            let gate = try model.hasFusedGate ? linear(fused, rows: 0..<hidden) : linear(block + "ffn_gate")
            return .dense(
                LanguageModel.GatedLayer(
                    gate: gate,
                    up: try linear(fused, rows: model.hasFusedGate ? hidden..<2 * hidden : nil),
                    down: try linear(block + "ffn_down")
                )
            )
        }
        let router = try linear(block + "ffn_gate_inp")
        var biases: [String: [Float]] = [:]
        for name in ["gate", "up", "down"] where experts.hasBiases {
            biases[name] = try vector(block + "ffn_\(name)_exps.bias")
        }
        let layers = try (0..<experts.count).map { expert in
            func matrix(_ name: String, rows: Int) throws -> LanguageModel.Linear {
                LanguageModel.Linear(
                    matrix: try self.matrix(block + "ffn_\(name)_exps.weight", expert: expert),
                    bias: biases[name].map { Array($0[expert * rows..<(expert + 1) * rows]) }
                )
            }
            return LanguageModel.GatedLayer(
                gate: try matrix("gate", rows: model.feedForwardWidth),
                up: try matrix("up", rows: model.feedForwardWidth),
                down: try matrix("down", rows: model.width)
            )
        }
        let shared =
            try experts.sharedWidth == 0
            ? nil
            : LanguageModel.GatedLayer(
                gate: linear(block + "ffn_gate_shexp"),
                up: linear(block + "ffn_up_shexp"),
                down: linear(block + "ffn_down_shexp")
            )
        return .experts(router: router, layers, shared: shared)
    }
}
