import CKernels
import Foundation
import Testing

@testable import Inference

/// Attention on every instruction set against the portable one, bit for bit, and that one against its definition.
@Suite struct AttentionKernelTests {
    /// One way to weigh keys.
    struct Rules: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var scale: Float = 0.25
        var cap: Float = 0
        var sinks: [Float]?
        /// Masked tokens at the beginning.
        var first = 0
    }

    static let rules: [Rules] = [
        Rules(testDescription: "plain"),
        Rules(testDescription: "scaled", scale: 0.07),
        Rules(testDescription: "bounded", cap: 1.5),
        Rules(testDescription: "sinks", sinks: [0.5, -3, 9, 100, -100, 2]),
        Rules(testDescription: "window", first: 5),
        Rules(testDescription: "one page less a token", first: 15),
        Rules(testDescription: "all", scale: 0.3, cap: 2, sinks: [0, 1, 2, 3, -4, -5], first: 9),
    ]

    @Test(arguments: [CK_CACHE_F16.rawValue, CK_CACHE_F32.rawValue], [16, 32, 80])
    func attentionAgreesAndIsRight(format: UInt32, headDimension: Int) {
        for rules in Self.rules {
            for keys in [1, 2, 15, 16, 17, 50] where keys > rules.first {
                for group in 1...6 {
                    check(rules, ck_cache(rawValue: format), keys: keys, group: group, headDimension)
                }
            }
        }
    }

    private func check(_ rules: Rules, _ cache: ck_cache, keys: Int, group: Int, _ headDimension: Int) {
        let k = KernelTests.noise(keys * headDimension, seed: 1)
        let v = KernelTests.noise(keys * headDimension, seed: 2)
        let q = KernelTests.noise(group * headDimension, seed: 3)
        let what = "\(rules.testDescription): \(keys) keys, \(group) heads of \(headDimension)"
        KernelTests.expectSameBits(group * headDimension, what) { isa, out in
            Self.attend(isa, cache, rules, q, k, v, keys: keys, headDimension: headDimension, out)
        }
        var found = [Float](repeating: 0, count: group * headDimension)
        Self.attend(CK_PORTABLE, cache, rules, q, k, v, keys: keys, headDimension: headDimension, &found)
        for head in 0..<group {
            let expected = Self.exactAttention(
                Array(q[head * headDimension..<(head + 1) * headDimension]),
                k,
                v,
                keys: keys,
                rules,
                sink: rules.sinks?[head]
            )
            for d in 0..<headDimension {
                let error = abs(Double(found[head * headDimension + d]) - expected[d])
                #expect(error < (cache == CK_CACHE_F32 ? 5e-5 : 0.05), "\(what)")
            }
        }
    }

    private static func attend(
        _ isa: ck_isa,
        _ cache: ck_cache,
        _ rules: Rules,
        _ q: [Float],
        _ k: [Float],
        _ v: [Float],
        keys: Int,
        headDimension: Int,
        _ out: UnsafeMutablePointer<Float>
    ) {
        let pageCount = (keys + 15) / 16
        let pageBytes = 2 * 16 * headDimension * 4
        // What a page held before must not matter: fill with NaN. Nor must tokens that are masked.
        let pages = (0..<pageCount).map { _ in
            let page = UnsafeMutableRawPointer.allocate(byteCount: pageBytes, alignment: 64)
            page.initializeMemory(as: UInt8.self, repeating: 0xff, count: pageBytes)
            return page
        }
        defer { for page in pages { page.deallocate() } }
        for key in rules.first..<keys {
            k.withUnsafeBufferPointer { k in
                v.withUnsafeBufferPointer { v in
                    ck_kv_write(
                        isa,
                        cache,
                        pages[key / 16],
                        headDimension,
                        key % 16,
                        k.baseAddress.map { $0 + key * headDimension },
                        v.baseAddress.map { $0 + key * headDimension }
                    )
                }
            }
        }
        var scratch = [Float](repeating: 0, count: 4 * pageCount * 16)
        let pointers = pages.map { UnsafeRawPointer($0) as UnsafeRawPointer? }
        let sinks = rules.sinks ?? []
        sinks.withUnsafeBufferPointer { sinks in
            var kernelRules = ck_attention_rules(
                scale: rules.scale,
                cap: rules.cap,
                sinks: rules.sinks == nil ? nil : sinks.baseAddress,
                first: rules.first
            )
            let group = q.count / headDimension
            ck_attention(isa, cache, q, group, headDimension, pointers, keys, &kernelRules, &scratch, out)
        }
    }

    private static func exactAttention(
        _ q: [Float],
        _ k: [Float],
        _ v: [Float],
        keys: Int,
        _ rules: Rules,
        sink: Float?
    ) -> [Double] {
        let hd = q.count
        let seen = rules.first..<keys
        let scores = seen.map { key in
            let score = (0..<hd).reduce(0.0) { $0 + Double(q[$1]) * Double(k[key * hd + $1]) } * Double(rules.scale)
            return rules.cap > 0 ? Double(rules.cap) * tanh(score / Double(rules.cap)) : score
        }
        let largest = max(scores.max() ?? 0, sink.map(Double.init) ?? -.infinity)
        let weights = scores.map { exp($0 - largest) }
        let total = weights.reduce(0, +) + (sink.map { exp(Double($0) - largest) } ?? 0)
        return (0..<hd).map { d in
            zip(seen, weights).reduce(0.0) { $0 + $1.1 / total * Double(v[$1.0 * hd + d]) }
        }
    }
}
