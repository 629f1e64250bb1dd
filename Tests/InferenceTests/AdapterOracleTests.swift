import Foundation
import SeededRandom
import TestSupport
import Testing

@testable import GGUF
@testable import Inference

private let generator = "\(Oracle.folder ?? "")/test-llama-archs"
private let isThere = FileManager.default.isExecutableFile(atPath: generator)

/// Adapters beside llama.cpp: the same random one over the models of its own test of architectures.
@Suite(.enabled(if: isThere, "no test-llama-archs in SERIN_ORACLES: bin/setup --oracles builds it"), .serialized)
struct AdapterOracleTests {
    /// Separate, fused and stacked matrices, with a router.
    @Test(arguments: ["llama", "phi3", "qwen3moe"], [1, 4, 16])
    func logitsAreThoseOfLlama(architecture: String, rank: Int) throws {
        let oracle = try Oracle()
        let folder = oracle.scratch.file("models")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try oracle.run([generator, "-o", folder, "-d", "0.3", "-a", "^\(architecture)$"])
        let tokens = LlamaArchitectureTests.tokens
        var lines: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            let path = try oracle.model("model.gguf", "plain", from: "\(folder)/\(name)")
            let base = try LanguageModel(GGUFFile(path: path))
            let adapter = oracle.scratch.file("lora.gguf")
            try Data(Self.random(over: base, rank: rank).bytes()).write(to: URL(filePath: adapter))
            let model = try LanguageModel(base, adapter: GGUFFile(path: adapter))
            let ours = try allLogits(model, tokens)
            let theirs = try oracle.logits(path, adapter: adapter, tokens)
            let alone = try allLogits(base, tokens)
            func mean(_ rows: [[Float]]) -> Double {
                zip(theirs, rows).map { divergence($0.map(Double.init), $1.map(Double.init)) }.reduce(0, +)
                    / Double(tokens.count)
            }
            // llama.cpp keeps keys and values in half precision: without an adapter both are as far apart.
            #expect(mean(ours) < 5e-6, "\(name)")
            #expect(mean(alone) > 1000 * mean(ours), "\(name): the adapter must have an effect")
            lines.append(
                String(
                    format: "%@ rank %d: mean KL %.3g, without the adapter %.3g",
                    name,
                    rank,
                    mean(ours),
                    mean(alone)
                )
            )
        }
        #expect(!lines.isEmpty)
        print(lines.joined(separator: "\n"))
    }

    /// A pair beside every matrix, about a quarter as large as what it is added to.
    private static func random(over model: LanguageModel, rank: Int) -> GGUFWriter {
        var random = SplitMix64(seed: UInt64(rank))
        var writer = GoldenAdapter.header(architecture: model.description.architecture, alpha: Float(2 * rank))
        func some(_ count: Int, _ scale: Float) -> [Float] {
            (0..<count).map { _ in Float.random(in: -scale...scale, using: &random) }
        }
        for (name, shape) in model.matrixShapes.sorted(by: { $0.key < $1.key }) {
            let stack = shape.experts.map { [$0] } ?? []
            let count = shape.experts ?? 1
            let scale = 1 / Float(shape.columns).squareRoot()
            writer.add(
                name + ".lora_a",
                .f32,
                [shape.columns, rank] + stack,
                some(shape.columns * rank * count, scale)
            )
            writer.add(name + ".lora_b", .f32, [rank, shape.rows] + stack, some(rank * shape.rows * count, 0.2))
        }
        return writer
    }
}
