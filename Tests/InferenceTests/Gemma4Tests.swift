import Testing

@testable import GGUF
@testable import Inference

/// Blocks that differ from one another: what a file may say about them, and what memory they take.
@Suite struct Gemma4Tests {
    private static func flags(_ values: [Bool]) -> GGUFValue { .array(.bools(values)) }
    private static func counts(_ values: [Int64], _ type: GGUFValueType = .uint32) -> GGUFValue {
        .array(.integers(values, type))
    }
    private static func without(_ model: String, _ tensor: String, _ message: String) -> ArchitectureTests.Fault {
        ArchitectureTests.Fault(model, message) { writer in writer.tensors.removeAll { $0.name == "\(tensor)" } }
    }

    static let faults: [ArchitectureTests.Fault] = [
        // Lists.
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.feed_forward_length",
            counts([64, 64, 64]),
            "metadata key gemma4.feed_forward_length is a list of 3: it must have 6, one for each block"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.feed_forward_length",
            counts([]),
            "metadata key gemma4.feed_forward_length is a list of 0: it must have 6, one for each block"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.feed_forward_length",
            counts([64, 64, 64, 0, 128, 128]),
            "metadata key gemma4.feed_forward_length is a list with 0: it must be from 1 to 1048576"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.feed_forward_length",
            .string("64"),
            "metadata key gemma4.feed_forward_length is a string; expected an integer"
        ),
        ArchitectureTests.Fault(
            "gemma4-keys",
            "gemma4.attention.head_count_kv",
            counts([2, -2, 1], .int32),
            "metadata key gemma4.attention.head_count_kv is a list with -2: it must be from 1 to 1024"
        ),
        ArchitectureTests.Fault(
            "gemma4-keys",
            "gemma4.attention.head_count_kv",
            counts([2, 3, 1]),
            "gemma4.attention.head_count is 4, not a multiple of the 3 key-value heads"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.attention.sliding_window_pattern",
            flags([true, false]),
            "metadata key gemma4.attention.sliding_window_pattern is a list of 2 values: "
                + "it must be a list of 6 flags, one for each block"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.attention.sliding_window_pattern",
            .uint32(6),
            "metadata key gemma4.attention.sliding_window_pattern is 6: "
                + "it must be a list of 6 flags, one for each block"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.attention.sliding_window_pattern",
            nil,
            "metadata key gemma4.attention.sliding_window_pattern is missing"
        ),
        // Shared keys and values.
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.attention.shared_kv_layers",
            .uint32(6),
            "metadata key gemma4.attention.shared_kv_layers is 6: it must be from 0 to 5"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.attention.shared_kv_layers",
            .uint32(4),
            "gemma4.attention.shared_kv_layers is 4: block 2 has no earlier block of its kind to read from"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.attention.head_count_kv",
            counts([1, 1, 1, 2, 1, 1]),
            "gemma4.attention.shared_kv_layers is 3: block 3 has no earlier block of its kind to read from"
        ),
        // Sizes.
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.attention.key_length_swa",
            nil,
            "metadata key gemma4.attention.key_length_swa is missing"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.attention.key_length_swa",
            .uint32(0),
            "head dimension = 0 (supported: multiples of 16 up to 512) is not supported by this engine"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.attention.key_length",
            .uint32(1024),
            "head dimension = 1024 (supported: multiples of 16 up to 512) is not supported by this engine"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.attention.value_length_swa",
            .uint32(32),
            "gemma4.attention.value_length_swa = 32 (head dimension 16) is not supported by this engine"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.rope.dimension_count_swa",
            .uint32(7),
            "gemma4.rope.dimension_count_swa = 7 (head dimension 16) is not supported by this engine"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.rope.dimension_count",
            .uint32(16),
            "gemma4.rope.dimension_count = 16 (head dimension 32) is not supported by this engine"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.attention.sliding_window",
            .uint32(0),
            "metadata key gemma4.attention.sliding_window is 0: it must be from 1 to 16777216"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.embedding_length_per_layer_input",
            .uint32(20_000),
            "metadata key gemma4.embedding_length_per_layer_input is 20000: it must be from 0 to 16384"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.final_logit_softcapping",
            nil,
            "metadata key gemma4.final_logit_softcapping is missing"
        ),
        ArchitectureTests.Fault(
            "gemma4-experts",
            "gemma4.expert_feed_forward_length",
            nil,
            "metadata key gemma4.expert_feed_forward_length is missing"
        ),
        ArchitectureTests.Fault(
            "gemma4-experts",
            "gemma4.expert_used_count",
            .uint32(7),
            "metadata key gemma4.expert_used_count is 7: it must be from 1 to 6"
        ),
        ArchitectureTests.Fault(
            "gemma4",
            "gemma4.attention.clamp_kqv",
            .float32(8),
            "gemma4.attention.clamp_kqv = 8.0 is not supported by this engine"
        ),
        // Tensors.
        without("gemma4", "per_layer_token_embd.weight", "tensor per_layer_token_embd.weight is missing"),
        without("gemma4", "per_layer_model_proj.weight", "tensor per_layer_model_proj.weight is missing"),
        without("gemma4", "per_layer_proj_norm.weight", "tensor per_layer_proj_norm.weight is missing"),
        without("gemma4", "blk.4.inp_gate.weight", "tensor blk.4.inp_gate.weight is missing"),
        without("gemma4", "blk.4.proj.weight", "tensor blk.4.proj.weight is missing"),
        without("gemma4", "blk.4.post_norm.weight", "tensor blk.4.post_norm.weight is missing"),
        without("gemma4", "blk.4.layer_output_scale.weight", "tensor blk.4.layer_output_scale.weight is missing"),
        without("gemma4", "rope_freqs.weight", "tensor rope_freqs.weight is missing"),
        // Only where a block sees everything, its values may be its keys.
        without("gemma4", "blk.1.attn_v.weight", "tensor blk.1.attn_v.weight is missing"),
        without("gemma4-experts", "blk.0.ffn_gate_inp.scale", "tensor blk.0.ffn_gate_inp.scale is missing"),
        without("gemma4-experts", "blk.1.ffn_down_exps.scale", "tensor blk.1.ffn_down_exps.scale is missing"),
        without("gemma4-experts", "blk.1.pre_ffw_norm_2.weight", "tensor blk.1.pre_ffw_norm_2.weight is missing"),
        without("gemma4-experts", "blk.1.ffn_up.weight", "tensor blk.1.ffn_up.weight is missing"),
        ArchitectureTests.Fault(
            "gemma4",
            "tensor per_layer_token_embd.weight has dimensions [192, 63]; the metadata asks for [192, 64]"
        ) { writer in
            writer.tensors.removeAll { $0.name == "per_layer_token_embd.weight" }
            writer.add("per_layer_token_embd.weight", .f32, [192, 63], Array(repeating: 0, count: 192 * 63))
        },
        ArchitectureTests.Fault("gemma4", "tensor rope_freqs.weight has a factor below 0.001") { writer in
            writer.tensors.removeAll { $0.name == "rope_freqs.weight" }
            writer.add("rope_freqs.weight", .f32, [16], Array(repeating: 0, count: 16))
        },
        ArchitectureTests.Fault("gemma4", "tensor blk.2.layer_output_scale.weight has a value that is not finite") {
            $0.tensors.removeAll { $0.name == "blk.2.layer_output_scale.weight" }
            $0.add("blk.2.layer_output_scale.weight", .f32, [1], [.infinity])
        },
    ]

    @Test(arguments: faults)
    func faultsAreNamed(fault: ArchitectureTests.Fault) throws {
        var writer = try GoldenModel(fault.model).writer()
        fault.change(&writer)
        let file = try GGUFFile(bytes: writer.bytes())
        #expect {
            try LanguageModel(file)
        } throws: { "\($0)" == fault.message }
    }

    /// Some writers leave in what belongs to blocks that read the keys and values of others.
    @Test func whatNobodyReadsChangesNothing() throws {
        let golden = try GoldenModel("gemma4")
        var writer = golden.writer()
        let unread = (3..<6).flatMap { block in ["attn_k", "attn_v", "attn_k_norm"].map { "blk.\(block).\($0).weight" }
        }
        let before = writer.tensors.count
        writer.tensors.removeAll { unread.contains($0.name) }
        #expect(writer.tensors.count == before - 9)
        let (whole, bare) = (try golden.model(), try LanguageModel(GGUFFile(bytes: writer.bytes())))
        #expect(whole.weightBytes == bare.weightBytes)
        #expect(try allLogits(whole, golden.tokens) == allLogits(bare, golden.tokens))
    }

    /// Blocks that read those of others have no pages, and each of the others as many bytes as its heads need.
    @Test func pagesAreAsLargeAsEachBlockNeeds() throws {
        func pageBytes(_ name: String) throws -> Int { try KVPages.pageBytes(GoldenModel(name).model(.q8_0)) }
        // Keys and values of 16 tokens, in halves. Two blocks with a head of 16, one with a head of 32; three without.
        #expect(try pageBytes("gemma4") == 2 * 16 * 2 * (16 + 16 + 32))
        // Two blocks with two heads of 32, one with a head of 64.
        #expect(try pageBytes("gemma4-keys") == 2 * 16 * 2 * (2 * 32 + 2 * 32 + 64))
        let shared = try ModelDescription(GGUFFile(bytes: GoldenModel("gemma4").writer().bytes()))
        #expect(shared.layers.map(\.sharesWith) == [nil, nil, nil, 1, 1, 2])
        #expect(shared.ordinals == [0, 1, 2, 1, 1, 2])
        // Prompts end there: rows whose logits nobody wants go no further.
        #expect(shared.lastWritingLayer == 2)
    }

    /// Of models of every architecture.
    @Test(arguments: GoldenModel.names, [TensorType.f32, .q8_0])
    func memoryIsToldBeforeLoading(name: String, type: TensorType) throws {
        let file = try GGUFFile(bytes: GoldenModel(name).writer(type).bytes())
        let (description, model) = (try ModelDescription(file), try LanguageModel(file))
        let needs = MemoryNeeds(description, file)
        // Of two sets of divisors one is loaded, which depends on the context.
        let unused = name.utf8.starts(with: "phi3".utf8) ? description.rotaries[0].dimensions / 2 * 4 : 0
        #expect(needs.weightBytes == model.weightBytes + unused)
        #expect(needs.bytesPerToken * KVPages.pageTokens == KVPages.pageBytes(model))
        #expect(needs.bytesPerSequence == RecurrentState.bytes(description))
    }
}
