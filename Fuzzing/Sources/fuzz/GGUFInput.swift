@testable import GGUF
@testable import Inference
@testable import Tokenizers

/// A model file. The last byte says how many zeros follow the rest (256 times as many), so that a short input may
/// announce weights that are there.
enum GGUFInput {
    static func read(_ input: [UInt8]) -> Int32 {
        guard let last = input.last else { return -1 }
        let bytes = input.dropLast() + Array(repeating: 0, count: Int(last) * 256)
        let file: GGUFFile
        do {
            file = try GGUFFile(bytes: Array(bytes))
        } catch {
            promiseReadable("\(error)")
            return 0
        }
        promise(Set(file.keys) == Set(file.metadata.keys), "keys and metadata differ")
        for tensor in file.tensors {
            promise(file.tensor(named: tensor.name) == tensor, "tensor \(tensor.name) is not found by its name")
            let end = file.withBytes(of: tensor) { $0.last }
            promise(end != nil, "tensor \(tensor.name) has no bytes")
        }
        do {
            promise(try GGUFSummary(file).fileBytes == bytes.count, "the summary has another size")
        } catch {
            promiseReadable("\(error)")
        }
        let reasons = HeaderCheck.reasons(against: file)
        for reason in reasons { promiseReadable(reason) }
        if reasons.isEmpty { run(file) }
        return 0
    }

    /// A file that nothing speaks against is a model: it is loaded and reads a text, or says why not.
    private static func run(_ file: GGUFFile) {
        do {
            let model = try LanguageModel(file, contextLimit: 32)
            let worker = try InferenceWorker(model: model, tokenizer: Tokenizer(file), batchRows: 4)
            let tokens = (0..<6).map { $0 % model.description.vocabularySize }
            let scores = try worker.score(promptTokens: Array(tokens.prefix(3)), answerTokens: Array(tokens.suffix(3)))
            promise(scores.allSatisfy { $0 <= 0 && $0.isFinite }, "log probabilities \(scores)")
        } catch {
            promiseReadable("\(error)")
        }
    }

    // MARK: - Seeds

    /// A file of each architecture that is nothing but its keys, models whose weights are zeros, values of every type,
    /// tensors of every type.
    static var seeds: [[UInt8]] {
        var seeds = SupportedModels.Architecture.allCases.map { seed(model(of: $0.rawValue, tokenizer: 0)) }
        for tokenizer in 0..<3 { seeds.append(seed(model(of: "llama", tokenizer: tokenizer))) }
        var values = GGUFWriter()
        for (index, value) in everyValue.enumerated() { values.add("k\(index)", value) }
        seeds.append(seed(values))
        for type in TensorType.allCases {
            var writer = GGUFWriter()
            let bytes = [UInt8](repeating: 1, count: type.block.bytes)
            writer.tensors = [
                .init(name: "t", type: type.rawValue, dimensions: [UInt64(type.block.elements)], bytes: bytes)
            ]
            seeds.append(seed(writer))
        }
        return seeds
    }

    private static func seed(_ writer: GGUFWriter) -> [UInt8] {
        var bytes = writer.bytes()
        var zeros = 0
        // Whole runs of 256 zeros at the end are written as their number.
        while zeros < 255, bytes.suffix(256).count == 256, bytes.suffix(256).allSatisfy({ $0 == 0 }) {
            bytes.removeLast(256)
            zeros += 1
        }
        return bytes + [UInt8(zeros)]
    }

    private static let everyValue: [GGUFValue] = [
        .uint8(1), .int8(-1), .uint16(2), .int16(-2), .uint32(3), .int32(-3), .uint64(4), .int64(-4), .float32(0.5),
        .float64(-0.5), .bool(true), .string("text"), .array(.strings(["a", ""])), .array(.bools([true])),
        .array(.integers([1, 2], .int8)), .array(.integers([3], .uint64)), .array(.floats([1], .float32)),
    ]

    /// A model of one block, as wide as one head can be, with the tensors that the description of its metadata asks for.
    private static func model(of architecture: String, tokenizer: Int) -> GGUFWriter {
        var writer = GGUFWriter()
        writer.add("general.architecture", .string(architecture))
        for (key, value): (String, UInt32) in [
            ("context_length", 64), ("block_count", 1), ("embedding_length", 16), ("feed_forward_length", 16),
            ("attention.head_count", 1), ("attention.head_count_kv", 1), ("attention.key_length", 16),
            ("attention.sliding_window", 8),
        ] {
            if key == "attention.sliding_window", !["gemma2", "gemma3", "gpt-oss", "olmo2"].contains(architecture) {
                continue
            }
            writer.add("\(architecture).\(key)", .uint32(value))
        }
        writer.add("\(architecture).attention.layer_norm_rms_epsilon", .float32(1e-5))
        if architecture.hasPrefix("granite") { writer.add("\(architecture).logit_scale", .float32(2)) }
        if architecture == "qwen35" {
            for (key, value): (String, UInt32) in [
                ("group_count", 1), ("time_step_rank", 1), ("state_size", 16), ("conv_kernel", 4), ("inner_size", 16),
            ] {
                writer.add("qwen35.ssm.\(key)", .uint32(value))
            }
        }
        if architecture == "qwen3moe" || architecture == "gpt-oss" {
            writer.add("\(architecture).expert_count", .uint32(2))
            writer.add("\(architecture).expert_used_count", .uint32(1))
            writer.add("\(architecture).expert_feed_forward_length", .uint32(16))
        }
        let kinds = [TokenizerFixture.byteLevel("qwen2"), TokenizerFixture.sentencePiece(), TokenizerFixture.gemma()]
        // A vocabulary of few tokens keeps the seed short.
        writer.metadata += kinds[tokenizer].writer.metadata
        let count = kinds[tokenizer].tokens.count
        writer.add("token_embd.weight", .f32, [16, count], Array(repeating: 0, count: 16 * count))
        // The rules are those of the description, which can be read once the embedding is there.
        var bare = writer
        bare.tensors = []
        guard let file = try? GGUFFile(bytes: writer.bytes()),
            let name = SupportedModels.Architecture(rawValue: architecture)
        else { return bare }
        var metadata = MetadataReader(file, architecture: architecture)
        let description = name.describe(&metadata)
        var known: Set<String> = ["token_embd.weight"]
        for rule in description.tensorRules(in: file) where rule.isRequired && known.insert(rule.name).inserted {
            let elements = rule.dimensions.reduce(1, *)
            writer.add(rule.name, .f32, rule.dimensions, Array(repeating: 0, count: elements))
        }
        return writer
    }
}
