import SeededRandom
import Testing

@testable import GGUF
@testable import Inference

/// The bits of Llama's logits as the engine of numerics version 1 first computed them: evidence that was stored then can
/// be computed again now. Whoever changes one of these numbers changes `numericsVersion`.
@Suite struct LlamaBitsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let type: TensorType
        /// A tensor of the golden model that is left out.
        var without: String?
        let digest: UInt64

        var testDescription: String { "\(type)" + (without.map { " without \($0)" } ?? "") }
    }

    static let cases: [Case] = [
        Case(type: .f32, digest: 0xe387_9f4c_ad75_a153),
        Case(type: .f16, digest: 0xc52e_d6b4_37f5_b108),
        Case(type: .bf16, digest: 0x45bf_f4ec_589b_85dc),
        Case(type: .q8_0, digest: 0xe3d2_f318_10b9_7101),
        Case(type: .q4_0, digest: 0x231b_3e6a_47b3_8b00),
        Case(type: .f32, without: "output.weight", digest: 0x2e9c_110e_1573_f5f3),
        Case(type: .q8_0, without: "rope_freqs.weight", digest: 0x2955_a483_3ee2_4284),
    ]

    /// Gives every matrix random blocks of a quantised type: its bytes are drawn, so that no encoder has a say.
    private static func quantize(_ writer: inout GGUFWriter, _ type: TensorType) {
        let scale: [UInt8]
        switch type {
        case .q8_0: scale = [0x00, 0x14]  // 2^-10
        case .q4_0: scale = [0x00, 0x24]  // 2^-6
        default: return
        }
        for index in writer.tensors.indices where writer.tensors[index].dimensions.count > 1 {
            let elements = Int(writer.tensors[index].dimensions.reduce(1, *))
            var random = SplitMix64(seed: UInt64(index))
            writer.tensors[index].type = type.rawValue
            writer.tensors[index].bytes = (0..<elements / type.block.elements).flatMap { _ in
                scale + (2..<type.block.bytes).map { _ in UInt8(random.below(256)) }
            }
        }
    }

    @Test(arguments: cases)
    func logitsAreWhatTheyWere(known: Case) throws {
        let golden = try GoldenModel("llama")
        var writer = golden.writer(known.type.block.elements == 1 ? known.type : .f32)
        Self.quantize(&writer, known.type)
        writer.tensors.removeAll { $0.name == known.without }
        let logits = try allLogits(LanguageModel(GGUFFile(bytes: writer.bytes())), golden.tokens)
        // FNV-1a over the bit patterns.
        let digest = logits.joined().reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01b3
        }
        #expect(digest == known.digest, "\(known): \(String(digest, radix: 16))")
    }
}
