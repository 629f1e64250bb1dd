// The families in which some blocks see a window of tokens only.

/// The families of Gemma.
enum Gemma {
    /// Gemma 2: norms around both parts of a block, bounded scores and logits, a window in every second block.
    static func describe2(_ metadata: inout MetadataReader) -> ModelDescription {
        var model = describe(&metadata, largestLayerCount: 46)
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
    static func describe3(_ metadata: inout MetadataReader) -> ModelDescription {
        var model = describe(&metadata, largestLayerCount: 62)
        model.queryKeyNorm = .perHead
        model.logitCap = metadata.bound("final_logit_softcapping", default: 0)
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
    private static func describe(_ metadata: inout MetadataReader, largestLayerCount: Int) -> ModelDescription {
        var model = ModelDescription(&metadata, pairs: .halves)
        setCommonParts(of: &model)
        if model.layerCount == largestLayerCount {
            model.attentionScale = 1 / Float(model.width / model.headCount).squareRoot()
        }
        // Most files leave it to the engine.
        model.attentionScale = metadata.optionalNumber("attention.scale") ?? model.attentionScale
        return model
    }

    /// What all generations have: norms around both parts of a block, one activation, a scaled embedding.
    static func setCommonParts(of model: inout ModelDescription) {
        model.norms.afterAttention = "post_attention_norm"
        model.norms.afterFeedForward = "post_ffw_norm"
        model.activation = .gelu
        model.embeddingScale = Float(model.width).squareRoot()
    }
}

extension MetadataReader {
    /// A bound by tanh; 0 is none. It must be there where there is no default.
    mutating func bound(_ name: String, default fallback: Double?) -> Float? {
        let value = number(name, in: 0...1e6, default: fallback)
        return value > 0 ? Float(max(value, 1e-3)) : nil
    }
}

/// OLMo 2 and 3.
///
/// Other families put a norm before each part of a block, so that the residual stream itself is never normalised. These put
/// it after, on what is added to the stream; queries and keys have one besides, of all heads of a token at once.
enum Olmo {
    /// OLMo 3 says that it is OLMo 2 with a window: in three of four blocks, whose rotation is never stretched.
    static func describe2(_ metadata: inout MetadataReader) -> ModelDescription {
        var model = ModelDescription(&metadata, pairs: .halves)
        model.norms = ModelDescription.Norms(
            beforeAttention: nil,
            afterAttention: "post_attention_norm",
            beforeFeedForward: nil,
            afterFeedForward: "post_ffw_norm"
        )
        model.queryKeyNorm = .wholeRow
        let window = metadata.count("attention.sliding_window", upTo: 1 << 24)
        let isWindowed = metadata.windowPattern(layerCount: model.layerCount, period: 4)
        let plain = RotaryDescription(
            pairs: .halves,
            dimensions: model.rotaries[0].dimensions,
            base: model.rotaries[0].base,
            originalLength: model.rotaries[0].originalLength
        )
        if window > 0 { model.setWindow(window, of: isWindowed, rotary: plain) }
        return model
    }
}

/// gpt-oss.
///
/// Every block has experts with biases and an activation whose halves are clamped. Every head has a sink: a score without
/// a value, by which it can find nothing. Every second block sees a window.
enum GPTOSS {
    /// The norm before the experts is called as the one after attention is in other families.
    static func describe(_ metadata: inout MetadataReader) -> ModelDescription {
        let width = metadata.integer("expert_feed_forward_length", in: 1...(1 << 20))
        var model = ModelDescription(&metadata, pairs: .halves, feedForwardWidth: width)
        model.norms.beforeFeedForward = "post_attention_norm"
        model.activation = .clampedSwiglu
        model.hasSinks = true
        model.experts = ModelDescription.Experts(&metadata, width: width)
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
