import CKernels
import Foundation
import SeededRandom
import Testing

@testable import GGUF
@testable import Inference

/// Every kernel on every instruction set that this machine has, against the portable one, bit for bit; and the portable
/// one against its definition.
@Suite struct KernelTests {
    static let fastSets: [InstructionSet] = InstructionSet.allCases.filter { $0 != .portable && $0.isAvailable }
    static let lengths = [1, 15, 16, 17, 31, 32, 33, 96, 160, 192, 515]

    static func noise(_ count: Int, seed: UInt64, scale: Float = 4) -> [Float] {
        var random = SplitMix64(seed: seed)
        return (0..<count).map { _ in Float.random(in: -scale...scale, using: &random) }
    }

    /// Runs `body` on each instruction set and expects the same bits in every output, including NaN's.
    static func expectSameBits(
        _ outputs: Int,
        _ what: String,
        _ body: (ck_isa, UnsafeMutablePointer<Float>) -> Void
    ) {
        func run(_ set: InstructionSet) -> [UInt32] {
            var out = [Float](repeating: 0, count: outputs)
            body(set.kernels, &out)
            return out.map(\.bitPattern)
        }
        let expected = run(.portable)
        for set in fastSets { #expect(run(set) == expected, "\(what) on \(set)") }
    }

    @Test(arguments: lengths)
    func vectorOperationsAgree(n: Int) {
        let (x, y) = (Self.noise(n, seed: 1), Self.noise(n, seed: 2, scale: 100))
        Self.expectSameBits(n, "norm") { ck_rmsnorm($0, x, y, $1, n, 1e-5) }
        Self.expectSameBits(n, "silu") { ck_silu_mul($0, y, x, $1, n) }
        Self.expectSameBits(n, "exp") { ck_exp_shifted($0, y, 100, 0.7, $1, n) }
        Self.expectSameBits(n, "add") { isa, out in
            for i in 0..<n { out[i] = x[i] }
            ck_add(isa, out, y, n)
        }
        let statistics = fastRow(y)
        for set in Self.fastSets {
            let found = ck_logits_stats(set.kernels, y, n)
            #expect(found.max == statistics.max && found.log_sum == statistics.log_sum && found.finite)
        }
        let exact = log(y.reduce(0.0) { $0 + exp(Double($1) - Double(statistics.max)) })
        #expect(abs(statistics.log_sum - exact) < 1e-6)
        #expect(statistics.max == y.max())
    }

    private func fastRow(_ x: [Float]) -> ck_row_stats { ck_logits_stats(CK_PORTABLE, x, x.count) }

    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func valuesThatAreNotFiniteAreNoticed(poison: Float) {
        for n in Self.lengths {
            for place in [0, n / 2, n - 1] {
                var x = Self.noise(n, seed: 3)
                x[place] = poison
                for set in InstructionSet.allCases where set.isAvailable {
                    #expect(!ck_logits_stats(set.kernels, x, n).finite)
                }
            }
        }
    }

    @Test func exponentialIsAccurate() {
        for step in 0...8700 {
            let x = -Float(step) / 100
            var found: Float = 0
            ck_exp_shifted(CK_PORTABLE, [x], 0, 1, &found, 1)
            let expected = exp(Double(x))
            #expect(abs(Double(found) - expected) <= expected * 2.5e-7)
        }
    }

    @Test func siluMatchesItsDefinition() {
        for x in Self.noise(500, seed: 5, scale: 120) {
            var found: Float = 0
            ck_silu_mul(CK_PORTABLE, [x], [1], &found, 1)
            let expected = Double(x) / (1 + exp(-Double(x)))
            #expect(abs(Double(found) - expected) <= abs(expected) * 1e-6 + 1e-35)
        }
    }

    @Test func elementaryFunctionsAgreeWithTheLibrary() {
        var random = SplitMix64(seed: 8)
        for _ in 0..<20_000 {
            let x = Double.random(in: -700...700, using: &random)
            #expect(abs(ck_exp(x) / exp(x) - 1) < 1e-14)
            let y = exp(x)
            #expect(abs(ck_log(y) - log(y)) <= 4e-16 * max(1, abs(x)))
            let angle = Double.random(in: 0...1e6, using: &random)
            var (sine, cosine) = (0.0, 0.0)
            ck_sincos(angle, &sine, &cosine)
            #expect(abs(sine - sin(angle)) < 1e-15)
            #expect(abs(cosine - cos(angle)) < 1e-15)
        }
    }

    // MARK: - Quantised activations

    private func quantized(_ x: [Float], _ isa: ck_isa) -> (values: [Int8], scales: [UInt32], sums: [Int32]) {
        let blocks = x.count / 32
        var values = [Int8](repeating: 0, count: x.count)
        var scales = [Float](repeating: 0, count: blocks)
        var sums = [Int32](repeating: 0, count: blocks)
        values.withUnsafeMutableBufferPointer { v in
            scales.withUnsafeMutableBufferPointer { s in
                sums.withUnsafeMutableBufferPointer { u in
                    let out = ck_activations(values: v.baseAddress, scales: s.baseAddress, sums: u.baseAddress)
                    ck_quantize(isa, x, x.count, out, 0)
                }
            }
        }
        return (values, scales.map(\.bitPattern), sums)
    }

    @Test func quantizationAgrees() {
        var inputs = (0..<20).map { Self.noise(160, seed: UInt64($0), scale: pow(10, Float($0) - 10)) }
        inputs.append(Array(repeating: 0, count: 32))
        inputs.append(Array(repeating: Float(bitPattern: 7), count: 32))
        for poison in [Float.nan, .infinity, -.infinity] {
            for place in [0, 15, 16, 31] {
                var x = Self.noise(32, seed: 9)
                x[place] = poison
                inputs.append(x)
            }
        }
        for x in inputs {
            let expected = quantized(x, CK_PORTABLE)
            #expect(expected.values.allSatisfy { $0 >= -127 })
            for (block, sum) in expected.sums.enumerated() {
                #expect(expected.values[block * 32..<block * 32 + 32].reduce(0) { $0 + Int32($1) } == sum)
            }
            for set in Self.fastSets {
                let found = quantized(x, set.kernels)
                #expect(found.values == expected.values && found.sums == expected.sums)
                #expect(found.scales == expected.scales)
            }
        }
    }

    // MARK: - Attention

    @Test(arguments: [CK_CACHE_F16.rawValue, CK_CACHE_F32.rawValue], [16, 32, 80])
    func attentionAgreesAndIsRight(format: UInt32, headDimension: Int) {
        let cache = ck_cache(rawValue: format)
        for keys in [1, 2, 15, 16, 17, 50] {
            let k = Self.noise(keys * headDimension, seed: 1)
            let v = Self.noise(keys * headDimension, seed: 2)
            for group in 1...6 {
                let q = Self.noise(group * headDimension, seed: 3)
                let what = "\(keys) keys, \(group) heads of \(headDimension)"
                Self.expectSameBits(group * headDimension, what) { isa, out in
                    Self.attend(isa, cache, q, k, v, keys: keys, headDimension: headDimension, out)
                }
                var found = [Float](repeating: 0, count: group * headDimension)
                Self.attend(CK_PORTABLE, cache, q, k, v, keys: keys, headDimension: headDimension, &found)
                for head in 0..<group {
                    let expected = Self.exactAttention(
                        Array(q[head * headDimension..<(head + 1) * headDimension]),
                        k,
                        v,
                        keys: keys
                    )
                    for d in 0..<headDimension {
                        let error = abs(Double(found[head * headDimension + d]) - expected[d])
                        #expect(error < (cache == CK_CACHE_F32 ? 2e-5 : 0.05))
                    }
                }
            }
        }
    }

    private static func attend(
        _ isa: ck_isa,
        _ cache: ck_cache,
        _ q: [Float],
        _ k: [Float],
        _ v: [Float],
        keys: Int,
        headDimension: Int,
        _ out: UnsafeMutablePointer<Float>
    ) {
        let pageCount = (keys + 15) / 16
        let pageBytes = 2 * 16 * headDimension * 4
        // What a page held before must not matter: fill with NaN.
        let pages = (0..<pageCount).map { _ in
            let page = UnsafeMutableRawPointer.allocate(byteCount: pageBytes, alignment: 64)
            page.initializeMemory(as: UInt8.self, repeating: 0xff, count: pageBytes)
            return page
        }
        defer { for page in pages { page.deallocate() } }
        for key in 0..<keys {
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
        ck_attention(isa, cache, q, q.count / headDimension, headDimension, pointers, keys, &scratch, out)
    }

    private static func exactAttention(_ q: [Float], _ k: [Float], _ v: [Float], keys: Int) -> [Double] {
        let hd = q.count
        let scores = (0..<keys).map { key in
            (0..<hd).reduce(0.0) { $0 + Double(q[$1]) * Double(k[key * hd + $1]) } / Double(hd).squareRoot()
        }
        let largest = scores.max() ?? 0
        let weights = scores.map { exp($0 - largest) }
        let total = weights.reduce(0, +)
        return (0..<hd).map { d in
            (0..<keys).reduce(0.0) { $0 + weights[$1] / total * Double(v[$1 * hd + d]) }
        }
    }

    /// Every half-precision number through the packed form, and every rounding on the way into a page.
    @Test func halvesAgreeWithTheProcessor() throws {
        let bits = (0..<65_536).map { UInt16($0) }
        for set in InstructionSet.allCases where set.isAvailable {
            // As weights: one row against a single 1 gives the row back; NaN and infinity stay what they are.
            let values = bits.map { HalfPrecision.float($0) }
            var page = [UInt16](repeating: 0, count: 2 * 16 * 16)
            for start in stride(from: 0, to: values.count, by: 16) {
                let sixteen = Array(values[start..<start + 16])
                ck_kv_write(set.kernels, CK_CACHE_F16, &page, 16, 0, sixteen, sixteen)
                for i in 0..<16 where !values[start + i].isNaN { #expect(page[256 + i] == bits[start + i]) }
            }
        }
        var random = SplitMix64(seed: 4)
        for _ in 0..<5000 {
            let x = (0..<16).map { _ in Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &random)) }
            var expected = [UInt16](repeating: 0, count: 512)
            ck_kv_write(CK_PORTABLE, CK_CACHE_F16, &expected, 16, 3, x, x)
            for set in Self.fastSets {
                var found = [UInt16](repeating: 0, count: 512)
                ck_kv_write(set.kernels, CK_CACHE_F16, &found, 16, 3, x, x)
                #expect(found == expected)
            }
        }
    }
}
