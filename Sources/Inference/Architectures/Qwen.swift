/// The families of Qwen.
enum Qwen {
    /// Qwen 2 and 2.5: biases on queries, keys and values.
    static func describe2(_ metadata: inout MetadataReader) -> ModelDescription {
        ModelDescription(&metadata, pairs: .halves)
    }

    /// Qwen 3: no biases, but norms of queries and keys.
    static func describe3(_ metadata: inout MetadataReader) -> ModelDescription {
        var model = ModelDescription(&metadata, pairs: .halves)
        model.queryKeyNorm = .perHead
        return model
    }

    /// Qwen 3.5: three blocks of a gated delta rule to one of gated attention, of which a part of each head is turned.
    static func describe35(_ metadata: inout MetadataReader) -> ModelDescription {
        var model = ModelDescription(&metadata, pairs: .halves, partialRotation: true)
        model.queryKeyNorm = .perHead
        model.norms.beforeFeedForward = "post_attention_norm"
        model.hasAttentionGate = true
        model.draftLayerCount = metadata.count("nextn_predict_layers", upTo: model.layerCount - 1)
        model.layers.removeLast(model.draftLayerCount)
        // Sections of the rotation are for pictures; of a text's token all have the same position.
        metadata.ignore("rope.dimension_sections")
        let isRecurrent = metadata.recurrentPattern(layerCount: model.layerCount, period: 4)
        for index in model.layers.indices { model.layers[index].isRecurrent = isRecurrent[index] }
        let rule = ModelDescription.DeltaRule(
            keyHeads: metadata.integer("ssm.group_count", in: 1...1024),
            valueHeads: metadata.integer("ssm.time_step_rank", in: 1...1024),
            headDimension: metadata.integer("ssm.state_size", in: 1...512),
            taps: metadata.integer("ssm.conv_kernel", in: 2...64)
        )
        model.deltaRule = rule
        let inner = metadata.integer("ssm.inner_size", in: 1...(1 << 20))
        guard metadata.reasons.isEmpty else { return model }
        if !isRecurrent.contains(false) {
            let key = metadata.key("attention.recurrent_layers")
            metadata.refuse(InferenceError.unsupportedFeature(key: key, value: "all blocks"))
        }
        if !rule.headDimension.isMultiple(of: 16) || inner != rule.valueWidth
            || !rule.valueHeads.isMultiple(of: rule.keyHeads)
        {
            let value = "\(rule.keyHeads) and \(rule.valueHeads) heads of \(rule.headDimension) in \(inner)"
            metadata.refuse(InferenceError.unsupportedFeature(key: metadata.key("ssm"), value: value))
        }
        return model
    }

    /// Qwen 3 with experts.
    static func describe3MoE(_ metadata: inout MetadataReader) -> ModelDescription {
        guard var experts = ModelDescription.Experts(&metadata, width: 0) else {
            metadata.refuse(
                InferenceError.unsupportedFeature(key: metadata.key("expert_count"), value: "0 in a model of experts")
            )
            return describe3(&metadata)
        }
        let width = metadata.count("expert_feed_forward_length", upTo: 1 << 20)
        let whole = width > 0 ? nil : metadata.integer("feed_forward_length", in: experts.used...(1 << 20))
        experts.width = whole.map { $0 / experts.used } ?? width
        var model = ModelDescription(&metadata, pairs: .halves, feedForwardWidth: experts.width)
        model.queryKeyNorm = .perHead
        model.experts = experts
        return model
    }
}
