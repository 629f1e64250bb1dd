import Foundation
import GGUF

@testable import Inference

/// The forward pass written as the papers write it, in double precision, over the dequantised weights: no cache, no
/// tiles, nothing shared with the engine but the file.
struct ReferenceModel {
    let shape: ModelDescription
    private let tensors: [String: [Double]]

    init(_ file: GGUFFile) throws {
        shape = try ModelDescription(file)
        var tensors: [String: [Double]] = [:]
        for tensor in file.tensors {
            tensors[tensor.name] = file.withBytes(of: tensor) { tensor.type.dequantized($0) }?.map(Double.init)
        }
        self.tensors = tensors
    }

    /// Logits after each token.
    func logits(_ tokens: [Int]) -> [[Double]] {
        let output = self[shape.hasOwnOutput ? "output.weight" : "token_embd.weight"]
        return hidden(tokens).map { multiply(output, $0) }
    }

    /// The last layer's output of each token, after the final norm.
    func hidden(_ tokens: [Int]) -> [[Double]] {
        let width = shape.width
        var stream = tokens.map { Array(self["token_embd.weight"][$0 * width..<($0 + 1) * width]) }
        for layer in 0..<shape.layerCount {
            let block = "blk.\(layer)."
            let attended = attention(stream.map { normalized($0, self[block + "attn_norm.weight"]) }, block)
            for t in stream.indices { add(&stream[t], multiply(self[block + "attn_output.weight"], attended[t])) }
            for t in stream.indices {
                let x = normalized(stream[t], self[block + "ffn_norm.weight"])
                let gate = multiply(self[block + "ffn_gate.weight"], x)
                let up = multiply(self[block + "ffn_up.weight"], x)
                let hidden = zip(gate, up).map { $0 / (1 + exp(-$0)) * $1 }
                add(&stream[t], multiply(self[block + "ffn_down.weight"], hidden))
            }
        }
        return stream.map { normalized($0, self["output_norm.weight"]) }
    }

    private subscript(name: String) -> [Double] { tensors[name] ?? [] }

    private func attention(_ inputs: [[Double]], _ block: String) -> [[Double]] {
        let (hd, group) = (shape.layers[0].headDimension, shape.headCount / shape.layers[0].kvHeadCount)
        let queries = inputs.enumerated().map { rotated(multiply(self[block + "attn_q.weight"], $1), $0) }
        let keys = inputs.enumerated().map { rotated(multiply(self[block + "attn_k.weight"], $1), $0) }
        let values = inputs.map { multiply(self[block + "attn_v.weight"], $0) }
        return inputs.indices.map { t in
            (0..<shape.headCount).flatMap { head -> [Double] in
                let (q, kv) = (head * hd, head / group * hd)
                let scores: [Double] = (0...t).map { s in
                    (0..<hd).reduce(0.0) { $0 + queries[t][q + $1] * keys[s][kv + $1] } / Double(hd).squareRoot()
                }
                let largest = scores.max() ?? 0
                let weights = scores.map { exp($0 - largest) }
                let total = weights.reduce(0, +)
                return (0..<hd).map { d in
                    (0...t).reduce(0.0) { $0 + weights[$1] / total * values[$1][kv + d] }
                }
            }
        }
    }

    private func rotated(_ x: [Double], _ position: Int) -> [Double] {
        let hd = shape.layers[0].headDimension
        let factors = self["rope_freqs.weight"]
        var out = x
        for start in stride(from: 0, to: x.count, by: 2) {
            let pair = start % hd / 2
            var angle = Double(position) * pow(shape.rotaries[0].base, -Double(2 * pair) / Double(hd))
            if !factors.isEmpty { angle /= factors[pair] }
            out[start] = x[start] * cos(angle) - x[start + 1] * sin(angle)
            out[start + 1] = x[start] * sin(angle) + x[start + 1] * cos(angle)
        }
        return out
    }

    private func normalized(_ x: [Double], _ weight: [Double]) -> [Double] {
        let meanSquare = x.reduce(0) { $0 + $1 * $1 } / Double(x.count)
        let scale = 1 / (meanSquare + Double(shape.normEpsilon)).squareRoot()
        return zip(x, weight).map { $0 * scale * $1 }
    }

    private func multiply(_ matrix: [Double], _ x: [Double]) -> [Double] {
        stride(from: 0, to: matrix.count, by: x.count).map { row in
            x.indices.reduce(0.0) { $0 + matrix[row + $1] * x[$1] }
        }
    }

    private func add(_ x: inout [Double], _ y: [Double]) {
        for i in x.indices { x[i] += y[i] }
    }
}

/// Kullback–Leibler divergence of the softmax of `found` from that of `reference`, in nats.
func divergence(_ reference: [Double], _ found: [Double]) -> Double {
    func logSoftmax(_ x: [Double]) -> [Double] {
        let largest = x.max() ?? 0
        let logSum = log(x.reduce(0) { $0 + exp($1 - largest) })
        return x.map { $0 - largest - logSum }
    }
    return zip(logSoftmax(reference), logSoftmax(found)).reduce(0) { $0 + exp($1.0) * ($1.0 - $1.1) }
}
