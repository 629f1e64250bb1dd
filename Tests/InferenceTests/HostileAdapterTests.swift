import Testing

@testable import GGUF
@testable import Inference

/// Adapters that are wrong, each refused by the name of what is wrong.
@Suite struct HostileAdapterTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let message: String
        let change: @Sendable (inout GGUFWriter) -> Void
        var testDescription: String { message }

        init(_ message: String, _ change: @escaping @Sendable (inout GGUFWriter) -> Void) {
            (self.message, self.change) = (message, change)
        }

        static func key(_ key: String, _ value: GGUFValue?, _ message: String) -> Self {
            Fault(message) { writer in
                writer.metadata.removeAll { $0.key == key }
                if let value { writer.add(key, value) }
            }
        }

        /// A tensor in place of those of one name.
        static func tensor(_ name: String, _ dimensions: [Int], _ message: String, value: Float = 0.5) -> Self {
            Fault(message) { writer in
                writer.tensors.removeAll { $0.name == name }
                writer.add(name, .f32, dimensions, Array(repeating: value, count: dimensions.reduce(1, *)))
            }
        }
    }

    /// Of the file alone.
    static let inFile: [Fault] = [
        .key("general.type", .string("model"), "general.type is not \"adapter\""),
        .key("general.architecture", nil, "the key general.architecture is missing"),
        .key("general.architecture", .uint32(1), "metadata key general.architecture is a uint32; expected a string"),
        .key("adapter.type", nil, "the key adapter.type is missing"),
        .key(
            "adapter.type",
            .string("control_vector"),
            "adapter.type is control_vector; the engine applies lora"
        ),
        .key("adapter.lora.alpha", nil, "the key adapter.lora.alpha is missing"),
        .key("adapter.lora.alpha", .uint32(8), "metadata key adapter.lora.alpha is a uint32; expected a float"),
        .key("adapter.lora.alpha", .float32(.nan), "adapter.lora.alpha is nan; it must be a finite number"),
        .key("adapter.lora.alpha", .float32(-.infinity), "adapter.lora.alpha is -inf; it must be a finite number"),
        .key("adapter.lora.alpha", .float64(1e300), "adapter.lora.alpha is 1e+300; it must be a finite number"),
        .key(
            "adapter.lora.alpha",
            .float32(0),
            "adapter.lora.alpha is 0, which some programs read as no effect and some as a factor of 1"
        ),
        .key(
            "adapter.alora.invocation_tokens",
            .array(.integers([1], .uint32)),
            "it takes effect after certain tokens only (adapter.alora.invocation_tokens), which the engine does not do"
        ),
        Fault("tensor blk.0.attn_q.weight.lora_a has no .lora_b beside it") { writer in
            writer.tensors.removeAll { $0.name == "blk.0.attn_q.weight.lora_b" }
        },
        Fault("tensor blk.1.ffn_up.weight.lora_b has no .lora_a beside it") { writer in
            writer.tensors.removeAll { $0.name == "blk.1.ffn_up.weight.lora_a" }
        },
        Fault("it holds no tensor") { $0.tensors = [] },
        .tensor(
            "blk.0.attn_norm.weight",
            [64],
            "tensor blk.0.attn_norm.weight is neither a .lora_a nor a .lora_b; leaving it out would change answers"
        ),
        .tensor(
            ".lora_a",
            [64, 4],
            "tensor .lora_a is neither a .lora_a nor a .lora_b; leaving it out would change answers"
        ),
        .tensor(
            "blk.0.attn_q.weight.lora_b",
            [5, 64],
            "blk.0.attn_q.weight.lora_a has rank 4, and blk.0.attn_q.weight.lora_b has rank 5"
        ),
        // As an old program wrote it: A the other way round.
        .tensor(
            "blk.0.attn_q.weight.lora_a",
            [4, 64],
            "blk.0.attn_q.weight.lora_a has rank 64, and blk.0.attn_q.weight.lora_b has rank 4"
        ),
        .tensor(
            "blk.0.attn_q.weight.lora_a",
            [64],
            "blk.0.attn_q.weight.lora_a and blk.0.attn_q.weight.lora_b have dimensions [64] and [4, 64]; "
                + "both are matrices, or stacks of them"
        ),
        .tensor(
            "blk.0.attn_q.weight.lora_a",
            [64, 4, 2],
            "blk.0.attn_q.weight.lora_a and blk.0.attn_q.weight.lora_b have dimensions [64, 4, 2] and [4, 64]; "
                + "both are matrices, or stacks of them"
        ),
        Fault("the pair of blk.0.attn_q.weight has rank 1025; it must be from 1 to 1024") { writer in
            writer.tensors.removeAll { $0.name.hasPrefix("blk.0.attn_q.weight.") }
            writer.add("blk.0.attn_q.weight.lora_a", .f32, [64, 1025], Array(repeating: 0, count: 64 * 1025))
            writer.add("blk.0.attn_q.weight.lora_b", .f32, [1025, 64], Array(repeating: 0, count: 64 * 1025))
        },
        Fault("blk.0.attn_q.weight.lora_a has 2 experts, and blk.0.attn_q.weight.lora_b has 3") { writer in
            writer.tensors.removeAll { $0.name.hasPrefix("blk.0.attn_q.weight.") }
            writer.add("blk.0.attn_q.weight.lora_a", .f32, [64, 4, 2], Array(repeating: 0, count: 64 * 8))
            writer.add("blk.0.attn_q.weight.lora_b", .f32, [4, 64, 3], Array(repeating: 0, count: 64 * 12))
        },
        Fault("it changes the embedding (token_embd.weight), which the engine does not do") { writer in
            writer.add("token_embd.weight.lora_a", .f32, [4, 64], Array(repeating: 0, count: 256))
            writer.add("token_embd.weight.lora_b", .f32, [4, 64], Array(repeating: 0, count: 256))
        },
        Fault("tensor type TQ1_0 of blk.0.attn_q.weight.lora_a is not supported") { writer in
            writer.tensors.removeAll { $0.name.hasPrefix("blk.0.attn_q.weight.") }
            writer.tensors.append(
                GGUFWriter.Tensor(
                    name: "blk.0.attn_q.weight.lora_a",
                    type: TensorType.tq1_0.rawValue,
                    dimensions: [256, 4],
                    bytes: Array(repeating: 0, count: 4 * 54)
                )
            )
            writer.add("blk.0.attn_q.weight.lora_b", .f32, [4, 64], Array(repeating: 0, count: 256))
        },
    ]

    @Test(arguments: inFile)
    func aFileThatIsWrongIsRefusedByName(fault: Fault) throws {
        var writer = try GoldenAdapter("adapter-llama-4").writer()
        fault.change(&writer)
        let file = try GGUFFile(bytes: writer.bytes())
        let reasons = HeaderCheck.reasons(againstAdapter: file)
        #expect(reasons.contains { $0.hasPrefix(fault.message) }, "\(reasons)")
        #expect(throws: InferenceError.self) { try AdapterDescription(file) }
    }

    /// Only of the file with a base.
    static let beside: [Fault] = [
        .key(
            "general.architecture",
            .string("qwen2"),
            "it was made for architecture qwen2, and the base is llama"
        ),
        .tensor(
            "blk.0.attn_q.weight.lora_a",
            [32, 4],
            "the pair of blk.0.attn_q.weight is made for 64 × 32; the base's is 64 × 64"
        ),
        .tensor(
            "blk.0.attn_k.weight.lora_b",
            [4, 64],
            "the pair of blk.0.attn_k.weight is made for 64 × 64; the base's is 32 × 64"
        ),
        Fault("the pair of blk.0.attn_q.weight is made for 64 × 64, 2 experts; the base's is 64 × 64") { writer in
            writer.tensors.removeAll { $0.name.hasPrefix("blk.0.attn_q.weight.") }
            writer.add("blk.0.attn_q.weight.lora_a", .f32, [64, 4, 2], Array(repeating: 1, count: 64 * 8))
            writer.add("blk.0.attn_q.weight.lora_b", .f32, [4, 64, 2], Array(repeating: 1, count: 64 * 8))
        },
        other("blk.2.attn_q.weight"), other("blk.0.attn_norm.weight"), other("x"),
        .tensor(
            "blk.0.attn_q.weight.lora_a",
            [64, 4],
            "tensor blk.0.attn_q.weight.lora_a has a value that is not finite",
            value: .infinity
        ),
    ]

    private static func other(_ name: String) -> Fault {
        Fault("the base has no matrix \(name), which the adapter changes") { writer in
            writer.add(name + ".lora_a", .f32, [64, 4], Array(repeating: 1, count: 256))
            writer.add(name + ".lora_b", .f32, [4, 64], Array(repeating: 1, count: 256))
        }
    }

    @Test(arguments: beside)
    func whatDoesNotFitTheBaseIsRefusedByName(fault: Fault) throws {
        let golden = try GoldenAdapter("adapter-llama-4")
        var writer = golden.writer()
        fault.change(&writer)
        let base = try golden.base.model()
        #expect {
            try LanguageModel(base, adapter: GGUFFile(bytes: writer.bytes()))
        } throws: {
            "\($0)".hasPrefix(fault.message)
        }
    }

    @Test func everythingIsSaidAtOnce() throws {
        var writer = try GoldenAdapter("adapter-llama-4").writer()
        writer.metadata.removeAll { $0.key == "adapter.lora.alpha" || $0.key == "adapter.type" }
        writer.tensors.removeAll { $0.name == "blk.0.attn_q.weight.lora_b" || $0.name == "blk.1.attn_v.weight.lora_a" }
        #expect(HeaderCheck.reasons(againstAdapter: try GGUFFile(bytes: writer.bytes())).count == 4)
    }

    /// Where the output is the embedding, there is no output to change.
    @Test func aTiedOutputHasNoPair() throws {
        let golden = try GoldenAdapter("adapter-llama-4")
        let tied = try GoldenModel("llama-biases").model()
        #expect(tied.matrixShapes["output.weight"] == nil)
        #expect(tied.matrixShapes["token_embd.weight"] == nil)
        #expect(throws: InferenceError.self) {
            try LanguageModel(tied, adapter: GGUFFile(bytes: golden.writer().bytes()))
        }
    }
}
