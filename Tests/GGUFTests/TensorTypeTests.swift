import SeededRandom
import Testing

@testable import GGUF

@Suite struct TensorTypeTests {
    private func dequantized(_ type: TensorType, _ bytes: [UInt8]) -> [Float]? {
        bytes.withUnsafeBytes { type.dequantized($0) }
    }

    @Test func q8BlockByHand() {
        // Scale 0.5 (half 0x3800), then the weights 0, 1, ..., 30 and -128.
        let bytes: [UInt8] = [0x00, 0x38] + (0..<31).map { UInt8($0) } + [0x80]
        #expect(dequantized(.q8_0, bytes) == (0..<31).map { Float($0) / 2 } + [-64])
    }

    @Test func q4BlockByHand() {
        // Scale 2 (half 0x4000); byte k holds k in the low nibble and 15 - k in the high one.
        let bytes: [UInt8] = [0x00, 0x40] + (0..<16).map { UInt8($0 | (15 - $0) << 4) }
        let low = (0..<16).map { Float(2 * ($0 - 8)) }
        #expect(dequantized(.q4_0, bytes) == low + low.reversed())
    }

    @Test func halvesAgreeWithTheDefinition() {
        for bits in UInt16.min...UInt16.max {
            let exponent = Int(bits >> 10 & 31)
            let mantissa = Float(bits & 1023)
            let sign: Float = bits & 0x8000 == 0 ? 1 : -1
            let value = HalfPrecision.float(bits)
            switch exponent {
            case 31: #expect(mantissa == 0 ? value == sign * .infinity : value.isNaN)
            case 0: #expect(value == sign * mantissa * 0x1p-24)
            default:
                let power = Float(sign: .plus, exponent: exponent - 25, significand: 1)
                #expect(value == sign * (1024 + mantissa) * power)
            }
            if exponent != 31 { #expect(HalfPrecision.half(value) == bits) }
        }
    }

    @Test(arguments: [
        (Float(1) + 0x1p-11, UInt16(0x3c00)),  // a tie goes to even
        (1 + 3 * 0x1p-11, 0x3c02),
        (65_519.996, 0x7bff), (65_520, 0x7c00), (.infinity, 0x7c00), (-.infinity, 0xfc00),
        (0x1p-25, 0x0000), (0x1.8p-25, 0x0001), (-0.0, 0x8000),
    ])
    func halvesRoundToNearestEven(value: Float, bits: UInt16) {
        #expect(HalfPrecision.half(value) == bits)
    }

    /// Largest error of a number from -1 to 1, in blocks that have both ends.
    static let steps: [(WeightType, Float)] = [
        (.f32, 0), (.f16, 0x1p-11), (.bf16, 0x1p-8), (.q8_0, 0.005), (.q4_0, 0.13), (.q4_1, 0.07), (.q5_0, 0.07),
        (.q5_1, 0.035), (.q2_K, 0.45), (.q3_K, 0.27), (.q4_K, 0.09), (.q5_K, 0.05), (.q6_K, 0.04), (.iq4_nl, 0.11),
        (.iq4_xs, 0.13), (.mxfp4, 0.34),
    ]

    @Test(arguments: steps)
    func encodingIsWithinItsStep(type: WeightType, step: Float) throws {
        var random = SplitMix64(seed: 1)
        let elements = (0..<2048).map { _ in Float.random(in: -1...1, using: &random) }
        let bytes = try #require(type.encoded(elements))
        let back = try #require(dequantized(type.tensorType, bytes))
        let largest = zip(elements, back).map { abs($0 - $1) }.max() ?? 0
        #expect(largest <= step, "\(type)")
    }

    @Test func everyTypeHasAStep() {
        #expect(Set(Self.steps.map(\.0)) == Set(WeightType.allCases))
    }

    @Test func extremesAreEncoded() throws {
        for type in WeightType.allCases {
            for value: Float in [0, 1, -1] {
                let elements = [Float](repeating: value, count: type.tensorType.block.elements)
                let bytes = try #require(type.encoded(elements))
                let back = try #require(dequantized(type.tensorType, bytes))
                #expect(back.allSatisfy { abs($0 - value) <= 0.34 * abs(value) }, "\(type) of \(value)")
            }
        }
    }

    @Test func incompleteBlocksAreRefused() {
        #expect(dequantized(.q8_0, Array(repeating: 0, count: 33)) == nil)
        #expect(dequantized(.iq2_xs, Array(repeating: 0, count: 74)) == nil)
        for type in WeightType.allCases {
            let bytes = type.tensorType.block.bytes
            #expect(
                dequantized(type.tensorType, Array(repeating: 0, count: 2 * bytes))?.count == 2 * type.block.elements
            )
            #expect(dequantized(type.tensorType, Array(repeating: 0, count: 2 * bytes - 1)) == nil)
            if type.isQuantized { #expect(type.encoded(Array(repeating: 0, count: type.block.elements - 1)) == nil) }
        }
        #expect(TensorType.q8_0.encoded([1, 2, 3]) == nil)
    }

    @Test func everyTypeHasItsOwnNameAndBlock() {
        #expect(Set(TensorType.allCases.map(\.description)).count == TensorType.allCases.count)
        for type in TensorType.allCases {
            #expect(type.block.elements >= 1)
            #expect(type.block.bytes >= 1)
        }
    }
}
