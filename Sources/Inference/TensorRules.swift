import GGUF

/// A tensor that a model has, or may have.
struct TensorRule {
    let name: String
    /// The fastest-varying first.
    let dimensions: [Int]
    var isRequired = true
    /// True for norms, biases and the like, which are computed with as they are.
    var mustBeF32 = false
    /// True for what some writers leave in a file although the model never reads it.
    var isUnread = false

    static func matrix(_ name: String, _ columns: Int, _ rows: Int) -> Self {
        Self(name: name + ".weight", dimensions: [columns, rows])
    }

    /// One matrix for each expert.
    static func stack(_ name: String, _ columns: Int, _ rows: Int, _ count: Int) -> Self {
        Self(name: name + ".weight", dimensions: [columns, rows, count])
    }

    /// A vector that must be there.
    static func vector(_ name: String, _ count: Int) -> Self {
        Self(name: name, dimensions: [count], mustBeF32: true)
    }

    /// A bias, which most models of a family do not have.
    static func bias(_ name: String, _ count: Int) -> Self {
        Self(name: name + ".bias", dimensions: [count], isRequired: false, mustBeF32: true)
    }

    /// The biases that some blocks have and others, which may have them, lack: no family does that, so a file lost them.
    static func partialBiases(_ rules: [Self], in file: GGUFFile) -> [String] {
        let biases = rules.filter {
            !$0.isRequired && !$0.isUnread && $0.name.hasPrefix("blk.") && $0.name.hasSuffix(".bias")
        }
        let byKind = Dictionary(grouping: biases) { $0.name.split(separator: ".").dropFirst(2).joined(separator: ".") }
        return byKind.values.flatMap { kind in
            let missing = kind.filter { file.tensor(named: $0.name) == nil }
            return missing.count < kind.count ? missing.map(\.name) : []
        }.sorted()
    }
}

extension ModelDescription {
    /// All tensors of the model. Where a file may have several matrices fused in one, the file says whether it does.
    func tensorRules(in file: GGUFFile) -> [TensorRule] {
        var rules: [TensorRule] = [.matrix("token_embd", width, vocabularySize), .vector("output_norm.weight", width)]
        if hasOwnOutput { rules.append(.matrix("output", width, vocabularySize)) }
        rules.append(.bias("output", vocabularySize))
        if perLayerWidth > 0 {
            rules += [
                .matrix("per_layer_token_embd", perLayerWidth * layerCount, vocabularySize),
                .matrix("per_layer_model_proj", width, perLayerWidth * layerCount),
                .vector("per_layer_proj_norm.weight", perLayerWidth),
            ]
        }
        for rotary in rotaries {
            switch rotary.divisors {
            case .none: break
            case .tensor(let name): rules.append(.vector(name, rotary.dimensions / 2))
            case .byLength(let short, let long):
                rules += [short, long].map { .vector($0, rotary.dimensions / 2) }
            }
        }
        for layer in 0..<layerCount {
            let block = "blk.\(layer)."
            rules += normRules(block)
            if layers[layer].isRecurrent, let deltaRule {
                rules += recurrentRules(block, deltaRule)
            } else {
                rules += attentionRules(
                    block,
                    layers[layer],
                    isFused: file.tensor(named: block + "attn_qkv.weight") != nil,
                    hasFusedBias: file.tensor(named: block + "attn_qkv.bias") != nil
                )
            }
            let hidden = layers[layer].feedForwardWidth
            if let experts {
                let isFused = file.tensor(named: block + "ffn_gate_up_exps.weight") != nil
                rules += expertRules(block, experts, isFused: isFused)
                if experts.isBesideDense { rules += feedForwardRules(block, hidden) }
            } else {
                rules += feedForwardRules(block, hidden)
            }
            if perLayerWidth > 0 {
                rules += [
                    .matrix(block + "inp_gate", width, perLayerWidth), .matrix(block + "proj", perLayerWidth, width),
                    .vector(block + "post_norm.weight", width),
                ]
            }
            if hasOutputScales { rules.append(.vector(block + "layer_output_scale.weight", 1)) }
        }
        return rules
    }

    private func normRules(_ block: String) -> [TensorRule] {
        [norms.beforeAttention, norms.afterAttention, norms.beforeFeedForward, norms.afterFeedForward]
            .compactMap(\.self).map { .vector(block + $0 + ".weight", width) }
    }

    private func recurrentRules(_ block: String, _ rule: DeltaRule) -> [TensorRule] {
        [
            .matrix(block + "attn_qkv", width, rule.channels),
            .matrix(block + "attn_gate", width, rule.valueWidth),
            .matrix(block + "ssm_alpha", width, rule.valueHeads),
            .matrix(block + "ssm_beta", width, rule.valueHeads),
            TensorRule(
                name: block + "ssm_conv1d.weight",
                dimensions: [rule.taps, rule.channels],
                mustBeF32: true
            ),
            .vector(block + "ssm_dt.bias", rule.valueHeads),
            .vector(block + "ssm_a", rule.valueHeads),
            .vector(block + "ssm_norm.weight", rule.headDimension),
            .matrix(block + "ssm_out", rule.valueWidth, width),
        ]
    }

    private func attentionRules(_ block: String, _ layer: Layer, isFused: Bool, hasFusedBias: Bool) -> [TensorRule] {
        var rules: [TensorRule] = []
        let (queryWidth, kvWidth) = (projectedQueryWidth(layer), layer.kvWidth)
        if isFused {
            rules.append(.matrix(block + "attn_qkv", width, queryWidth + 2 * kvWidth))
            rules.append(.bias(block + "attn_qkv", queryWidth + 2 * kvWidth))
        } else {
            rules.append(.matrix(block + "attn_q", width, queryWidth))
            rules.append(.matrix(block + "attn_k", width, kvWidth))
            if !layer.valuesAreKeys { rules.append(.matrix(block + "attn_v", width, kvWidth)) }
        }
        if !(isFused && hasFusedBias) {
            rules.append(.bias(block + "attn_q", queryWidth))
            rules.append(.bias(block + "attn_k", kvWidth))
            rules.append(.bias(block + "attn_v", kvWidth))
        }
        rules.append(.matrix(block + "attn_output", self.queryWidth(layer), width))
        rules.append(.bias(block + "attn_output", width))
        switch queryKeyNorm {
        case .none: break
        case .perHead: rules += ["q", "k"].map { .vector(block + "attn_\($0)_norm.weight", layer.headDimension) }
        case .wholeRow:
            rules.append(.vector(block + "attn_q_norm.weight", self.queryWidth(layer)))
            rules.append(.vector(block + "attn_k_norm.weight", kvWidth))
        }
        if hasSinks { rules.append(.vector(block + "attn_sinks.weight", headCount)) }
        guard layer.sharesWith != nil else { return rules }
        return rules.map { rule in
            var rule = rule
            rule.isUnread = ["attn_k", "attn_v"].contains { rule.name.utf8.starts(with: (block + $0).utf8) }
            if rule.isUnread { rule.isRequired = false }
            return rule
        }
    }

    private func feedForwardRules(_ block: String, _ hidden: Int) -> [TensorRule] {
        let up = hasFusedGate ? 2 * hidden : hidden
        var rules: [TensorRule] = [
            .matrix(block + "ffn_up", width, up), .bias(block + "ffn_up", up),
            .matrix(block + "ffn_down", hidden, width), .bias(block + "ffn_down", width),
        ]
        if !hasFusedGate {
            rules += [.matrix(block + "ffn_gate", width, hidden), .bias(block + "ffn_gate", hidden)]
        }
        return rules
    }

    private func expertRules(_ block: String, _ experts: Experts, isFused: Bool) -> [TensorRule] {
        let (count, hidden) = (experts.count, experts.width)
        var rules: [TensorRule] = [.matrix(block + "ffn_gate_inp", width, count)]
        if isFused, experts.isBesideDense {
            rules.append(.stack(block + "ffn_gate_up_exps", width, 2 * hidden, count))
        } else {
            rules += ["gate", "up"].map { .stack(block + "ffn_\($0)_exps", width, hidden, count) }
        }
        rules.append(.stack(block + "ffn_down_exps", hidden, width, count))
        if experts.isBesideDense {
            rules += ["post_ffw_norm_1", "pre_ffw_norm_2", "post_ffw_norm_2"].map {
                .vector(block + $0 + ".weight", width)
            }
            rules.append(.vector(block + "ffn_gate_inp.scale", width))
            rules.append(.vector(block + "ffn_down_exps.scale", count))
        }
        if experts.hasBiases {
            rules.append(.vector(block + "ffn_gate_inp.bias", count))
            for (name, rows) in [("gate", hidden), ("up", hidden), ("down", width)] {
                rules.append(
                    TensorRule(name: block + "ffn_\(name)_exps.bias", dimensions: [rows, count], mustBeF32: true)
                )
            }
        }
        if experts.sharedWidth > 0 {
            rules += [
                .matrix(block + "ffn_gate_shexp", width, experts.sharedWidth),
                .matrix(block + "ffn_up_shexp", width, experts.sharedWidth),
                .matrix(block + "ffn_down_shexp", experts.sharedWidth, width),
            ]
        }
        return rules
    }

    /// What is wrong with the tensors of a file: missing, of another shape or type, or not part of the model.
    func tensorFaults(in file: GGUFFile) -> [any Error] {
        var known: Set<String> = []
        let rules = tensorRules(in: file)
        var faults: [any Error] = TensorRule.partialBiases(rules, in: file).map { GGUFError.missingTensor($0) }
        for rule in rules where known.insert(rule.name).inserted {
            guard let tensor = file.tensor(named: rule.name) else {
                if rule.isRequired { faults.append(GGUFError.missingTensor(rule.name)) }
                continue
            }
            if tensor.dimensions != rule.dimensions {
                faults.append(
                    InferenceError.wrongShape(tensor: rule.name, expected: rule.dimensions, found: tensor.dimensions)
                )
            } else if rule.mustBeF32, tensor.type != .f32 {
                faults.append(
                    InferenceError.wrongTensorType(tensor: rule.name, expected: .f32, found: tensor.type)
                )
            }
        }
        let unread = unreadTensors(in: file)
        for tensor in file.tensors where !known.contains(tensor.name) && !unread.contains(tensor.name) {
            faults.append(InferenceError.unexpectedTensor(tensor.name, architecture: architecture))
        }
        return faults
    }

    /// Tensors that the model never reads although files may have them: blocks that only guess ahead, and keys and values
    /// of blocks that read those of others.
    func unreadTensors(in file: GGUFFile) -> Set<String> {
        var unread: Set<String> = []
        for rule in tensorRules(in: file) where rule.isUnread { unread.insert(rule.name) }
        let drafts = (layerCount..<layerCount + draftLayerCount).map { "blk.\($0)." }
        if drafts.isEmpty { return unread }
        for tensor in file.tensors where drafts.contains(where: { tensor.name.utf8.starts(with: $0.utf8) }) {
            unread.insert(tensor.name)
        }
        return unread
    }
}
