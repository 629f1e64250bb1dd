import SeededRandom
import Testing
import Tokenizers

@testable import GGUF
@testable import Inference

@Suite struct ModelLoadingTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let message: String
        let change: @Sendable (inout GGUFWriter) -> Void

        init(_ what: String, _ message: String, _ change: @escaping @Sendable (inout GGUFWriter) -> Void) {
            testDescription = what
            self.message = message
            self.change = change
        }
    }

    private static func set(_ key: String, _ value: GGUFValue?) -> @Sendable (inout GGUFWriter) -> Void {
        { writer in
            writer.metadata.removeAll { $0.key == key }
            if let value { writer.add(key, value) }
        }
    }

    private static func retype(_ name: String, _ type: TensorType) -> @Sendable (inout GGUFWriter) -> Void {
        { writer in
            for index in writer.tensors.indices where writer.tensors[index].name == name {
                let elements = writer.tensors[index].dimensions.reduce(1, *)
                writer.tensors[index].type = type.rawValue
                writer.tensors[index].bytes = Array(
                    repeating: 0,
                    count: Int(elements) / type.block.elements * type.block.bytes
                )
            }
        }
    }

    static let faults: [Fault] = [
        Fault(
            "another architecture",
            "architecture qwen2 is not supported; supported: llama",
            set("general.architecture", .string("qwen2"))
        ),
        Fault("no architecture", "metadata key general.architecture is missing", set("general.architecture", nil)),
        Fault(
            "no blocks",
            "metadata key llama.block_count is 0: it must be from 1 to 512",
            set("llama.block_count", .uint32(0))
        ),
        Fault(
            "513 blocks",
            "metadata key llama.block_count is 513: it must be from 1 to 512",
            set("llama.block_count", .uint32(513))
        ),
        Fault(
            "more blocks than tensors",
            "tensor blk.2.attn_norm.weight is missing",
            set("llama.block_count", .uint32(3))
        ),
        Fault(
            "fewer blocks than tensors",
            "tensor blk.1.attn_norm.weight is not part of a llama model as this engine knows it; leaving it out would change answers",
            set("llama.block_count", .uint32(1))
        ),
        Fault(
            "negative width",
            "metadata key llama.embedding_length is -64: it must be from 1 to 65536",
            set("llama.embedding_length", .int32(-64))
        ),
        Fault(
            "width as text",
            "metadata key llama.embedding_length is a string; expected an integer",
            set("llama.embedding_length", .string("64"))
        ),
        Fault(
            "other width",
            "tensor token_embd.weight has dimensions [64, 277]; the metadata asks for [128, 277]",
            set("llama.embedding_length", .uint32(128))
        ),
        Fault(
            "no heads",
            "metadata key llama.attention.head_count is 0: it must be from 1 to 1024",
            set("llama.attention.head_count", .uint32(0))
        ),
        Fault(
            "three kv heads",
            "llama.attention.head_count is 4, not a multiple of the 3 key-value heads",
            set("llama.attention.head_count_kv", .uint32(3))
        ),
        Fault(
            "head of 24",
            "head dimension = 24 (supported: multiples of 16 up to 512) is not supported by this engine",
            set("llama.attention.key_length", .uint32(24))
        ),
        Fault(
            "head of 0",
            "head dimension = 0 (supported: multiples of 16 up to 512) is not supported by this engine",
            set("llama.attention.key_length", .uint32(0))
        ),
        Fault(
            "partial rotation",
            "llama.rope.dimension_count = 8 (head dimension 16) is not supported by this engine",
            set("llama.rope.dimension_count", .uint32(8))
        ),
        Fault(
            "no epsilon",
            "metadata key llama.attention.layer_norm_rms_epsilon is missing",
            set("llama.attention.layer_norm_rms_epsilon", nil)
        ),
        Fault(
            "epsilon not a number",
            "metadata key llama.attention.layer_norm_rms_epsilon is nan: it must be from 1e-30 to 1.0",
            set("llama.attention.layer_norm_rms_epsilon", .float32(.nan))
        ),
        Fault(
            "infinite rope base",
            "metadata key llama.rope.freq_base is inf: it must be from 1.0 to 1000000000000.0",
            set("llama.rope.freq_base", .float32(.infinity))
        ),
        Fault(
            "experts",
            "llama.expert_count = 8 is not supported by this engine",
            set("llama.expert_count", .uint32(8))
        ),
        Fault(
            "scaled rope",
            "llama.rope.scaling.type = yarn is not supported by this engine",
            set("llama.rope.scaling.type", .string("yarn"))
        ),
        Fault(
            "positions stretched",
            "llama.rope.scaling.factor = 4.0 is not supported by this engine",
            set("llama.rope.scaling.factor", .float32(4))
        ),
        Fault(
            "rope base below one",
            "metadata key llama.rope.freq_base is 1.0000000031710769e-30: it must be from 1.0 to 1000000000000.0",
            set("llama.rope.freq_base", .float32(1e-30))
        ),
        Fault(
            "a type that is not computed with",
            "tensor type IQ2_XS of blk.0.attn_q.weight is not supported; supported: F32, F16, BF16, Q8_0, Q4_0, Q4_1, "
                + "Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4"
        ) { writer in
            for index in writer.tensors.indices where writer.tensors[index].name == "blk.0.attn_q.weight" {
                // 64 columns are no whole block, so the tensor gets a shape that is.
                writer.tensors[index].type = TensorType.iq2_xs.rawValue
                writer.tensors[index].dimensions = [256, 16]
                writer.tensors[index].bytes = Array(repeating: 0, count: 16 * 74)
            }
        },
        Fault(
            "I8 weights",
            "tensor type I8 of blk.0.attn_q.weight is not supported; supported: F32, F16, BF16, Q8_0, Q4_0, Q4_1, "
                + "Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS, MXFP4",
            retype("blk.0.attn_q.weight", .i8)
        ),
        Fault(
            "half-precision norm",
            "tensor blk.0.attn_norm.weight is F16; it must be F32",
            retype("blk.0.attn_norm.weight", .f16)
        ),
        Fault(
            "a bias",
            "tensor blk.0.attn_q.bias is not part of a llama model as this engine knows it; leaving it out would change answers"
        ) { writer in
            writer.add("blk.0.attn_q.bias", .f32, [64], Array(repeating: 0, count: 64))
        },
        Fault(
            "a token too many",
            "the tokenizer has 278 tokens but the embedding has 277 rows",
            set("tokenizer.ggml.tokens", .array(.strings(TinyModel.tokens + ["more"])))
        ),
        Fault("norm not finite", "tensor output_norm.weight has a value that is not finite") { writer in
            for index in writer.tensors.indices where writer.tensors[index].name == "output_norm.weight" {
                writer.tensors[index].bytes.replaceSubrange(0..<4, with: [0, 0, 0x80, 0x7f])
            }
        },
    ]

    @Test(arguments: faults)
    func faultsAreNamed(fault: Fault) throws {
        var writer = TinyModel().writer()
        fault.change(&writer)
        let file = try GGUFFile(bytes: writer.bytes())
        #expect {
            try LanguageModel(file)
        } throws: { "\($0)" == fault.message }
    }

    @Test func neutralFeaturesAreTaken() throws {
        var writer = TinyModel().writer()
        writer.add("llama.expert_count", .uint32(0))
        writer.add("llama.rope.scaling.type", .string("linear"))
        writer.add("llama.rope.scaling.factor", .float32(1))
        writer.add("llama.logit_scale", .float32(0))
        #expect(try ModelDescription(GGUFFile(bytes: writer.bytes())).layerCount == 2)
    }

    /// What is supported is written once, as enumerations, and printed from there.
    @Test func whatIsSupportedIsOneList() throws {
        #expect(
            SupportedModels.summary
                == "GGUF, architecture llama, tensors F32, F16, BF16, Q8_0, Q4_0, Q4_1, Q5_0, Q5_1, "
                + "Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS or MXFP4, "
                + "tokenizer gpt2, llama or gemma4 with pre-tokenizer gpt-2, llama-bpe, qwen2, qwen35, starcoder, smollm, "
                + "default, falcon, deepseek-llm, deepseek-coder, tekken, gpt-4o or gemma4"
        )
        for type in TensorType.allCases {
            let isWeight = WeightType.allCases.contains { $0.tensorType == type }
            #expect((WeightType(type) != nil) == isWeight)
            guard isWeight else { continue }
            #expect(try LanguageModel(TinyModel.filling(type).file()).weightBytes > 0)
        }
    }

    @Test func aTokenizerOfAnotherModelIsRefused() throws {
        let model = try LanguageModel(TinyModel().file())
        var writer = TinyModel().writer()
        writer.metadata.removeAll { $0.key == "tokenizer.ggml.tokens" || $0.key == "tokenizer.ggml.token_type" }
        writer.add("tokenizer.ggml.tokens", .array(.strings(TinyModel.tokens + ["more"])))
        let tokenizer = try Tokenizer(GGUFFile(bytes: writer.bytes()))
        #expect(throws: InferenceError.tokenizerDoesNotFit(tokens: 278, embeddingRows: 277)) {
            try InferenceWorker(model: model, tokenizer: tokenizer)
        }
    }

    @Test func damagedWeightsAreNoticed() throws {
        var writer = TinyModel(type: .f32).writer()
        for index in writer.tensors.indices where writer.tensors[index].name == "blk.1.ffn_up.weight" {
            writer.tensors[index].bytes.replaceSubrange(0..<4, with: [0, 0, 0xc0, 0x7f])
        }
        let file = try GGUFFile(bytes: writer.bytes())
        let alone = Alone(model: try LanguageModel(file), tokenizer: try Tokenizer(file))
        #expect(throws: InferenceError.notFinite(position: 2)) {
            try alone.generate(GenerationRequest(promptTokens: [1, 2, 3], maxTokens: 3))
        }
    }

    @Test func weightBytesAreCounted() throws {
        let model = try LanguageModel(TinyModel(type: .f32, hasOwnOutput: false).file())
        let tiny = TinyModel()
        let rows = (tiny.vocabularySize + 15) / 16 * 16
        let block = 2 * 64 + 64 * (64 + 32 + 32 + 64) + 3 * 64 * 96
        #expect(model.weightBytes == 4 * (rows * 64 + 64 + 2 * block))
    }

    /// Whatever is changed in the metadata, the directory or the weights: an error or an answer, never a crash.
    @Test(arguments: 0..<6 as Range<UInt64>)
    func mutatedModelsAreSurvived(seed: UInt64) throws {
        let types: [TensorType] = [.q8_0, .q4_0, .f32, .f16, .bf16, .q8_0]
        let good = TinyModel(layerCount: 1, type: types[Int(seed)]).writer().bytes()
        let headerEnd = try #require(GGUFFile(bytes: good).tensors.first?.fileOffset)
        var random = SplitMix64(seed: seed)
        for round in 0..<400 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                // Two rounds of three in the header, where a byte says more.
                let range = round % 3 == 0 ? headerEnd..<bytes.count : 0..<headerEnd
                bytes[Int.random(in: range, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            guard let file = try? GGUFFile(bytes: bytes), let model = try? LanguageModel(file),
                let tokenizer = try? Tokenizer(file),
                let worker = try? InferenceWorker(model: model, tokenizer: tokenizer)
            else { continue }
            _ = try? Alone(model: model, tokenizer: tokenizer).generate(
                GenerationRequest(promptTokens: [1, 2, 3], maxTokens: 4)
            )
            _ = try? worker.score(promptTokens: [4, 5], answerTokens: [6, 7])
        }
    }
}
