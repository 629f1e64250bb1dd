import Foundation
import Testing

@testable import GGUF
@testable import Inference

/// A low-rank adapter over a golden model, and what `reference/golden.py` computed for both together.
struct GoldenAdapter: Sendable, CustomTestStringConvertible {
    let base: GoldenModel
    let alpha: Float
    let weights: [GoldenModel.Weights]
    let logits: [(position: Int, values: [Double])]
    private let name: String

    var testDescription: String { name }

    /// Each over all matrices of its base but the embedding: separate ones, fused ones, experts with their router, a
    /// recurrent layer.
    static let names = [
        "adapter-llama-1", "adapter-llama-4", "adapter-llama-8", "adapter-phi3-4", "adapter-llama-experts-8",
        "adapter-qwen35-last-3",
    ]

    init(_ name: String) throws {
        self.name = name
        let data = try Data(contentsOf: GoldenModel.folder.appending(path: "\(name).json"))
        guard let json = try JSONSerialization.jsonObject(with: data) as? [String: Any],
            let base = json["base"] as? String, let alpha = json["alpha"] as? Double,
            let tensors = json["tensors"] as? [[Any]], let logits = json["logits"] as? [String: [Double]]
        else { throw GoldenModel.Unreadable(file: name) }
        self.base = try GoldenModel(base)
        self.alpha = Float(alpha)
        weights = try tensors.map { try GoldenModel.Weights($0) }
        self.logits = GoldenModel.byPosition(logits)
    }

    /// The adapter as a file. Blocks of quantised types do not fit most ranks: those tensors stay F32, as converters do it.
    ///
    /// - Parameter values: changes the elements of a tensor.
    func writer(
        _ type: TensorType = .f32,
        _ values: (_ tensor: String, _ elements: [Float]) -> [Float] = { $1 }
    ) -> GGUFWriter {
        var writer = Self.header(architecture: architecture, alpha: alpha)
        for tensor in weights {
            let fits = tensor.dimensions[0].isMultiple(of: type.block.elements)
            writer.add(tensor.name, fits ? type : .f32, tensor.dimensions, values(tensor.name, tensor.elements))
        }
        return writer
    }

    /// The keys that every adapter has.
    static func header(architecture: String, alpha: Float) -> GGUFWriter {
        var writer = GGUFWriter()
        writer.add("general.architecture", .string(architecture))
        writer.add("general.type", .string("adapter"))
        writer.add("adapter.type", .string("lora"))
        writer.add("adapter.lora.alpha", .float32(alpha))
        return writer
    }

    var architecture: String {
        base.metadata.lazy.compactMap { pair in
            if pair.key == "general.architecture", case .string(let name) = pair.value { name } else { nil }
        }.first ?? ""
    }

    func model(base type: TensorType = .f32, adapter: TensorType = .f32) throws -> LanguageModel {
        try LanguageModel(base.model(type), adapter: GGUFFile(bytes: writer(adapter).bytes()))
    }

    /// One model in F32 whose weights are the sum of both, added in double precision.
    func merged() throws -> LanguageModel {
        let small = Dictionary(uniqueKeysWithValues: weights.map { ($0.name, $0) })
        var writer = GGUFWriter()
        for (key, value) in base.metadata { writer.add(key, value) }
        for tensor in base.weights {
            var elements = tensor.elements
            if let down = small[tensor.name + ".lora_a"], let up = small[tensor.name + ".lora_b"] {
                let (columns, rank, rows) = (down.dimensions[0], down.dimensions[1], up.dimensions[1])
                let (a, b) = (down.elements, up.elements)
                for index in elements.indices {
                    let (row, column) = (index / columns, index % columns)
                    let expert = row / rows
                    let sum = (0..<rank).reduce(0.0) { sum, k in
                        sum + Double(b[row * rank + k]) * Double(a[(expert * rank + k) * columns + column])
                    }
                    elements[index] = Float(Double(elements[index]) + Double(alpha) / Double(rank) * sum)
                }
            }
            writer.add(tensor.name, .f32, tensor.dimensions, elements)
        }
        return try LanguageModel(GGUFFile(bytes: writer.bytes()))
    }
}
