extension ModelDescription {
    /// SmolLM 3: Llama in which every fourth block is told no positions.
    static func smolLM3(_ metadata: inout MetadataReader) -> Self {
        var model = Self(&metadata, pairs: .neighbours)
        for index in model.layers.indices where index % 4 == 3 { model.layers[index].rotary = nil }
        return model
    }
}
