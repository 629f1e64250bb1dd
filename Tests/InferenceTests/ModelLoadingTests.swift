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

    private static let architectures = SupportedModels.Architecture.allCases.map(\.rawValue).joined(separator: ", ")
    private static let notPart =
        "is not part of a llama model as this engine knows it; leaving it out would change answers"
    /// What a block consists of, in the order of its rules.
    private static let block = [
        "attn_norm", "ffn_norm", "attn_q", "attn_k", "attn_v", "attn_output", "ffn_up", "ffn_down", "ffn_gate",
    ]

    static let faults: [Fault] = [
        Fault(
            "another architecture",
            "architecture mamba is not supported; supported: \(architectures)",
            set("general.architecture", .string("mamba"))
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
            block.prefix(8).map { "tensor blk.2.\($0).weight is missing" }.joined(separator: "; ") + "; and 1 more",
            set("llama.block_count", .uint32(3))
        ),
        Fault(
            "fewer blocks than tensors",
            ["attn_norm", "attn_q", "attn_k", "attn_v", "attn_output", "ffn_norm", "ffn_gate", "ffn_up"]
                .map { "tensor blk.1.\($0).weight \(notPart)" }.joined(separator: "; ") + "; and 1 more",
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
            "tensor token_embd.weight has dimensions [64, 277]; the metadata asks for [128, 277]; "
                + "tensor output_norm.weight has dimensions [64]; the metadata asks for [128]; "
                + "tensor output.weight has dimensions [64, 277]; the metadata asks for [128, 277]; "
                + "tensor blk.0.attn_norm.weight has dimensions [64]; the metadata asks for [128]; "
                + "tensor blk.0.ffn_norm.weight has dimensions [64]; the metadata asks for [128]; "
                + "tensor blk.0.attn_q.weight has dimensions [64, 64]; the metadata asks for [128, 64]; "
                + "tensor blk.0.attn_k.weight has dimensions [64, 32]; the metadata asks for [128, 32]; "
                + "tensor blk.0.attn_v.weight has dimensions [64, 32]; the metadata asks for [128, 32]; "
                + "and 13 more",
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
            "experts of an unknown number",
            "metadata key llama.expert_used_count is missing",
            set("llama.expert_count", .uint32(8))
        ),
        Fault(
            "more experts used than there are",
            "metadata key llama.expert_used_count is 9: it must be from 1 to 8"
        ) { writer in
            writer.add("llama.expert_count", .uint32(8))
            writer.add("llama.expert_used_count", .uint32(9))
        },
        Fault(
            "experts that are not there",
            ["gate_inp", "gate_exps", "up_exps", "down_exps"].map { "tensor blk.0.ffn_\($0).weight is missing; " }
                .joined()
                + ["gate_inp", "gate_exps", "up_exps", "down_exps"].map { "tensor blk.1.ffn_\($0).weight is missing" }
                .joined(separator: "; ") + "; and 6 more"
        ) { writer in
            writer.add("llama.expert_count", .uint32(8))
            writer.add("llama.expert_used_count", .uint32(2))
        },
        Fault(
            "rope scaled in an unknown way",
            "llama.rope.scaling.type = dynamic is not supported by this engine",
            set("llama.rope.scaling.type", .string("dynamic"))
        ),
        Fault(
            "positions stretched to nothing",
            "metadata key llama.rope.scaling.factor is 1.0000000031710769e-30: it must be from 0.1 to 10000.0",
            set("llama.rope.scaling.factor", .float32(1e-30))
        ),
        Fault(
            "heads that differ",
            "llama.attention.head_count_kv = different in different blocks is not supported by this engine",
            set("llama.attention.head_count_kv", .array(.integers([2, 1], .uint32)))
        ),
        Fault(
            "a key of another family",
            "llama.attn_logit_softcapping = 20.0 is not supported by this engine",
            set("llama.attn_logit_softcapping", .float32(20))
        ),
        Fault(
            "several things at once",
            "metadata key llama.block_count is 0: it must be from 1 to 512; "
                + "llama.attention.sliding_window = 4096 is not supported by this engine; "
                + "llama.attention.clamp_kqv = 1.0 is not supported by this engine"
        ) { writer in
            set("llama.block_count", .uint32(0))(&writer)
            writer.add("llama.attention.clamp_kqv", .float32(1))
            writer.add("llama.attention.sliding_window", .uint32(4096))
        },
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
            "a norm that Llama has not",
            "tensor blk.0.attn_q_norm.weight \(notPart)"
        ) { writer in
            writer.add("blk.0.attn_q_norm.weight", .f32, [16], Array(repeating: 0, count: 16))
        },
        Fault(
            "a bias of another size",
            "tensor blk.0.attn_q.bias has dimensions [32]; the metadata asks for [64]"
        ) { writer in
            writer.add("blk.0.attn_q.bias", .f32, [32], Array(repeating: 0, count: 32))
            writer.add("blk.1.attn_q.bias", .f32, [64], Array(repeating: 0, count: 64))
        },
        Fault("a bias in one block of two", "tensor blk.1.attn_q.bias is missing") { writer in
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

    /// What some writers give every model: the keys of other families, with values that change nothing.
    @Test func neutralFeaturesAreTaken() throws {
        var writer = TinyModel().writer()
        writer.metadata.removeAll { $0.key == "llama.attention.head_count_kv" }
        writer.add("llama.attention.head_count_kv", .array(.integers([2, 2], .uint32)))
        writer.add("llama.attn_logit_softcapping", .float32(50))
        writer.add("llama.final_logit_softcapping", .float32(30))
        writer.add("llama.attention.causal", .bool(true))
        writer.add("llama.swiglu_clamp_exp", .array(.floats([0, 0], .float32)))
        writer.add("llama.rope.scaling.yarn_ext_factor", .float32(-1))
        writer.add("llama.rope.scaling.yarn_beta_fast", .float32(32))
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
                == "GGUF, architecture llama, mistral3, smollm3, granite, granitemoe, qwen2, qwen3, qwen3moe, "
                + "qwen35, phi3, gemma2, gemma3, gemma4, olmo2 or gpt-oss, tensors F32, F16, BF16, Q8_0, Q4_0, Q4_1, "
                + "Q5_0, Q5_1, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL, IQ4_XS or MXFP4, "
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
