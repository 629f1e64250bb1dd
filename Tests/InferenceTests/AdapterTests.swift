import SeededRandom
import Testing

@testable import GGUF
@testable import Inference

/// Low-rank adapters beside a base, against a float64 reference, against merged weights and against themselves.
@Suite struct AdapterTests {
    @Test(arguments: GoldenAdapter.names)
    func logitsAreThoseOfTheReference(name: String) throws {
        let golden = try GoldenAdapter(name)
        let found = try allLogits(golden.model(), golden.base.tokens)
        let divergences = golden.logits.map { divergence($1, found[$0].map(Double.init)) }
        #expect(divergences.count == 5)
        #expect(divergences.reduce(0, +) / 5 < 1e-8, "KL by position: \(divergences)")
        for (position, logits) in golden.logits {
            for (expected, value) in zip(logits, found[position]) { #expect(abs(expected - Double(value)) < 2e-4) }
        }
        // The base alone is far from that.
        let alone = try allLogits(golden.base.model(), golden.base.tokens)
        let distance = golden.logits.map { divergence($1, alone[$0].map(Double.init)) }.reduce(0, +) / 5
        #expect(distance > 0.01)
    }

    @Test(arguments: GoldenAdapter.names)
    func mergedWeightsGiveNearlyTheSame(name: String) throws {
        let golden = try GoldenAdapter(name)
        let beside = try allLogits(golden.model(), golden.base.tokens)
        let merged = try allLogits(golden.merged(), golden.base.tokens)
        let largest = zip(beside, merged).flatMap { zip($0, $1).map { abs($0 - $1) } }.max() ?? .infinity
        #expect(largest < 1e-4, "largest difference of a logit \(largest)")
    }

    /// The two ways to have no effect: B is zero, as training begins, or A is.
    @Test(arguments: GoldenAdapter.names, [".lora_a", ".lora_b"])
    func aZeroAdapterChangesNoBit(name: String, zero: String) throws {
        let golden = try GoldenAdapter(name)
        let file = try GGUFFile(
            bytes: golden.writer { tensor, elements in
                tensor.hasSuffix(zero) ? Array(repeating: 0, count: elements.count) : elements
            }.bytes()
        )
        for type in [TensorType.f32, .q8_0] {
            let base = try golden.base.model(type)
            let model = try LanguageModel(base, adapter: file)
            #expect(model.adapter.isEmpty)
            #expect(try allLogits(model, golden.base.tokens) == allLogits(base, golden.base.tokens))
        }
    }

    @Test(arguments: GoldenAdapter.names, [TensorType.f32, .q8_0, .q4_0, .bf16])
    func chunksAndInstructionsChangeNoBit(name: String, type: TensorType) throws {
        let golden = try GoldenAdapter(name)
        let tokens = golden.base.tokens
        for adapterType in [TensorType.f32, .f16, .bf16, .q8_0] {
            let model = try golden.model(base: type, adapter: adapterType)
            let expected = try allLogits(model, tokens, batchRows: tokens.count, instructions: .portable)
            for instructions in InstructionSet.allCases where instructions.isAvailable {
                for rows in [1, 15, 17] {
                    let found = try allLogits(model, tokens, batchRows: rows, instructions: instructions)
                    #expect(found == expected, "\(instructions), \(rows) rows, adapter in \(adapterType)")
                }
            }
        }
    }

    /// Every pair alone has an effect: none is read and then left out.
    @Test(arguments: GoldenAdapter.names)
    func everyPairHasAnEffect(name: String) throws {
        let golden = try GoldenAdapter(name)
        let base = try golden.base.model()
        let without = try allLogits(base, golden.base.tokens)
        for pair in try AdapterDescription(GGUFFile(bytes: golden.writer().bytes())).pairs {
            var writer = golden.writer()
            writer.tensors.removeAll { !$0.name.hasPrefix(pair.tensor + ".") }
            let model = try LanguageModel(base, adapter: GGUFFile(bytes: writer.bytes()))
            #expect(try allLogits(model, golden.base.tokens) != without, "\(pair.tensor)")
        }
    }

    @Test func weightsOfTheBaseAreShared() throws {
        let golden = try GoldenAdapter("adapter-phi3-4")
        let base = try golden.base.model()
        let file = try GGUFFile(bytes: golden.writer().bytes())
        let first = try LanguageModel(base, adapter: file), second = try LanguageModel(base, adapter: file)
        #expect(zip(first.matrices, base.matrices).allSatisfy { $0 === $1 })
        #expect(zip(second.matrices, base.matrices).allSatisfy { $0 === $1 })
        let added = first.weightBytes - base.weightBytes
        #expect(added > 0 && added < base.weightBytes)
        #expect(try AdapterDescription(file).weightBytes == added)
        #expect(throws: InferenceError.self) { try LanguageModel(first, adapter: file) }
    }

    @Test func theDescriptionSaysWhatIsThere() throws {
        let golden = try GoldenAdapter("adapter-llama-4")
        var writer = golden.writer()
        for (key, text) in [("name", "Tiny Llama"), ("organization", "Some People")] {
            writer.add("general.base_model.0.\(key)", .string(text))
        }
        let description = try AdapterDescription(GGUFFile(bytes: writer.bytes()))
        #expect(description.architecture == "llama")
        #expect(description.alpha == 6)
        #expect(description.ranks == [4])
        #expect(description.pairs.count == 15)
        #expect(description.parameterCount == golden.weights.reduce(0) { $0 + $1.dimensions.reduce(1, *) })
        #expect(description.baseNames == ["Some People/Tiny Llama"])
        writer.add("general.base_model.0.repo_url", .string("https://huggingface.co/people/tiny-llama"))
        #expect(try AdapterDescription(GGUFFile(bytes: writer.bytes())).baseNames == ["people/tiny-llama"])
    }
}
