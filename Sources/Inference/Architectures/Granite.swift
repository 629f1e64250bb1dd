extension ModelDescription {
    /// Granite 3: Llama with factors of the embedding, the scores, each block's output and the logits.
    static func granite(_ metadata: inout MetadataReader) -> Self {
        var model = graniteMoE(&metadata)
        if !metadata.flag("rope.scaling.finetuned", default: true) {
            for index in model.layers.indices { model.layers[index].rotary = nil }
        }
        return model
    }

    /// Granite 3 with experts, perhaps with one more that every token passes through.
    static func graniteMoE(_ metadata: inout MetadataReader) -> Self {
        var model = llama(&metadata)
        model.embeddingScale = metadata.optionalNumber("embedding_scale") ?? 1
        model.residualScale = metadata.optionalNumber("residual_scale") ?? 1
        model.attentionScale = metadata.optionalNumber("attention.scale") ?? model.attentionScale
        model.logitScale = 1 / Float(metadata.number("logit_scale", in: 1e-6...1e6))
        let sharedWidth = metadata.count("expert_shared_feed_forward_length", upTo: 1 << 20)
        if model.experts != nil {
            model.experts?.sharedWidth = sharedWidth
        } else if sharedWidth != 0 {
            let key = metadata.key("expert_shared_feed_forward_length")
            metadata.refuse(InferenceError.unsupportedFeature(key: key, value: "\(sharedWidth) without experts"))
        }
        return model
    }
}
