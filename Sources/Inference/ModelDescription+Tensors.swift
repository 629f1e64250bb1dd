import GGUF

extension ModelDescription {
    /// Elements of all query heads of a token.
    var queryWidth: Int { headCount * headDimension }
    /// Elements of all key (or value) heads of a token.
    var kvWidth: Int { kvHeadCount * headDimension }

    /// The tensors of one block: name within the block and dimensions, the fastest-varying first.
    var layerTensors: [(name: String, dimensions: [Int])] {
        [
            ("attn_norm.weight", [width]),
            ("attn_q.weight", [width, queryWidth]),
            ("attn_k.weight", [width, kvWidth]),
            ("attn_v.weight", [width, kvWidth]),
            ("attn_output.weight", [queryWidth, width]),
            ("ffn_norm.weight", [width]),
            ("ffn_gate.weight", [width, feedForwardWidth]),
            ("ffn_up.weight", [width, feedForwardWidth]),
            ("ffn_down.weight", [feedForwardWidth, width]),
        ]
    }

    /// All tensors of the model with the dimensions they must have.
    private var tensors: [(name: String, dimensions: [Int])] {
        var all = [("token_embd.weight", [width, vocabularySize]), ("output_norm.weight", [width])]
        if hasOwnOutput { all.append(("output.weight", [width, vocabularySize])) }
        if hasRopeFactors { all.append(("rope_freqs.weight", [headDimension / 2])) }
        for layer in 0..<layerCount {
            all += layerTensors.map { ("blk.\(layer).\($0.name)", $0.dimensions) }
        }
        return all
    }

    /// Every tensor of the model is in the file with its shape, vectors are F32, and the file has no others.
    func checkTensors(_ file: GGUFFile) throws {
        var known: Set<String> = []
        for (name, dimensions) in tensors {
            guard let tensor = file.tensor(named: name) else { throw GGUFError.missingTensor(name) }
            guard tensor.dimensions == dimensions else {
                throw InferenceError.wrongShape(tensor: name, expected: dimensions, found: tensor.dimensions)
            }
            guard dimensions.count > 1 || tensor.type == .f32 else {
                throw InferenceError.wrongTensorType(tensor: name, expected: .f32, found: tensor.type)
            }
            known.insert(name)
        }
        for tensor in file.tensors where !known.contains(tensor.name) {
            throw InferenceError.unexpectedTensor(tensor.name)
        }
    }
}
