extension TensorType {
    /// The elements that `bytes` stand for: the reference that faster code is tested against.
    ///
    /// - Parameter bytes: whole blocks of this type.
    /// - Returns: the elements in storage order, or nil when the type is not supported or a block is incomplete.
    public func dequantized(_ bytes: UnsafeRawBufferPointer) -> [Float]? {
        guard isSupported, bytes.count.isMultiple(of: block.bytes) else { return nil }
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
            default:  // Q4_0: low nibbles are elements 0...15, high ones 16...31
                let scale = HalfPrecision.float(low)
                for k in 2..<18 { elements.append(scale * Float(Int(bytes[start + k] & 15) - 8)) }
                for k in 2..<18 { elements.append(scale * Float(Int(bytes[start + k] >> 4) - 8)) }
            }
        }
        return elements
    }

    /// Stores `elements` as this type, for fixtures. The number of elements must be a multiple of the block.
    ///
    /// - Returns: the bytes, or nil when the type is not supported or a block would be incomplete.
    package func encoded(_ elements: [Float]) -> [UInt8]? {
        guard isSupported, elements.count.isMultiple(of: block.elements) else { return nil }
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
            default:  // Q4_0: the element of largest magnitude becomes -8
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
