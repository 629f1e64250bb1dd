import Foundation
import SeededRandom
import TestSupport
import Testing

@testable import GGUF
@testable import Inference
@testable import Tokenizers

/// Files that llama.cpp's own quantiser wrote, in every tensor type: they load, and their logits are no further from those
/// of the unquantised file than llama.cpp's for the same file. The unquantised file holds halves and is computed by the
/// float64 reference.
@Suite(.enabled(if: Oracle.folder != nil, Oracle.missing), .serialized)
struct QuantizerTests {
    /// A type, with llama.cpp's number for a file of it.
    typealias FileType = (type: TensorType, number: Int)

    /// Those that take the widths of SmolLM2, 576 and 1,536.
    static let narrow: [FileType] = [
        (.f32, 0), (.f16, 1), (.bf16, 32), (.q8_0, 7), (.q4_0, 2), (.q4_1, 3), (.q5_0, 8), (.q5_1, 9), (.iq4_nl, 25),
    ]
    /// Those whose blocks are 256 wide.
    static let wide: [FileType] = [(.q2_K, 10), (.q3_K, 12), (.q4_K, 15), (.q5_K, 17), (.q6_K, 18), (.iq4_xs, 30)]
    static let tokenCount = 320

    @Test func everyTypeIsAmongThem() {
        let types = (Self.narrow + Self.wide).map(\.type) + [.mxfp4]
        #expect(Set(types) == Set(WeightType.allCases.map(\.tensorType)))
    }

    /// A text of ours that does not change.
    private func text(_ model: String) throws -> [Int] {
        let document = Checkout.root.appending(path: "docs/decisions/0014-weights-are-not-rounded-again.md")
        let text = try String(contentsOf: document, encoding: .utf8)
        let tokens = try Tokenizer(GGUFFile(path: model)).encode([TextPart(text, specials: .plainText)]).tokens
        return Array(tokens.prefix(Self.tokenCount))
    }

    private func compare(_ name: String, _ source: String, _ types: [FileType], _ tokens: [Int], _ oracle: Oracle)
        throws
    {
        #expect(tokens.count == Self.tokenCount)
        let reference = try oracle.reference(source, tokens)
        var lines = ["\(name), mean KL from the file of halves over \(tokens.count) tokens, ours and llama.cpp's"]
        for (type, number) in types {
            let path = try oracle.quantized(source, fileType: number)
            // Norms and routers stay as they are.
            let matrices = try GGUFFile(path: path).tensors.filter { tensor in
                tensor.dimensions.count > 1 && !tensor.name.hasSuffix("ffn_gate_inp.weight")
            }
            #expect(matrices.allSatisfy { $0.type == type }, "\(type)")
            let found = try oracle.comparison(path, tokens, reference: reference)
            lines.append("\(type): \(found.summary)")
            #expect(found.isNoLarger, "\(type): \(found.summary)")
            // Stricter than that where rounding of weights hides the rest: the same tokens, one by one.
            #expect(found.difference <= 1.5 * found.differenceMargin, "\(type): \(found.summary)")
        }
        print(lines.joined(separator: "\n  "))
    }

    @Test func typesOfNarrowBlocks() throws {
        let oracle = try Oracle()
        let model = try #require(Oracle.folder) + "/models/SmolLM2-135M-Instruct.Q4_1.gguf"
        let half = try oracle.model("half.gguf", "half", from: model)
        try compare("SmolLM2", half, Self.narrow, text(model), oracle)
    }

    @Test(arguments: ["llama", "qwen3moe"])
    func typesOfWideBlocks(architecture: String) throws {
        let oracle = try Oracle()
        let model = try oracle.model("random.gguf", "random", [architecture])
        var random = SplitMix64(seed: 3)
        let tokens = (0..<Self.tokenCount).map { _ in Int(random.below(512)) }
        try compare(
            "random \(architecture)",
            model,
            architecture == "llama" ? Self.wide : [(.mxfp4, 38)],
            tokens,
            oracle
        )
    }
}
