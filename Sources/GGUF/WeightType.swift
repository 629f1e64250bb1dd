/// The tensor types that the engine computes with. Adding one here makes the compiler ask for everything that it needs.
///
/// Every quantised one is an integer times a scale, plus a minimum in some, over a short run of columns; the integer of
/// IQ4_NL, IQ4_XS and MXFP4 is looked up in a table of sixteen.
public enum WeightType: Sendable, CaseIterable {
    case f32
    case f16
    case bf16
    case q8_0
    case q4_0
    case q4_1
    case q5_0
    case q5_1
    case q2_K
    case q3_K
    case q4_K
    case q5_K
    case q6_K
    case iq4_nl
    case iq4_xs
    case mxfp4

    /// The type as files have it.
    public var tensorType: TensorType {
        switch self {
        case .f32: .f32
        case .f16: .f16
        case .bf16: .bf16
        case .q8_0: .q8_0
        case .q4_0: .q4_0
        case .q4_1: .q4_1
        case .q5_0: .q5_0
        case .q5_1: .q5_1
        case .q2_K: .q2_K
        case .q3_K: .q3_K
        case .q4_K: .q4_K
        case .q5_K: .q5_K
        case .q6_K: .q6_K
        case .iq4_nl: .iq4_nl
        case .iq4_xs: .iq4_xs
        case .mxfp4: .mxfp4
        }
    }

    /// The weight type that is stored as `type`; nil when the engine cannot compute with it.
    public init?(_ type: TensorType) {
        guard let known = Self.allCases.first(where: { $0.tensorType == type }) else { return nil }
        self = known
    }

    /// The supported types as a refusal lists them.
    static var names: String { allCases.map { "\($0.tensorType)" }.joined(separator: ", ") }

    /// True for whole numbers times a scale, false for plain floats.
    public var isQuantized: Bool { tensorType.block.elements > 1 }

    /// Elements of a block and bytes it takes.
    var block: (elements: Int, bytes: Int) { tensorType.block }

    /// Where in a block its half-precision numbers are: the scale, then the minimum or the scale of the minima.
    var halfOffsets: [Int] {
        switch self {
        case .f32, .f16, .bf16, .mxfp4: []
        case .q8_0, .q4_0, .q5_0, .iq4_nl, .iq4_xs: [0]
        case .q4_1, .q5_1, .q4_K, .q5_K: [0, 2]
        case .q2_K: [80, 82]
        case .q3_K: [108]
        case .q6_K: [208]
        }
    }

    /// What the indices of a type with a table stand for: a whole number, before the scale.
    static let nonlinearLevels: [Int8] = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]
    /// The same for MXFP4: twice the values of a 4-bit float with two bits of exponent and one of mantissa.
    static let fourBitFloats: [Int8] = [0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12]

    /// The elements that `bytes` stand for: the reference that faster code is tested against.
    ///
    /// - Parameter bytes: whole blocks of this type.
    /// - Returns: the elements in storage order, or nil when a block is incomplete.
    public func dequantized(_ bytes: UnsafeRawBufferPointer) -> [Float]? {
        guard bytes.count.isMultiple(of: block.bytes) else { return nil }
        let count = bytes.count / block.bytes * block.elements
        return [Float](unsafeUninitializedCapacity: count) { elements, initializedCount in
            for start in stride(from: 0, to: bytes.count, by: block.bytes) {
                let reader = BlockReader(bytes: bytes, start: start)
                reader.read(self) { elements.initializeElement(at: initializedCount + $0, to: $1) }
                initializedCount += block.elements
            }
        }
    }

    /// Stores `elements` as this type, for fixtures. The number of elements must be a multiple of the block.
    ///
    /// - Returns: the bytes, or nil when a block would be incomplete.
    package func encoded(_ elements: [Float]) -> [UInt8]? {
        guard elements.count.isMultiple(of: block.elements) else { return nil }
        var writer = BlockWriter()
        for start in stride(from: 0, to: elements.count, by: block.elements) {
            writer.append(Array(elements[start..<start + block.elements]), as: self)
        }
        return writer.bytes
    }
}

extension TensorType {
    /// The elements that `bytes` stand for; nil when the engine cannot compute with this type or a block is incomplete.
    public func dequantized(_ bytes: UnsafeRawBufferPointer) -> [Float]? { WeightType(self)?.dequantized(bytes) }

    /// Stores `elements` as this type, for fixtures; nil when the engine does not know how, or a block would be
    /// incomplete.
    package func encoded(_ elements: [Float]) -> [UInt8]? { WeightType(self)?.encoded(elements) }
}

/// IEEE half precision by integer arithmetic: `Float16` is missing on some platforms that Swift runs on.
enum HalfPrecision {
    static func float(_ half: UInt16) -> Float {
        let sign = UInt32(half & 0x8000) << 16
        let exponent = UInt32(half >> 10 & 31)
        let mantissa = UInt32(half & 1023)
        switch exponent {
        case 0:
            let magnitude = Float(mantissa) * 0x1p-24
            return sign == 0 ? magnitude : -magnitude
        case 31:
            return Float(bitPattern: sign | 0x7f80_0000 | mantissa << 13)
        default:
            return Float(bitPattern: sign | (exponent + 112) << 23 | mantissa << 13)
        }
    }

    /// Rounds to nearest, ties to even.
    static func half(_ value: Float) -> UInt16 {
        let bits = value.bitPattern & 0x7fff_ffff
        let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16 & 0x8000)
        if bits > 0x7f80_0000 { return sign | 0x7e00 }
        if bits >= 0x477f_f000 { return sign | 0x7c00 }
        if bits < 0x3880_0000 {
            // Adding a half aligns the last bit of the sum with the smallest subnormal.
            return sign | UInt16(truncatingIfNeeded: (Float(bitPattern: bits) + 0.5).bitPattern - 0x3f00_0000)
        }
        return sign | UInt16(truncatingIfNeeded: (bits - 0x3800_0000 + 0xfff + (bits >> 13 & 1)) >> 13)
    }
}
