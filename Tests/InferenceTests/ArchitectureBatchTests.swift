import SeededRandom
import Testing
import Tokenizers

@testable import GGUF
@testable import Inference

/// Batches of requests on models of every architecture: what a request gets does not depend on what runs beside it.
@Suite struct ArchitectureBatchTests {
    /// A golden model with the words of the tiny model's tokenizer.
    private static func file(_ name: String) throws -> GGUFFile {
        let golden = try GoldenModel(name)
        var writer = golden.writer(.q8_0)
        let names = ["token_embd.weight", "per_layer_token_embd.weight", "output.weight", "output.bias"]
        writer.tensors.removeAll { names.contains($0.name) }
        for tensor in golden.weights where names.contains(tensor.name) {
            let dimensions = tensor.dimensions.dropLast() + [TinyModel.tokens.count]
            let wide = GoldenModel.Weights(
                name: tensor.name,
                dimensions: Array(dimensions),
                kind: tensor.kind,
                exponent: tensor.exponent
            )
            writer.add(tensor.name, .f32, wide.dimensions, wide.elements)
        }
        TinyModel().addTokenizer(to: &writer)
        return try GGUFFile(bytes: writer.bytes())
    }

    private static func request(_ seed: UInt64) -> GenerationRequest {
        let length = 5 + Int(seed * 7 % 34)
        // Every second prompt begins as the one before it does.
        let tokens = ForwardPassTests.someTokens(length, seed: seed / 2)
        var request = GenerationRequest(promptTokens: tokens, maxTokens: 12, seed: seed)
        request.sampling = (try? SamplingSettings(temperature: 0.9)) ?? request.sampling
        return request
    }

    @Test(arguments: GoldenModel.names)
    func neighboursAndChoicesChangeNoBit(name: String) throws {
        let file = try Self.file(name)
        let (model, tokenizer) = (try LanguageModel(file), try Tokenizer(file))
        let alone = Alone(model: model, tokenizer: tokenizer)
        let batch = try GenerationBatch(model: model, tokenizer: tokenizer, maxSequences: 6, promptRows: 9)
        var found: [Int: [Int: Generation]] = [:]
        var waiting = Array(0..<8)
        while !waiting.isEmpty || !batch.isIdle {
            if let key = waiting.first {
                let request = Self.request(UInt64(key))
                let seeds = (0..<(key == 3 ? 3 : 1)).map { UInt64(key + $0) }
                let pages = try batch.limits.pages(for: request, choices: seeds.count)
                if batch.hasRoom(pages: pages, choices: seeds.count) {
                    try batch.admit(key: key, request, seeds: seeds)
                    waiting.removeFirst()
                }
            }
            batch.step { event in
                if case .ended(let key, let choice, let generation) = event {
                    found[key, default: [:]][choice] = generation
                }
            }
        }
        #expect(batch.cacheBytesInUse == 0)
        for key in 0..<8 {
            #expect(found[key]?.count == (key == 3 ? 3 : 1))
            for (choice, generation) in found[key] ?? [:] {
                var request = Self.request(UInt64(key))
                request.seed = UInt64(key + choice)
                let expected = try alone.generate(request)
                #expect(Bits(generation) == Bits(expected), "request \(key), choice \(choice)")
            }
        }
    }

    // MARK: - States

    @Test func statesAreBoundedLikePages() throws {
        let file = try Self.file("qwen35")
        let (model, tokenizer) = (try LanguageModel(file), try Tokenizer(file))
        // Three layers: 3 tokens of 128 channels before the last, and 4 heads of 16 × 16.
        let bytes = 3 * (3 * 128 + 4 * 16 * 16) * 4
        #expect(RecurrentState.bytes(model.description) == bytes)
        #expect(
            try GenerationBatch(model: model, tokenizer: tokenizer, cacheBytes: 5 * bytes + 1).limits.maxSequences == 5
        )
        // One layer of four has pages.
        #expect(KVPages.pageBytes(model) == 2 * 16 * 32 * 2)
    }

    @Test func aStateStaysWithItsSequence() throws {
        let pass = try ForwardPass(GoldenModel("qwen35").model(), maxRows: 4, pageCount: 4, instructions: .best)
        let sequence = TokenSequence()
        func run(_ position: Int) throws {
            try pass.run([BatchRow(token: 1, sequence: sequence, position: position, wantsLogits: true)])
        }
        try run(0)
        let first = Array(try pass.logits(0, position: 0).values)
        #expect(throws: InferenceError.inconsistent("the state of a sequence is at token 1, not at 3")) { try run(3) }
        pass.pages.release(sequence)
        try run(0)
        #expect(Array(try pass.logits(0, position: 0).values) == first)
    }

    /// Blocks that guess several tokens ahead are left out, whatever they hold.
    @Test func draftBlocksAreLeftOut() throws {
        let golden = try GoldenModel("qwen35")
        var writer = golden.writer()
        writer.metadata.removeAll { $0.key == "qwen35.block_count" }
        writer.add("qwen35.block_count", .uint32(5))
        writer.add("qwen35.nextn_predict_layers", .uint32(1))
        writer.add("blk.4.nextn.eh_proj.weight", .f32, [128, 64], Array(repeating: 1, count: 128 * 64))
        let model = try LanguageModel(GGUFFile(bytes: writer.bytes()))
        #expect(try allLogits(model, golden.tokens) == allLogits(golden.model(), golden.tokens))
    }
}
