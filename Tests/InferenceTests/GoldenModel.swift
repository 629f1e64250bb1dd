import Foundation
import SeededRandom
import Testing

@testable import GGUF
@testable import Inference

/// A tiny model of one architecture as `reference/models.py` defines it, and what `reference/golden.py` computed for it
/// in double precision. The weights are drawn again from their names, bit for bit.
struct GoldenModel: Sendable, CustomTestStringConvertible {
    /// A tensor of the model and how it is drawn.
    struct Weights: Sendable {
        let name: String
        /// The fastest-varying first.
        let dimensions: [Int]
        /// `u` and `v`: uniform from -1 to 1 times a power of two, `v` never quantised; `n`: from 0.5 to 1.5; `a`: the
        /// same below zero; `d`: from 1 to 5; `p`: ones, and 1e30 in the second half.
        let kind: String
        let exponent: Int
    }

    let name: String
    let metadata: [(key: String, value: GGUFValue)]
    let weights: [Weights]
    let tokens: [Int]
    /// Logits by position.
    let logits: [(position: Int, values: [Double])]

    var testDescription: String { name }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")
    /// One or more of every architecture.
    static let names = [
        "llama", "llama-biases", "llama-experts", "mistral3", "smollm3", "granite", "granitemoe", "qwen2", "qwen2-yarn",
        "qwen3", "qwen3moe", "qwen35", "qwen35-last", "phi3", "phi3-long", "gemma2", "gemma3", "gemma3-pattern",
        "gemma4", "gemma4-keys", "gemma4-shared", "gemma4-experts",
        "olmo2", "olmo3", "gpt-oss",
    ]

    struct Unreadable: Error { let file: String }

    init(_ name: String) throws {
        self.name = name
        let data = try Data(contentsOf: Self.folder.appending(path: "\(name).json"))
        guard let json = try JSONSerialization.jsonObject(with: data) as? [String: Any],
            let metadata = json["metadata"] as? [String: [Any]], let tensors = json["tensors"] as? [[Any]],
            let tokens = json["tokens"] as? [Int], let logits = json["logits"] as? [String: [Double]]
        else { throw Unreadable(file: name) }
        self.tokens = tokens
        self.metadata = try metadata.keys.sorted().map { key in
            guard let pair = metadata[key], let value = Self.value(pair) else {
                throw Unreadable(file: "\(name), \(key)")
            }
            return (key, value)
        }
        weights = try tensors.map { try Weights($0) }
        self.logits = Self.byPosition(logits)
    }

    static func byPosition(_ logits: [String: [Double]]) -> [(position: Int, values: [Double])] {
        logits.compactMap { key, values in Int(key).map { ($0, values) } }.sorted { $0.0 < $1.0 }
    }

    private static func value(_ pair: [Any]) -> GGUFValue? {
        guard pair.count == 2, let type = pair[0] as? String else { return nil }
        switch type {
        case "string": return (pair[1] as? String).map { .string($0) }
        case "uint32": return (pair[1] as? Int).map { .uint32(UInt32($0)) }
        case "float32": return (pair[1] as? Double).map { .float32(Float($0)) }
        case "uint32s": return (pair[1] as? [Int]).map { .array(.integers($0.map(Int64.init), .uint32)) }
        case "bools": return (pair[1] as? [Bool]).map { .array(.bools($0)) }
        default: return nil
        }
    }

    /// The model with its matrices stored as a type whose blocks fit its widths.
    func writer(_ type: TensorType = .f32) -> GGUFWriter {
        var writer = GGUFWriter()
        for (key, value) in metadata { writer.add(key, value) }
        for tensor in weights {
            let isMatrix =
                tensor.dimensions.count > 1 && tensor.kind == "u"
                && !tensor.name.utf8.reversed().starts(with: ".bias".utf8.reversed())
            writer.add(tensor.name, isMatrix ? type : .f32, tensor.dimensions, tensor.elements)
        }
        return writer
    }

    func model(_ type: TensorType = .f32) throws -> LanguageModel {
        try LanguageModel(GGUFFile(bytes: writer(type).bytes()))
    }
}

extension GoldenModel.Weights {
    /// A row of a golden file.
    init(_ row: [Any]) throws {
        guard row.count == 4, let name = row[0] as? String, let dimensions = row[1] as? [Int],
            let kind = row[2] as? String, let exponent = row[3] as? Int
        else { throw GoldenModel.Unreadable(file: "\(row)") }
        self.init(name: name, dimensions: dimensions, kind: kind, exponent: exponent)
    }

    /// The elements, drawn from a seed that is the FNV-1a hash of the name.
    var elements: [Float] {
        let seed = name.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        var random = SplitMix64(seed: seed)
        let scale = Float(sign: .plus, exponent: exponent, significand: 0x1p-23)
        let count = dimensions.reduce(1, *)
        return (0..<count).map { index in
            switch kind {
            case "u", "v": Float(Int(random.next() >> 40) - 1 << 23) * scale
            case "n": 0.5 + Float(random.next() >> 41) * 0x1p-23
            case "p": index < count / 2 ? 1 : 1e30
            case "a": -0.5 - Float(random.next() >> 41) * 0x1p-23
            default: 1 + Float(random.next() >> 48) * 0x1p-14
            }
        }
    }
}
