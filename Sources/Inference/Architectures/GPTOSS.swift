extension ModelDescription {
    /// gpt-oss: experts with biases and a clamped activation, sinks, and a window in every second block.
    static func gptOSS(_ metadata: inout MetadataReader) -> Self {
        let width = metadata.integer("expert_feed_forward_length", in: 1...(1 << 20))
        var model = Self(&metadata, pairs: .halves, feedForwardWidth: width)
        model.norms.beforeFeedForward = "post_attention_norm"
        model.activation = .clampedSwiglu
        model.hasSinks = true
        model.experts = Experts(&metadata)
        model.experts?.hasBiases = true
        if model.experts == nil {
            metadata.refuse(
                InferenceError.unsupportedFeature(key: metadata.key("expert_count"), value: "0 in a model of experts")
            )
        }
        var local = model.rotaries[0]
        local.base = metadata.number("rope.freq_base_swa", in: 1...1e12, default: local.base)
        model.setWindow(
            metadata.integer("attention.sliding_window", in: 1...(1 << 24)),
            of: metadata.windowPattern(layerCount: model.layerCount, period: 2),
            rotary: local
        )
        return model
    }
}
