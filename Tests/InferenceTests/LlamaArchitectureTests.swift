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
        let names = SupportedModels.Architecture.allCases.map(\.rawValue)
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

    @Test func scalesAreRefused() throws {
        let oracle = try Oracle()
        try oracle.run([generator, "-o", oracle.scratch.path, "-a", "^qwen2$"])
        let file = try GGUFFile(path: oracle.scratch.file("qwen2-dense.gguf"))
        #expect { try ModelDescription(file) } throws: { "\($0)".contains("tensor blk.0.attn_q.scale is not part of") }
    }
}
