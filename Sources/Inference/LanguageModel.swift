import CKernels
public import GGUF

/// A model's weights, packed for the kernels. Immutable: any number of workers may share one.
public final class LanguageModel: Sendable {
    /// One transformer block.
    struct Layer: Sendable {
        let attentionNorm: [Float]
        let query: PackedMatrix
        let key: PackedMatrix
        let value: PackedMatrix
        let attentionOutput: PackedMatrix
        let feedForwardNorm: [Float]
        let gate: PackedMatrix
        let up: PackedMatrix
        let down: PackedMatrix

        var matrices: [PackedMatrix] { [query, key, value, attentionOutput, gate, up, down] }
    }

    /// The shape.
    public let description: ModelDescription
    /// Tokens that a sequence may have: the model's own limit or the one given at loading, whichever is less.
    public let contextLength: Int
    /// Bytes of memory that the weights take.
    public let weightBytes: Int
    /// True when some matrix of the blocks is quantised, and its inputs with it.
    let isQuantized: Bool
    /// How the key-value cache of this model stores numbers.
    var cacheFormat: ck_cache { isQuantized ? CK_CACHE_F16 : CK_CACHE_F32 }
    let embedding: PackedMatrix
    let layers: [Layer]
    let outputNorm: [Float]
    let output: PackedMatrix
    let rotary: RotaryTable

    /// Packs the weights of a file. The file may be closed afterwards.
    ///
    /// - Parameters:
    ///   - file: a llama model with tensors of supported types.
    ///   - contextLimit: most tokens of a sequence; bounds the memory of the rotary table and of workers' caches.
    /// - Throws: what `ModelDescription` throws, and `InferenceError.tokenizerDoesNotFit` or `inconsistent`.
    public init(_ file: GGUFFile, contextLimit: Int = 8192) throws {
        let description = try ModelDescription(file)
        self.description = description
        contextLength = min(description.contextLength, max(1, contextLimit))
        if let tokens = try file.strings("tokenizer.ggml.tokens"), tokens.count != description.vocabularySize {
            throw InferenceError.tokenizerDoesNotFit(
                tokens: tokens.count,
                embeddingRows: description.vocabularySize
            )
        }
        var bytes = 0
        func matrix(_ name: String) throws -> PackedMatrix {
            guard let tensor = file.tensor(named: name) else { throw GGUFError.missingTensor(name) }
            let packed = try PackedMatrix(tensor, in: file)
            bytes += packed.byteCount
            return packed
        }
        func vector(_ name: String) throws -> [Float] {
            guard let tensor = file.tensor(named: name) else { throw GGUFError.missingTensor(name) }
            guard let values = file.withBytes(of: tensor, tensor.type.dequantized) else {
                throw GGUFError.unsupportedTensorType(tensor: name, type: tensor.type)
            }
            guard values.allSatisfy(\.isFinite) else {
                throw InferenceError.inconsistent("tensor \(name) has a value that is not finite")
            }
            bytes += values.count * MemoryLayout<Float>.size
            return values
        }
        embedding = try matrix("token_embd.weight")
        layers = try (0..<description.layerCount).map { layer in
            let block = "blk.\(layer)."
            return Layer(
                attentionNorm: try vector(block + "attn_norm.weight"),
                query: try matrix(block + "attn_q.weight"),
                key: try matrix(block + "attn_k.weight"),
                value: try matrix(block + "attn_v.weight"),
                attentionOutput: try matrix(block + "attn_output.weight"),
                feedForwardNorm: try vector(block + "ffn_norm.weight"),
                gate: try matrix(block + "ffn_gate.weight"),
                up: try matrix(block + "ffn_up.weight"),
                down: try matrix(block + "ffn_down.weight")
            )
        }
        isQuantized = layers.contains { $0.matrices.contains(where: \.isQuantized) }
        outputNorm = try vector("output_norm.weight")
        output = description.hasOwnOutput ? try matrix("output.weight") : embedding
        let factors = description.hasRopeFactors ? try vector("rope_freqs.weight") : []
        // A factor near zero would make angles that no table of sines is exact for.
        guard factors.allSatisfy({ $0 >= 0.001 }) else {
            throw InferenceError.inconsistent("tensor rope_freqs.weight has a factor below 0.001")
        }
        rotary = RotaryTable(
            positions: contextLength,
            headDimension: description.headDimension,
            base: description.ropeBase,
            factors: factors
        )
        weightBytes = bytes
    }
}

/// Cosines and sines of the rotary position embedding (Su et al., 2021), computed once in double precision from our own
/// elementary functions, so that they do not depend on the C library.
struct RotaryTable: Sendable {
    /// `positions × headDimension` floats, row-major; each row holds (cos, sin) pairs.
    let values: [Float]
    let headDimension: Int

    /// - Parameter factors: divisors of the frequencies, `headDimension / 2` of them, or empty.
    init(positions: Int, headDimension: Int, base: Double, factors: [Float]) {
        self.headDimension = headDimension
        let logBase = ck_log(base)
        let frequencies = (0..<headDimension / 2).map { pair in
            let frequency = ck_exp(-Double(2 * pair) / Double(headDimension) * logBase)
            return factors.isEmpty ? frequency : frequency / Double(factors[pair])
        }
        var table: [Float] = []
        table.reserveCapacity(positions * headDimension)
        for position in 0..<positions {
            for frequency in frequencies {
                var (sine, cosine) = (0.0, 0.0)
                ck_sincos(Double(position) * frequency, &sine, &cosine)
                table.append(Float(cosine))
                table.append(Float(sine))
            }
        }
        values = table
    }
}
