import GGUF

/// A tensor that a model has, or may have.
struct TensorRule {
    let name: String
    /// The fastest-varying first.
    let dimensions: [Int]
    var isRequired = true
    /// True for norms, biases and the like, which are computed with as they are.
    var mustBeF32 = false

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
        let biases = rules.filter { !$0.isRequired && $0.name.hasPrefix("blk.") && $0.name.hasSuffix(".bias") }
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
                    isFused: file.tensor(named: block + "attn_qkv.weight") != nil,
                    hasFusedBias: file.tensor(named: block + "attn_qkv.bias") != nil
                )
            }
            rules += experts.map { expertRules(block, $0) } ?? feedForwardRules(block)
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

    private func attentionRules(_ block: String, isFused: Bool, hasFusedBias: Bool) -> [TensorRule] {
        var rules: [TensorRule] = []
        let queryWidth = projectedQueryWidth
        if isFused {
            rules.append(.matrix(block + "attn_qkv", width, queryWidth + 2 * kvWidth))
            rules.append(.bias(block + "attn_qkv", queryWidth + 2 * kvWidth))
        } else {
            rules.append(.matrix(block + "attn_q", width, queryWidth))
            rules.append(.matrix(block + "attn_k", width, kvWidth))
            rules.append(.matrix(block + "attn_v", width, kvWidth))
        }
        if !(isFused && hasFusedBias) {
            rules.append(.bias(block + "attn_q", queryWidth))
            rules.append(.bias(block + "attn_k", kvWidth))
            rules.append(.bias(block + "attn_v", kvWidth))
        }
        rules.append(.matrix(block + "attn_output", self.queryWidth, width))
        rules.append(.bias(block + "attn_output", width))
        switch queryKeyNorm {
        case .none: break
        case .perHead: rules += ["q", "k"].map { .vector(block + "attn_\($0)_norm.weight", headDimension) }
        case .wholeRow:
            rules.append(.vector(block + "attn_q_norm.weight", self.queryWidth))
            rules.append(.vector(block + "attn_k_norm.weight", kvWidth))
        }
        if hasSinks { rules.append(.vector(block + "attn_sinks.weight", headCount)) }
        return rules
    }

    private func feedForwardRules(_ block: String) -> [TensorRule] {
        let up = hasFusedGate ? 2 * feedForwardWidth : feedForwardWidth
        var rules: [TensorRule] = [
            .matrix(block + "ffn_up", width, up), .bias(block + "ffn_up", up),
            .matrix(block + "ffn_down", feedForwardWidth, width), .bias(block + "ffn_down", width),
        ]
        if !hasFusedGate {
            rules += [
                .matrix(block + "ffn_gate", width, feedForwardWidth), .bias(block + "ffn_gate", feedForwardWidth),
            ]
        }
        return rules
    }

    private func expertRules(_ block: String, _ experts: Experts) -> [TensorRule] {
        let (count, hidden) = (experts.count, feedForwardWidth)
        var rules: [TensorRule] = [
            .matrix(block + "ffn_gate_inp", width, count),
            .stack(block + "ffn_gate_exps", width, hidden, count),
            .stack(block + "ffn_up_exps", width, hidden, count),
            .stack(block + "ffn_down_exps", hidden, width, count),
        ]
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
        let drafts = (layerCount..<layerCount + draftLayerCount).map { "blk.\($0)." }
        for tensor in file.tensors where !known.contains(tensor.name) {
            if drafts.contains(where: { tensor.name.utf8.starts(with: $0.utf8) }) { continue }
            faults.append(InferenceError.unexpectedTensor(tensor.name, architecture: architecture))
        }
        return faults
    }
}
