import Foundation
import GGUF
import SeededRandom
import TestSupport
import Testing

@testable import Inference

private let generator = "\(Oracle.folder ?? "")/test-llama-archs"
private let isThere = FileManager.default.isExecutableFile(atPath: generator)

/// The tiny random models of llama.cpp's own test of architectures, beside llama.cpp and the float64 reference.
///
/// That test writes what llama.cpp reads of a file back into it, for every architecture all keys: those of others say
/// what is usual there, and none of them is refused. Its tensors are another matter: every matrix has a scale beside it
/// that only files of NVFP4 have, qwen3 the head of a classifier, and what divides frequencies may be nothing or less.
/// llama.cpp computes with the first and the last, so such files are rightly refused; the models are compared without.
@Suite(.enabled(if: isThere, "no test-llama-archs in SERIN_ORACLES: bin/setup --oracles builds it"), .serialized)
struct LlamaArchitectureTests {
    static let vocabulary = 128
    static let tokens: [Int] = {
        var random = SplitMix64(seed: 5)
        return (0..<128).map { _ in Int(random.below(UInt64(vocabulary))) }
    }()

    /// - Parameter deviation: of all weights, those of norms too. The first is that test's own, with which tokens are
    ///   nearly equally likely; with the second, distributions are as wide as those of real models.
    @Test(arguments: ["0.1", "0.3"])
    func logitsAreThoseOfTheReference(deviation: String) throws {
        let oracle = try Oracle()
        let folder = oracle.scratch.file("models")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // That test leaves it out; its own is below.
        let names = SupportedModels.Architecture.allCases.filter { $0 != .gemma4 }.map(\.rawValue)
        try oracle.run([generator, "-o", folder, "-d", deviation, "-a", "^(\(names.joined(separator: "|")))$"])
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        var seen: Set<String> = []
        var lines = ["weights of deviation \(deviation): mean KL from the reference, ours and llama.cpp's"]
        for name in files {
            do {
                let model = try oracle.model("model.gguf", "plain", from: "\(folder)/\(name)")
                seen.insert(try ModelDescription(GGUFFile(path: model)).architecture)
                let reference = try oracle.reference(model, Self.tokens)
                let found = try oracle.comparison(model, Self.tokens, reference: reference)
                #expect(found.ourMean < 1e-6 || found.isNoLarger, "\(name)")
                lines.append("\(name): \(found.summary)")
            } catch {
                Issue.record(error, "\(name)")
            }
        }
        print(lines.joined(separator: "\n  "))
        #expect(seen == Set(names))
    }

    /// Our own tiny models of Gemma 4. The one in which a block shares with another kind than the last before it is left
    /// out: llama.cpp finds what is shared by counting, as it is in all models of the family.
    @Test(arguments: ["gemma4", "gemma4-keys", "gemma4-experts"])
    func ownModelsAgreeToo(name: String) throws {
        let oracle = try Oracle()
        let golden = try GoldenModel(name)
        let tokens = Self.tokens.map { $0 % 64 }
        var lines = ["\(name): mean KL from the reference, ours and llama.cpp's"]
        for type in [TensorType.f32, .bf16, .q8_0, .q4_0] {
            var writer = golden.writer(type)
            // llama.cpp's tokenizer of numbers, for models that have no words.
            writer.add("tokenizer.ggml.model", .string("test"))
            writer.add("tokenizer.ggml.tokens", .array(.strings((0..<64).map { "\($0)" })))
            writer.add("tokenizer.ggml.scores", .array(.floats(Array(repeating: 0, count: 64), .float32)))
            let path = try oracle.scratch.write("\(type).gguf", Data(writer.bytes()))
            let reference = try oracle.reference(path, tokens)
            let found = try oracle.comparison(path, tokens, reference: reference)
            // Where two experts are nearly equal, one token is far from the reference, and the mean with it.
            let isClose = found.isNoLarger || found.difference <= found.differenceMargin
            #expect(found.ourMean < 1e-6 || isClose, "\(name), \(type)")
            lines.append("\(type): \(found.summary)")
        }
        print(lines.joined(separator: "\n  "))
    }

    @Test func scalesAreRefused() throws {
        let oracle = try Oracle()
        try oracle.run([generator, "-o", oracle.scratch.path, "-a", "^qwen2$"])
        let file = try GGUFFile(path: oracle.scratch.file("qwen2-dense.gguf"))
        #expect { try ModelDescription(file) } throws: { "\($0)".contains("tensor blk.0.attn_q.scale is not part of") }
    }
}
