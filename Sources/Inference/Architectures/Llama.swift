/// Llama, and the families that are built like it with a thing or two changed.
enum Llama {
    /// Llama 1 to 3, and what says that it is one: Mistral, Mixtral, SmolLM 2, TinyLlama, Yi.
    static func describe(_ metadata: inout MetadataReader) -> ModelDescription {
        var model = ModelDescription(&metadata, pairs: .neighbours)
        model.rotaries[0].divisors = divisors(in: metadata)
        model.experts = ModelDescription.Experts(&metadata, width: model.layers[0].feedForwardWidth)
        return model
    }

    /// Ministral 3: YaRN, and queries that grow with their position.
    static func describeMistral3(_ metadata: inout MetadataReader) -> ModelDescription {
        var model = describe(&metadata)
        if let slope = metadata.optionalNumber("attention.temperature_scale", in: 1e-6...1e3) {
            let length = model.rotaries[0].originalLength
            model.temperature = ModelDescription.Temperature(slope: Double(slope), length: length)
        }
        return model
    }

    /// SmolLM 3: every fourth block is told no positions.
    static func describeSmolLM3(_ metadata: inout MetadataReader) -> ModelDescription {
        var model = ModelDescription(&metadata, pairs: .neighbours)
        for index in model.layers.indices where index % 4 == 3 { model.layers[index].rotary = nil }
        return model
    }

    /// Granite 3: factors of the embedding, the scores, each block's output and the logits.
    static func describeGranite(_ metadata: inout MetadataReader) -> ModelDescription {
        var model = describeGraniteMoE(&metadata)
        if !metadata.flag("rope.scaling.finetuned", default: true) {
            for index in model.layers.indices { model.layers[index].rotary = nil }
        }
        return model
    }

    /// Granite 3 with experts, perhaps with one more that every token passes through.
    static func describeGraniteMoE(_ metadata: inout MetadataReader) -> ModelDescription {
        var model = describe(&metadata)
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

    /// Phi 3 and 4: fused tensors, a part of each head turned (in halves), contexts stretched by two sets of divisors, and
    /// a window in every block.
    static func describePhi3(_ metadata: inout MetadataReader) -> ModelDescription {
        var model = ModelDescription(&metadata, pairs: .halves, partialRotation: true)
        model.rotaries[0].divisors = divisors(in: metadata)
        model.hasFusedGate = true
        let window = metadata.count("attention.sliding_window", upTo: 1 << 24)
        if window > 0 { model.setWindow(window, of: model.layers.map { _ in true }) }
        return model
    }

    /// The tensor that divides the frequencies (Llama 3.1), or the two of a context that was stretched in several steps,
    /// where the file has them.
    private static func divisors(in metadata: MetadataReader) -> RotaryDescription.Divisors {
        let (short, long) = ("rope_factors_short.weight", "rope_factors_long.weight")
        if metadata.hasTensor("rope_freqs.weight") { return .tensor("rope_freqs.weight") }
        if metadata.hasTensor(short) || metadata.hasTensor(long) { return .byLength(short: short, long: long) }
        return .none
    }
}

extension ModelDescription.Experts {
    /// The experts of a file; nil where it has none.
    ///
    /// - Parameter width: size of the hidden layer of each; the family says it afterwards where it does not know yet.
    init?(_ metadata: inout MetadataReader, width: Int) {
        let count = metadata.count("expert_count", upTo: 1024)
        guard count > 0 else { return nil }
        self.init(count: count, used: metadata.integer("expert_used_count", in: 1...count), width: width)
    }
}
