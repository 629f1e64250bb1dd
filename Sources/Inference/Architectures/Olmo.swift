extension ModelDescription {
    /// OLMo 2 and 3: norms only after both parts of a block, and of all queries or keys of a token at once; OLMo 3 has
    /// a window in three of four blocks, whose rotation is never stretched.
    static func olmo2(_ metadata: inout MetadataReader) -> Self {
        var model = Self(&metadata, pairs: .halves)
        model.norms = Norms(
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
