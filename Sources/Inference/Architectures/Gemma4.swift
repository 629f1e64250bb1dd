extension Gemma {
    /// Gemma 4: blocks of two kinds, with heads of another size, another number of key-value heads and another rotation
    /// where they see a window. Scores are not scaled, values have a norm of their own. Small models give each block an
    /// embedding of its own of each token, and their last blocks read the keys and values of earlier ones; large ones
    /// have no values but the keys where they see everything, or experts beside the dense layer.
    static func describe4(_ metadata: inout MetadataReader) -> ModelDescription {
        var model = ModelDescription(&metadata, pairs: .halves, variesByBlock: true)
        setCommonParts(of: &model)
        model.attentionScale = metadata.optionalNumber("attention.scale") ?? 1
        model.queryKeyNorm = .perHead
        model.hasValueNorm = true
        model.hasOutputScales = metadata.hasTensor("blk.0.layer_output_scale.weight")
        // Other programs disagree on what a file without it means.
        model.logitCap = metadata.bound("final_logit_softcapping", default: nil)
        model.perLayerWidth = metadata.count("embedding_length_per_layer_input", upTo: 1 << 14)
        let isWindowed = metadata.windowFlags(layerCount: model.layerCount)
        let window = metadata.integer("attention.sliding_window", in: 1...(1 << 24))
        let headDimension = metadata.windowedHeadDimension()
        let local = RotaryDescription(
            pairs: .halves,
            dimensions: metadata.windowedRotation(ofHead: headDimension),
            base: metadata.number("rope.freq_base_swa", in: 1...1e12, default: 10_000)
        )
        // It leaves a part of each head as it is, by divisors beyond all angles.
        if isWindowed.contains(false) { model.rotaries[0].divisors = .tensor("rope_freqs.weight") }
        model.setWindow(window, of: isWindowed, rotary: local)
        for index in model.layers.indices where isWindowed[index] { model.layers[index].headDimension = headDimension }
        readExperts(&metadata, of: &model)
        readSharedBlocks(&metadata, of: &model)
        return model
    }

    private static func readExperts(_ metadata: inout MetadataReader, of model: inout ModelDescription) {
        guard var experts = ModelDescription.Experts(&metadata, width: 0) else { return }
        experts.width = metadata.integer("expert_feed_forward_length", in: 1...(1 << 20))
        experts.isBesideDense = true
        model.experts = experts
    }

    /// The last blocks read keys and values of the last block of their kind that has its own.
    private static func readSharedBlocks(_ metadata: inout MetadataReader, of model: inout ModelDescription) {
        let name = "attention.shared_kv_layers"
        let shared = metadata.count(name, upTo: model.layerCount - 1)
        guard metadata.reasons.isEmpty else { return }
        let first = model.layerCount - shared
        func isWindowed(_ index: Int) -> Bool { model.layers[index].window != nil }
        for index in first..<model.layerCount {
            guard let source = (0..<first).last(where: { isWindowed($0) == isWindowed(index) }),
                model.layers[source].kvHeadCount == model.layers[index].kvHeadCount
            else {
                let what =
                    "\(metadata.key(name)) is \(shared): block \(index) has no earlier block of its kind to read from"
                metadata.refuse(InferenceError.inconsistent(what))
                return
            }
            model.layers[index].sharesWith = source
        }
        // All blocks that see everything, or none: so a file that lost the values of one block is not taken.
        let whole = (0..<first).filter { !isWindowed($0) }
        let haveValues = whole.contains { index in
            ["attn_v", "attn_qkv"].contains { metadata.hasTensor("blk.\(index).\($0).weight") }
        }
        for index in whole where !haveValues { model.layers[index].valuesAreKeys = true }
    }
}
