extension ModelDescription {
    /// Llama 1 to 3, and what is built like it: Mistral, Mixtral, SmolLM, TinyLlama, Yi.
    static func llama(_ metadata: inout MetadataReader) -> Self {
        var model = Self(&metadata, pairs: .neighbours)
        model.readRopeDivisors(metadata)
        model.experts = Experts(&metadata)
        return model
    }

    /// Takes the tensor that divides the frequencies (Llama 3.1), or the two of a context that was stretched in several
    /// steps, where the file has them.
    mutating func readRopeDivisors(_ metadata: MetadataReader) {
        let (short, long) = ("rope_factors_short.weight", "rope_factors_long.weight")
        if metadata.hasTensor("rope_freqs.weight") {
            rotaries[0].divisors = .tensor("rope_freqs.weight")
        } else if metadata.hasTensor(short) || metadata.hasTensor(long) {
            rotaries[0].divisors = .byLength(short: short, long: long)
        }
    }
}

extension ModelDescription.Experts {
    /// The experts of a file; nil where it has none.
    init?(_ metadata: inout MetadataReader) {
        let count = metadata.count("expert_count", upTo: 1024)
        guard count > 0 else { return nil }
        self.init(count: count, used: metadata.integer("expert_used_count", in: 1...count))
    }
}
