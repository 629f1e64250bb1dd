extension ModelDescription {
    /// Qwen 2 and 2.5: biases on queries, keys and values.
    static func qwen2(_ metadata: inout MetadataReader) -> Self { Self(&metadata, pairs: .halves) }

    /// Qwen 3: no biases, but norms of queries and keys.
    static func qwen3(_ metadata: inout MetadataReader) -> Self {
        var model = Self(&metadata, pairs: .halves)
        model.queryKeyNorm = .perHead
        return model
    }

    /// Qwen 3 with experts.
    static func qwen3MoE(_ metadata: inout MetadataReader) -> Self {
        guard let experts = Experts(&metadata) else {
            metadata.refuse(
                InferenceError.unsupportedFeature(key: metadata.key("expert_count"), value: "0 in a model of experts")
            )
            return qwen3(&metadata)
        }
        let width = metadata.count("expert_feed_forward_length", upTo: 1 << 20)
        let whole = width > 0 ? nil : metadata.integer("feed_forward_length", in: experts.used...(1 << 20))
        var model = Self(
            &metadata,
            pairs: .halves,
            feedForwardWidth: whole.map { $0 / experts.used } ?? width
        )
        model.queryKeyNorm = .perHead
        model.experts = experts
        return model
    }
}
