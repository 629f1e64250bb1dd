extension ModelDescription {
    /// Gemma 2: norms around both parts of a block, bounded scores and logits, a window in every second block.
    static func gemma2(_ metadata: inout MetadataReader) -> Self {
        var model = gemma(&metadata, largestLayerCount: 46)
        model.attentionCap = metadata.bound("attn_logit_softcapping", default: 50)
        model.logitCap = metadata.bound("final_logit_softcapping", default: 30)
        var local = model.rotaries[0]
        local.base = metadata.number("rope.freq_base_swa", in: 1...1e12, default: local.base)
        model.setWindow(
            metadata.integer("attention.sliding_window", in: 1...(1 << 24), default: 4096),
            of: metadata.windowPattern(layerCount: model.layerCount, period: 2),
            rotary: local
        )
        return model
    }

    /// Gemma 3: norms of queries and keys instead of bounds; five of six blocks see a window, with a rotation of their
    /// own that is never stretched.
    static func gemma3(_ metadata: inout MetadataReader) -> Self {
        var model = gemma(&metadata, largestLayerCount: 62)
        model.queryKeyNorm = .perHead
        model.logitCap = metadata.bound("final_logit_softcapping", default: nil)
        let window = metadata.count("attention.sliding_window", upTo: 1 << 24)
        let isWindowed = metadata.windowPattern(layerCount: model.layerCount, period: 6)
        let local = RotaryDescription(
            pairs: .halves,
            dimensions: model.rotaries[0].dimensions,
            base: metadata.number("rope.freq_base_swa", in: 1...1e12, default: 10_000),
            originalLength: model.rotaries[0].originalLength
        )
        if window > 0 { model.setWindow(window, of: isWindowed, rotary: local) }
        return model
    }

    /// - Parameter largestLayerCount: blocks of the largest model, whose scores are scaled by its width.
    private static func gemma(_ metadata: inout MetadataReader, largestLayerCount: Int) -> Self {
        var model = Self(&metadata, pairs: .halves)
        model.norms.afterAttention = "post_attention_norm"
        model.norms.afterFeedForward = "post_ffw_norm"
        model.activation = .gelu
        model.embeddingScale = Float(model.width).squareRoot()
        if model.layerCount == largestLayerCount {
            model.attentionScale = 1 / Float(model.width / model.headCount).squareRoot()
        }
        // Most files leave it to the engine.
        model.attentionScale = metadata.optionalNumber("attention.scale") ?? model.attentionScale
        return model
    }
}

extension MetadataReader {
    /// A bound by tanh; 0 is none.
    fileprivate mutating func bound(_ name: String, default fallback: Double?) -> Float? {
        let value = number(name, in: 0...1e6, default: fallback ?? 0)
        return value > 0 ? Float(max(value, 1e-3)) : nil
    }
}
