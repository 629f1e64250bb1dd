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
            mixer = .attention(try attention(block, model, model.layers[index]))
        }
        return LanguageModel.Layer(
            attentionNorm: attentionNorm,
            mixer: mixer,
            attentionOutput: try linear(block + output),
            attentionPostNorm: try norm(inBlock(model.norms.afterAttention)),
            feedForwardNorm: try norm(inBlock(model.norms.beforeFeedForward)),
            feedForward: try feedForward(block, model, width: model.layers[index].feedForwardWidth),
            feedForwardPostNorm: try norm(inBlock(model.norms.afterFeedForward)),
            perLayerGate: try model.perLayerWidth == 0 ? nil : perLayerGate(block),
            outputScale: try model.hasOutputScales ? vector(block + "layer_output_scale.weight")[0] : 1
        )
    }

    /// What every block gets of each token; nil where there is nothing.
    mutating func perLayerInputs(of model: ModelDescription) throws -> LanguageModel.PerLayerInputs? {
        guard model.perLayerWidth > 0 else { return nil }
        return LanguageModel.PerLayerInputs(
            embedding: try matrix("per_layer_token_embd.weight"),
            projection: try linear("per_layer_model_proj"),
            norm: try vector("per_layer_proj_norm.weight")
        )
    }

    private mutating func perLayerGate(_ block: String) throws -> LanguageModel.PerLayerGate {
        LanguageModel.PerLayerGate(
            gate: try linear(block + "inp_gate"),
            projection: try linear(block + "proj"),
            postNorm: try vector(block + "post_norm.weight")
        )
    }

    private mutating func attention(
        _ block: String,
        _ model: ModelDescription,
        _ layer: ModelDescription.Layer
    ) throws -> LanguageModel.AttentionLayer {
        let hasNorms = model.queryKeyNorm != .none
        let (query, key, value) = try projections(block, model, layer)
        let own = try key.map { key in
            LanguageModel.KeysAndValues(
                key: key,
                value: value,
                keyNorm: try norm(hasNorms ? block + "attn_k_norm" : nil),
                valueNorm: model.hasValueNorm ? Array(repeating: 1, count: layer.headDimension) : nil
            )
        }
        return LanguageModel.AttentionLayer(
            query: query,
            queryNorm: try norm(hasNorms ? block + "attn_q_norm" : nil),
            own: own,
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
        query: LanguageModel.Linear, key: LanguageModel.Linear?, value: LanguageModel.Linear?
    )

    /// Queries, keys and values: three matrices, or the rows of one. No more than queries where the others are those of
    /// another block.
    private mutating func projections(
        _ block: String,
        _ model: ModelDescription,
        _ layer: ModelDescription.Layer
    ) throws -> Projections {
        let (query, kv) = (model.projectedQueryWidth(layer), layer.kvWidth)
        let fused = block + "attn_qkv"
        let isShared = layer.sharesWith != nil
        guard file.tensor(named: fused + ".weight") != nil else {
            return (
                try linear(block + "attn_q"), try isShared ? nil : linear(block + "attn_k"),
                try isShared || layer.valuesAreKeys ? nil : linear(block + "attn_v")
            )
        }
        var parts: Projections = (
            try linear(fused, rows: 0..<query), try isShared ? nil : linear(fused, rows: query..<query + kv),
            try isShared ? nil : linear(fused, rows: query + kv..<query + 2 * kv)
        )
        // Some writers fuse the weights and leave the biases as they were.
        if parts.query.bias == nil {
            parts.query.bias = try optionalVector(block + "attn_q.bias")
            parts.key?.bias = try optionalVector(block + "attn_k.bias")
            parts.value?.bias = try optionalVector(block + "attn_v.bias")
        }
        return parts
    }

    private mutating func feedForward(
        _ block: String,
        _ model: ModelDescription,
        width: Int
    ) throws -> LanguageModel.FeedForward {
        guard let experts = model.experts else { return .dense(try dense(block, model, width: width)) }
        if experts.isBesideDense {
            return .denseBesideExperts(
                try dense(block, model, width: width),
                try expertsBeside(block, experts, width: model.width)
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
                gate: try matrix("gate", rows: experts.width),
                up: try matrix("up", rows: experts.width),
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

    private mutating func dense(
        _ block: String,
        _ model: ModelDescription,
        width hidden: Int
    ) throws -> LanguageModel.GatedLayer {
        let fused = block + "ffn_up"
        let gate = try model.hasFusedGate ? linear(fused, rows: 0..<hidden) : linear(block + "ffn_gate")
        return LanguageModel.GatedLayer(
            gate: gate,
            up: try linear(fused, rows: model.hasFusedGate ? hidden..<2 * hidden : nil),
            down: try linear(block + "ffn_down")
        )
    }

    private mutating func expertsBeside(
        _ block: String,
        _ experts: ModelDescription.Experts,
        width: Int
    ) throws -> LanguageModel.ExpertsBeside {
        let fused = block + "ffn_gate_up_exps.weight"
        let isFused = file.tensor(named: fused) != nil
        let hidden = experts.width
        let layers = try (0..<experts.count).map { expert in
            func matrix(_ name: String, _ rows: Range<Int>?) throws -> LanguageModel.Linear {
                let name = rows == nil ? block + "ffn_\(name)_exps.weight" : fused
                return LanguageModel.Linear(matrix: try self.matrix(name, expert: expert, rows: rows))
            }
            return LanguageModel.GatedLayer(
                gate: try matrix("gate", isFused ? 0..<hidden : nil),
                up: try matrix("up", isFused ? hidden..<2 * hidden : nil),
                down: try matrix("down", nil)
            )
        }
        // The router's input is made small by the root of its width, besides the factors of the file.
        let small = 1 / Float(width).squareRoot()
        return LanguageModel.ExpertsBeside(
            router: try linear(block + "ffn_gate_inp"),
            experts: layers,
            factors: try vector(block + "ffn_down_exps.scale"),
            routerNorm: try vector(block + "ffn_gate_inp.scale").map { $0 * small },
            norm: try vector(block + "pre_ffw_norm_2.weight"),
            postNorm: try vector(block + "post_ffw_norm_2.weight"),
            densePostNorm: try vector(block + "post_ffw_norm_1.weight")
        )
    }
}
