extension ModelDescription {
    /// Ministral 3: Llama with YaRN, and queries that grow with their position.
    static func mistral3(_ metadata: inout MetadataReader) -> Self {
        var model = llama(&metadata)
        if let slope = metadata.optionalNumber("attention.temperature_scale", in: 1e-6...1e3) {
            model.temperature = Temperature(slope: Double(slope), length: model.rotaries[0].originalLength)
        }
        return model
    }
}
