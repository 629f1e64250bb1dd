extension ModelDescription {
    /// Phi 3 and 4: fused tensors, a part of each head turned, contexts stretched by two sets of divisors, and a window
    /// in every block.
    static func phi3(_ metadata: inout MetadataReader) -> Self {
        var model = Self(&metadata, pairs: .halves, partialRotation: true)
        model.readRopeDivisors(metadata)
        model.hasFusedGate = true
        let window = metadata.count("attention.sliding_window", upTo: 1 << 24)
        if window > 0 { model.setWindow(window, of: model.layers.map { _ in true }) }
        return model
    }
}
