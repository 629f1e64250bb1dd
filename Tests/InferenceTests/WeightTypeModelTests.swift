import SeededRandom
import Testing

@testable import GGUF
@testable import Inference

/// A tiny model of each tensor type, against the double-precision reference of its dequantised weights.
@Suite struct WeightTypeModelTests {
    @Test(arguments: WeightType.allCases)
    func logitsAreThoseOfTheReference(type: WeightType) throws {
        let tiny = TinyModel.filling(type.tensorType)
        let file = try tiny.file()
        let tokens = ForwardPassTests.someTokens(24)
        let reference = try ReferenceModel(file).logits(tokens)
        let found = try allLogits(LanguageModel(file), tokens)
        let divergences = zip(reference, found).map { divergence($0, $1.map(Double.init)) }
        // Eight-bit activations are all that differs; random weights make that as large as it gets.
        #expect(divergences.reduce(0, +) / Double(divergences.count) < (type.isQuantized ? 0.005 : 1e-6), "\(type)")
    }

    @Test(arguments: WeightType.allCases, [1, 5, 17])
    func arrangementsChangeNoBit(type: WeightType, batchRows: Int) throws {
        let model = try LanguageModel(TinyModel.filling(type.tensorType).file())
        let tokens = ForwardPassTests.someTokens(24)
        let expected = try allLogits(model, tokens, batchRows: 24, instructions: .portable)
        for instructions in InstructionSet.allCases where instructions.isAvailable {
            let found = try allLogits(model, tokens, batchRows: batchRows, instructions: instructions)
            #expect(found == expected, "\(type), \(instructions), \(batchRows) rows")
        }
    }

    /// Whatever bytes the weights have: an answer or an error, never a crash.
    @Test(arguments: WeightType.allCases)
    func anyBytesAreSurvived(type: WeightType) throws {
        var random = SplitMix64(seed: UInt64(type.tensorType.rawValue))
        var tiny = TinyModel.filling(type.tensorType)
        tiny.layerCount = 1
        let good = tiny.writer()
        for _ in 0..<8 {
            var writer = good
            for index in writer.tensors.indices where writer.tensors[index].type == type.tensorType.rawValue {
                for _ in 0..<writer.tensors[index].bytes.count / 50 {
                    let place = Int.random(in: 0..<writer.tensors[index].bytes.count, using: &random)
                    writer.tensors[index].bytes[place] = UInt8.random(in: 0...255, using: &random)
                }
            }
            let file = try GGUFFile(bytes: writer.bytes())
            guard let model = try? LanguageModel(file) else { continue }
            for instructions in InstructionSet.allCases where instructions.isAvailable {
                _ = try? allLogits(model, [1, 2, 3, 4, 5], instructions: instructions)
            }
        }
    }
}
