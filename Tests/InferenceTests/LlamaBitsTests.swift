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
        Case(type: .q8_0, digest: 0xcf24_854a_b8bb_df62),
        Case(type: .q4_0, digest: 0x53ae_5ad2_b692_7e58),
        Case(type: .f32, without: "output.weight", digest: 0x2e9c_110e_1573_f5f3),
        Case(type: .q8_0, without: "rope_freqs.weight", digest: 0x420c_7639_5b0f_ba8a),
    ]

    @Test(arguments: cases)
    func logitsAreWhatTheyWere(known: Case) throws {
        let golden = try GoldenModel("llama")
        var writer = golden.writer(known.type)
        writer.tensors.removeAll { $0.name == known.without }
        let logits = try allLogits(LanguageModel(GGUFFile(bytes: writer.bytes())), golden.tokens)
        // FNV-1a over the bit patterns.
        let digest = logits.joined().reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
            ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01b3
        }
        #expect(digest == known.digest, "\(known): \(String(digest, radix: 16))")
    }
}
