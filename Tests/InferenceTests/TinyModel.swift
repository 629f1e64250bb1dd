import SeededRandom
import Testing
import Tokenizers

@testable import GGUF
@testable import Inference
@testable import Tokenizers

/// A model with random weights, made in memory: small enough for a test, of any shape.
struct TinyModel: Sendable {
    var layerCount = 2
    var width = 64
    var headCount = 4
    var kvHeadCount = 2
    var headDimension = 16
    var feedForwardWidth = 96
    var contextLength = 96
    /// Type of every matrix.
    var type = TensorType.q8_0
    /// Type of the embedding where it differs.
    var embeddingType: TensorType?
    var hasOwnOutput = true
    var hasRopeFactors = false
    var preTokenizer = "qwen2"
    var seed: UInt64 = 1
    /// A token whose embedding is not a number; only for matrices of type F32.
    var brokenToken: Int?

    /// Merges of the tokenizer, in the byte alphabet (`Ġ` is a space).
    static let merges = [
        "h e", "l l", "he ll", "hell o", "Ġ w", "o r", "Ġw or", "Ġwor l", "Ġworl d", "Ġ t", "Ġt he", "i n", "Ġ a",
        "e r", "Ã ¼", "1 2", "12 3", "Ġ Ġ",
    ]
    static let specials = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"]

    /// Tokens: the 256 bytes, what the merges make, then the special ones.
    static let tokens: [String] =
        ByteAlphabet.scalars.map { String(Character($0)) }
        + merges.map { $0.split(separator: " ").joined() } + specials

    var vocabularySize: Int { Self.tokens.count }

    /// A model whose rows are whole blocks of `type`.
    static func filling(_ type: TensorType) -> TinyModel {
        let block = type.block.elements
        let width = max(64, block)
        return TinyModel(width: width, headDimension: width / 4, feedForwardWidth: max(96, 2 * block), type: type)
    }

    func writer() -> GGUFWriter {
        var writer = GGUFWriter()
        writer.add("general.architecture", .string("llama"))
        writer.add("general.name", .string("tiny"))
        for (key, value) in [
            ("context_length", contextLength), ("block_count", layerCount), ("embedding_length", width),
            ("feed_forward_length", feedForwardWidth), ("attention.head_count", headCount),
            ("attention.head_count_kv", kvHeadCount), ("attention.key_length", headDimension),
            ("rope.dimension_count", headDimension),
        ] {
            writer.add("llama.\(key)", .uint32(UInt32(value)))
        }
        writer.add("llama.attention.layer_norm_rms_epsilon", .float32(1e-5))
        writer.add("llama.rope.freq_base", .float32(10_000))
        addTokenizer(to: &writer)
        addTensors(to: &writer)
        return writer
    }

    func file() throws -> GGUFFile { try GGUFFile(bytes: writer().bytes()) }

    func worker(batchRows: Int = 64, instructions: InstructionSet = .best) throws -> InferenceWorker {
        let file = try file()
        return try InferenceWorker(
            model: LanguageModel(file),
            tokenizer: Tokenizer(file),
            batchRows: batchRows,
            instructions: instructions
        )
    }

    func alone(promptRows: Int = 64, instructions: InstructionSet = .best) throws -> Alone {
        let file = try file()
        return Alone(
            model: try LanguageModel(file),
            tokenizer: try Tokenizer(file),
            promptRows: promptRows,
            instructions: instructions
        )
    }

    func addTokenizer(to writer: inout GGUFWriter) {
        let special = Self.tokens.count - Self.specials.count
        writer.add("tokenizer.ggml.model", .string("gpt2"))
        writer.add("tokenizer.ggml.pre", .string(preTokenizer))
        writer.add("tokenizer.ggml.tokens", .array(.strings(Self.tokens)))
        writer.add(
            "tokenizer.ggml.token_type",
            .array(.integers(Self.tokens.indices.map { $0 < special ? 1 : 3 }, .int32))
        )
        writer.add("tokenizer.ggml.merges", .array(.strings(Self.merges)))
        writer.add("tokenizer.ggml.eos_token_id", .uint32(UInt32(special + 1)))
    }

    private func addTensors(to writer: inout GGUFWriter) {
        var random = SplitMix64(seed: seed)
        func matrix(_ name: String, _ columns: Int, _ rows: Int, _ type: TensorType) {
            // A sum of uniform numbers is near enough to a normal one; the scale keeps activations near 1.
            let scale = 3.4 / Float(columns).squareRoot()
            var elements = (0..<rows * columns).map { _ in
                scale * (Float.random(in: -0.5...0.5, using: &random) + Float.random(in: -0.5...0.5, using: &random))
            }
            if let brokenToken, name == "token_embd.weight" { elements[brokenToken * columns] = .nan }
            writer.add(name, type, [columns, rows], elements)
        }
        func vector(_ name: String, _ count: Int, _ range: ClosedRange<Float>) {
            writer.add(name, .f32, [count], (0..<count).map { _ in Float.random(in: range, using: &random) })
        }
        matrix("token_embd.weight", width, vocabularySize, embeddingType ?? type)
        for layer in 0..<layerCount {
            let block = "blk.\(layer)."
            vector(block + "attn_norm.weight", width, 0.5...1.5)
            matrix(block + "attn_q.weight", width, headCount * headDimension, type)
            matrix(block + "attn_k.weight", width, kvHeadCount * headDimension, type)
            matrix(block + "attn_v.weight", width, kvHeadCount * headDimension, type)
            matrix(block + "attn_output.weight", headCount * headDimension, width, type)
            vector(block + "ffn_norm.weight", width, 0.5...1.5)
            matrix(block + "ffn_gate.weight", width, feedForwardWidth, type)
            matrix(block + "ffn_up.weight", width, feedForwardWidth, type)
            matrix(block + "ffn_down.weight", feedForwardWidth, width, type)
        }
        vector("output_norm.weight", width, 0.5...1.5)
        if hasRopeFactors { vector("rope_freqs.weight", headDimension / 2, 1...8) }
        if hasOwnOutput { matrix("output.weight", width, vocabularySize, embeddingType ?? type) }
    }
}

/// Answers each request in a batch of its own: nothing runs beside it, and nothing ran before.
struct Alone {
    let model: LanguageModel
    let tokenizer: Tokenizer
    var promptRows = 64
    var instructions = InstructionSet.best

    func generate(_ request: GenerationRequest, emit: (String) -> Void = { _ in }) throws -> Generation {
        let batch = try GenerationBatch(
            model: model,
            tokenizer: tokenizer,
            maxSequences: 1,
            promptRows: promptRows,
            instructions: instructions
        )
        try batch.admit(key: 0, request, seeds: [request.seed])
        var result: Result<Generation, InferenceError>?
        while !batch.isIdle {
            batch.step { event in
                switch event {
                case .token(_, _, _, let text): emit(text)
                case .ended(_, _, let generation): result = .success(generation)
                case .failed(_, let error): result = .failure(error)
                }
            }
        }
        return try #require(result).get()
    }
}
