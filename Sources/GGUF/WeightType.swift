/// The tensor types that the engine computes with. Adding one here makes the compiler ask for everything that it needs.
public enum WeightType: Sendable, CaseIterable {
    case f32
    case f16
    case bf16
    case q8_0
    case q4_0

    /// The type as files have it.
    public var tensorType: TensorType {
        switch self {
        case .f32: .f32
        case .f16: .f16
        case .bf16: .bf16
        case .q8_0: .q8_0
        case .q4_0: .q4_0
        }
    }

    /// The weight type that is stored as `type`; nil when the engine cannot compute with it.
    public init?(_ type: TensorType) {
        guard let known = Self.allCases.first(where: { $0.tensorType == type }) else { return nil }
        self = known
    }

    /// The supported types as a refusal lists them.
    static var names: String {
        TensorType.allCases.filter { WeightType($0) != nil }.map(\.description).joined(separator: ", ")
    }

    private var block: (elements: Int, bytes: Int) { tensorType.block }

    /// The elements that `bytes` stand for: the reference that faster code is tested against.
    ///
    /// - Parameter bytes: whole blocks of this type.
    /// - Returns: the elements in storage order, or nil when a block is incomplete.
    public func dequantized(_ bytes: UnsafeRawBufferPointer) -> [Float]? {
        guard bytes.count.isMultiple(of: block.bytes) else { return nil }
        var elements: [Float] = []
        elements.reserveCapacity(bytes.count / block.bytes * block.elements)
        for start in stride(from: 0, to: bytes.count, by: block.bytes) {
            let low = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: UInt16.self))
            switch self {
            case .f32:
                let bits = bytes.loadUnaligned(fromByteOffset: start, as: UInt32.self)
                elements.append(Float(bitPattern: UInt32(littleEndian: bits)))
            case .f16:
                elements.append(HalfPrecision.float(low))
            case .bf16:
                elements.append(Float(bitPattern: UInt32(low) << 16))
            case .q8_0:
                let scale = HalfPrecision.float(low)
                for k in 2..<34 { elements.append(scale * Float(Int8(bitPattern: bytes[start + k]))) }
            case .q4_0:  // low nibbles are elements 0...15, high ones 16...31
                let scale = HalfPrecision.float(low)
                for k in 2..<18 { elements.append(scale * Float(Int(bytes[start + k] & 15) - 8)) }
                for k in 2..<18 { elements.append(scale * Float(Int(bytes[start + k] >> 4) - 8)) }
            }
        }
        return elements
    }

    /// Stores `elements` as this type, for fixtures. The number of elements must be a multiple of the block.
    ///
    /// - Returns: the bytes, or nil when a block would be incomplete.
    package func encoded(_ elements: [Float]) -> [UInt8]? {
        guard elements.count.isMultiple(of: block.elements) else { return nil }
        var bytes: [UInt8] = []
        func append(_ value: UInt16) { bytes += [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }
        for start in stride(from: 0, to: elements.count, by: block.elements) {
            let values = elements[start..<start + block.elements]
            let first = values[start]
            switch self {
            case .f32:
                withUnsafeBytes(of: first.bitPattern.littleEndian) { bytes += $0 }
            case .f16:
                append(HalfPrecision.half(first))
            case .bf16:
                append(UInt16((first.bitPattern &+ 0x7fff &+ (first.bitPattern >> 16 & 1)) >> 16))
            case .q8_0:
                let scale = (values.map(abs).max() ?? 0) / 127
                append(HalfPrecision.half(scale))
                for value in values {
                    let level = scale > 0 ? (value / scale).rounded() : 0
                    bytes.append(UInt8(bitPattern: Int8(max(-127, min(127, level)))))
                }
            case .q4_0:  // the element of largest magnitude becomes -8
                let extreme = values.max { abs($0) < abs($1) } ?? 0
                let scale = extreme / -8
                append(HalfPrecision.half(scale))
                let levels = values.map { scale != 0 ? UInt8(max(0, min(15, ($0 / scale + 8.5).rounded(.down)))) : 8 }
                for k in 0..<16 { bytes.append(levels[k] | levels[k + 16] << 4) }
            }
        }
        return bytes
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
