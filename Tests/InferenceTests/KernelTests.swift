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
        Self.expectSameBits(n, "gelu") { ck_gelu_mul($0, x, y, $1, n) }
        Self.expectSameBits(n, "sigmoid") { ck_sigmoid_mul($0, x, y, $1, n) }
        Self.expectSameBits(4 * n, "convolution") { isa, out in
            for i in 0..<n { (out[i], out[n + i], out[2 * n + i], out[3 * n + i]) = (x[i], y[i] / 9, -x[i], y[i] / 7) }
            let taps = Self.noise(4 * n, seed: 4)
            ck_short_convolution(isa, out, taps, out + 3 * n, n, 4)
        }
        Self.expectSameBits(n, "clamped") { ck_clamped_swiglu($0, y, x, $1, n) }
        Self.expectSameBits(n, "scale and bound") { isa, out in
            for i in 0..<n { out[i] = y[i] }
            ck_add_scaled(isa, out, x, 0.3, n)
            ck_scale(isa, out, 0.11, n)
            ck_soft_cap(isa, out, 2.5, n)
        }
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

    @Test func geluMatchesItsDefinition() {
        for x in Self.noise(500, seed: 5, scale: 12) {
            var found: Float = 0
            ck_gelu_mul(CK_PORTABLE, [x], [1], &found, 1)
            let y = Double(x)
            let expected = y / (1 + exp(-2 * (2 / Double.pi).squareRoot() * (y + 0.044715 * y * y * y)))
            #expect(abs(Double(found) - expected) <= abs(expected) * 2e-5 + 1e-35)
            #expect(abs(Double(found) - expected) <= 1e-6)
        }
    }

    @Test func clampedSwigluMatchesItsDefinition() {
        for (g, u) in zip(Self.noise(500, seed: 5, scale: 20), Self.noise(500, seed: 6, scale: 20)) {
            var found: Float = 0
            ck_clamped_swiglu(CK_PORTABLE, [g], [u], &found, 1)
            let (gate, up) = (min(Double(g), 7), max(-7, min(7, Double(u))))
            let expected = gate / (1 + exp(-Double(Float(1.702)) * gate)) * (up + 1)
            #expect(abs(Double(found) - expected) <= abs(expected) * 5e-6 + 1e-6)
        }
    }

    @Test func boundsMatchTheirDefinition() {
        for scale: Float in [0.1, 1, 30] {
            var x = Self.noise(600, seed: 7, scale: scale)
            let before = x
            ck_soft_cap(CK_PORTABLE, &x, 3, x.count)
            for (value, found) in zip(before, x) {
                let expected = 3 * tanh(Double(value) / 3)
                #expect(abs(Double(found) - expected) <= abs(expected) * 4e-7)
            }
        }
    }

    /// Damage in a row must reach the logits, whatever it passes through.
    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func nothingHidesWhatIsNotFinite(poison: Float) {
        for set in InstructionSet.allCases where set.isAvailable {
            var bounded = [Float](repeating: poison, count: 20)
            ck_soft_cap(set.kernels, &bounded, 3, 20)
            #expect(bounded.allSatisfy { !$0.isFinite })
            var found = [Float](repeating: 0, count: 20)
            let (bad, good) = ([Float](repeating: .nan, count: 20), [Float](repeating: 1, count: 20))
            ck_clamped_swiglu(set.kernels, bad, good, &found, 20)
            #expect(found.allSatisfy { $0.isNaN })
            ck_clamped_swiglu(set.kernels, good, bad, &found, 20)
            #expect(found.allSatisfy { $0.isNaN })
            ck_gelu_mul(set.kernels, bad, good, &found, 20)
            #expect(found.allSatisfy { $0.isNaN })
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
