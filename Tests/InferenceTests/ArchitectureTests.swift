import SeededRandom
import Testing

@testable import GGUF
@testable import Inference

/// Every architecture against a float64 forward pass that is not ours, and in every arrangement against itself.
@Suite struct ArchitectureTests {
    @Test(arguments: GoldenModel.names)
    func logitsAreThoseOfTheReference(name: String) throws {
        let golden = try GoldenModel(name)
        let found = try allLogits(golden.model(), golden.tokens)
        let divergences = golden.logits.map { position, logits in
            divergence(logits, found[position].map(Double.init))
        }
        #expect(divergences.count == 5)
        // A rotary base twice as high in one block of six makes 3e-7, every other change of a feature more than that.
        #expect(divergences.reduce(0, +) / 5 < 1e-8, "KL by position: \(divergences)")
        // A factor common to all logits would hide in a divergence; a shift of all cannot matter.
        for (position, logits) in golden.logits {
            for (expected, value) in zip(logits, found[position]) { #expect(abs(expected - Double(value)) < 2e-4) }
        }
    }

    /// Eight-bit and four-bit weights go through the same pass.
    @Test(arguments: GoldenModel.names)
    func quantizedWeightsAreClose(name: String) throws {
        let golden = try GoldenModel(name)
        let found = try allLogits(golden.model(.q8_0), golden.tokens)
        let divergences = golden.logits.map { divergence($1, found[$0].map(Double.init)) }
        #expect(divergences.reduce(0, +) / 5 < 0.1, "KL by position: \(divergences)")
    }

    // MARK: - The same bits in every arrangement

    static let types: [TensorType] = [.f32, .q8_0, .q4_0, .bf16]

    @Test(arguments: GoldenModel.names, types)
    func chunksAndInstructionsChangeNoBit(name: String, type: TensorType) throws {
        let golden = try GoldenModel(name)
        let model = try golden.model(type)
        let expected = try allLogits(model, golden.tokens, batchRows: golden.tokens.count, instructions: .portable)
        for instructions in InstructionSet.allCases where instructions.isAvailable {
            for rows in [1, 3, 17, golden.tokens.count] {
                let found = try allLogits(model, golden.tokens, batchRows: rows, instructions: instructions)
                #expect(found == expected, "\(instructions), \(rows) rows")
            }
        }
    }

    @Test(arguments: GoldenModel.names, types)
    func neighboursAndSharedPagesChangeNoBit(name: String, type: TensorType) throws {
        let golden = try GoldenModel(name)
        let model = try golden.model(type)
        let tokens = golden.tokens
        let expected = try allLogits(model, tokens)
        let pass = try ForwardPass(model, maxRows: 64, pageCount: 64, instructions: .best)
        let (first, noise) = (TokenSequence(), TokenSequence())
        try pass.run(
            (0..<40).map { BatchRow(token: tokens[$0], sequence: first, position: $0, wantsLogits: false) }
        )
        // 32 of those 40 tokens are whole pages; the rest is run again between a stranger's tokens. A state cannot go
        // back: it is copied as it is, with what the begun page holds.
        let second = pass.pages.share(first, tokens: 40)
        var rest = 32..<tokens.count
        if let state = first.state {
            try pass.pages.extend(second, to: 40)
            pass.pages.copy(page: 2, of: first, to: second)
            second.state = try RecurrentState(copying: state)
            rest = 40..<tokens.count
        }
        let rows = rest.flatMap { position in
            [
                BatchRow(
                    token: tokens[tokens.count - 1 - position],
                    sequence: noise,
                    position: position - rest.lowerBound,
                    wantsLogits: position % 3 == 0
                ),
                BatchRow(token: tokens[position], sequence: second, position: position, wantsLogits: true),
            ]
        }
        try pass.run(rows)
        let wanted = rows.filter(\.wantsLogits)
        for (index, row) in wanted.enumerated() where row.sequence === second {
            #expect(Array(try pass.logits(index, position: row.position).values) == expected[row.position])
        }
    }

    /// A token changes what comes after it, and nothing before it; where every block sees a window only, nothing that
    /// is further away than the windows of all blocks together.
    @Test(arguments: GoldenModel.names)
    func aTokenChangesOnlyWhatSeesIt(name: String) throws {
        let golden = try GoldenModel(name)
        let model = try golden.model()
        let before = try allLogits(model, golden.tokens)
        var tokens = golden.tokens
        tokens[3] = (tokens[3] + 1) % model.description.vocabularySize
        let after = try allLogits(model, tokens)
        let windows = model.description.layers.map(\.window)
        let hasState = model.description.deltaRule != nil
        let reach =
            hasState ? tokens.count : windows.reduce(0) { sum, window in sum + (window.map { $0 - 1 } ?? tokens.count) }
        for position in tokens.indices {
            let sees = position >= 3 && position <= 3 + reach
            #expect((before[position] != after[position]) == sees, "position \(position)")
        }
    }

    // MARK: - Files that say something else

    struct Fault: Sendable, CustomTestStringConvertible {
        let model: String
        let message: String
        let change: @Sendable (inout GGUFWriter) -> Void

        init(_ model: String, _ message: String, _ change: @escaping @Sendable (inout GGUFWriter) -> Void) {
            (self.model, self.message, self.change) = (model, message, change)
        }

        /// Without a key, or with another value.
        init(_ model: String, _ key: String, _ value: GGUFValue?, _ message: String) {
            self.init(model, message) { writer in
                writer.metadata.removeAll { $0.key == "\(key)" }
                if let value { writer.add(key, value) }
            }
        }

        var testDescription: String { "\(model): \(message)" }
    }

    static let faults: [Fault] = [
        Fault("granite", "granite.logit_scale", nil, "metadata key granite.logit_scale is missing"),
        Fault(
            "granite",
            "granite.logit_scale",
            .float32(0),
            "metadata key granite.logit_scale is 0.0: it must be from 1e-06 to 1000000.0"
        ),
        Fault(
            "granite",
            "granite.expert_shared_feed_forward_length",
            .uint32(8),
            "granite.expert_shared_feed_forward_length = 8 without experts is not supported by this engine"
        ),
        Fault(
            "qwen3moe",
            "qwen3moe.expert_count",
            .uint32(0),
            "qwen3moe.expert_count = 0 in a model of experts is not supported by this engine; "
                + "qwen3moe.expert_used_count = 3 is not supported by this engine"
        ),
        Fault(
            "gpt-oss",
            "gpt-oss.attention.sliding_window",
            nil,
            "metadata key gpt-oss.attention.sliding_window is missing"
        ),
        Fault(
            "gemma3-pattern",
            "gemma3.attention.sliding_window_pattern",
            .array(.bools([true])),
            "metadata key gemma3.attention.sliding_window_pattern is a list: it must have 3 flags"
        ),
        Fault(
            "gemma3",
            "gemma3.attn_logit_softcapping",
            .float32(20),
            "gemma3.attn_logit_softcapping = 20.0 is not supported by this engine"
        ),
        Fault(
            "phi3-long",
            "phi3.rope.dimension_count",
            .uint32(40),
            "phi3.rope.dimension_count = 40 (head dimension 32) is not supported by this engine"
        ),
        Fault("phi3", "tensor rope_factors_long.weight is missing") { writer in
            writer.tensors.removeAll { $0.name == "rope_factors_long.weight" }
        },
        Fault("qwen3", "tensor blk.1.attn_k_norm.weight is missing") { writer in
            writer.tensors.removeAll { $0.name == "blk.1.attn_k_norm.weight" }
        },
        Fault(
            "olmo2",
            "tensor blk.0.ffn_norm.weight is not part of a olmo2 model as this engine knows it; "
                + "leaving it out would change answers"
        ) { writer in
            writer.add("blk.0.ffn_norm.weight", .f32, [64], Array(repeating: 1, count: 64))
        },
        Fault(
            "gpt-oss",
            "tensor blk.0.ffn_down_exps.bias is F16; it must be F32"
        ) { writer in
            writer.tensors.removeAll { $0.name == "blk.0.ffn_down_exps.bias" }
            writer.add("blk.0.ffn_down_exps.bias", .f16, [64, 4], Array(repeating: 1, count: 256))
        },
        Fault(
            "mistral3",
            "mistral3.rope.freq_base",
            .float32(1),
            "mistral3.rope.freq_base = 1.0 with rope.scaling.type = yarn is not supported by this engine"
        ),
    ]

    @Test(arguments: faults)
    func faultsAreNamed(fault: Fault) throws {
        var writer = try GoldenModel(fault.model).writer()
        fault.change(&writer)
        let file = try GGUFFile(bytes: writer.bytes())
        #expect {
            try LanguageModel(file)
        } throws: { "\($0)" == fault.message }
    }

    /// Whatever is changed in the header of a file of any architecture: reasons or logits, never a crash.
    @Test(arguments: GoldenModel.names)
    func mutatedModelsAreSurvived(name: String) throws {
        let good = try GoldenModel(name).writer(.bf16).bytes()
        let headerEnd = try #require(GGUFFile(bytes: good).tensors.first?.fileOffset)
        var random = SplitMix64(seed: UInt64(name.utf8.count))
        for _ in 0..<150 {
            var bytes = good
            for _ in 0..<1 + Int(random.below(4)) {
                bytes[Int(random.below(UInt64(headerEnd)))] = UInt8(random.below(256))
            }
            guard let file = try? GGUFFile(bytes: bytes), let model = try? LanguageModel(file) else { continue }
            _ = try? allLogits(model, [1, 2, 3, 0])
        }
    }

    /// Every supported architecture is among the golden models, and the reader takes each in one way only.
    @Test func everyArchitectureIsHere() throws {
        let found = try Set(
            GoldenModel.names.map { name in
                try ModelDescription(GGUFFile(bytes: GoldenModel(name).writer().bytes())).architecture
            }
        )
        #expect(found == Set(SupportedModels.Architecture.allCases.map(\.rawValue)))
    }
}
