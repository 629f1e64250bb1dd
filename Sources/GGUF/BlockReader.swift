/// Reads the elements of one block of weights, written from the layouts of ggml's types (`ggml-common.h`).
///
/// Products of a scale and an integer are exact in single precision for every type; what a minimum is added to is
/// rounded once. So any order of operations gives the same elements.
struct BlockReader {
    /// Blocks of weights; this one begins at `start`.
    let bytes: UnsafeRawBufferPointer
    let start: Int

    private func byte(_ offset: Int) -> Int { Int(bytes[start + offset]) }

    private func word(_ offset: Int) -> UInt16 {
        UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: start + offset, as: UInt16.self))
    }

    private func long(_ offset: Int) -> UInt32 {
        UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: start + offset, as: UInt32.self))
    }

    /// Nibble `k` of 16 bytes: the low ones are elements 0...15, the high ones 16...31.
    private func nibble(_ offset: Int, _ k: Int) -> Int { byte(offset + k % 16) >> (k / 16 * 4) & 15 }

    /// Calls `put` with the index and the value of each element, ascending.
    func read(_ type: WeightType, _ put: (Int, Float) -> Void) {
        let halves = type.halfOffsets
        let scale = halves.isEmpty ? 1 : HalfPrecision.float(word(halves[0]))
        let minimum = halves.count < 2 ? 0 : HalfPrecision.float(word(halves[1]))
        switch type {
        case .f32:
            put(0, Float(bitPattern: long(0)))
        case .f16:
            put(0, HalfPrecision.float(word(0)))
        case .bf16:
            put(0, Float(bitPattern: UInt32(word(0)) << 16))
        case .q8_0:
            for k in 0..<32 { put(k, scale * Float(Int8(bitPattern: bytes[start + 2 + k]))) }
        case .q4_0:
            for k in 0..<32 { put(k, scale * Float(nibble(2, k) - 8)) }
        case .q4_1:
            for k in 0..<32 { put(k, scale * Float(nibble(4, k)) + minimum) }
        case .q5_0:
            let fifths = Int(long(2))
            for k in 0..<32 { put(k, scale * Float((nibble(6, k) | (fifths >> k & 1) << 4) - 16)) }
        case .q5_1:
            let fifths = Int(long(4))
            for k in 0..<32 { put(k, scale * Float(nibble(8, k) | (fifths >> k & 1) << 4) + minimum) }
        case .iq4_nl:
            for k in 0..<32 { put(k, scale * Float(WeightType.nonlinearLevels[nibble(2, k)])) }
        case .mxfp4:
            let power = Self.halvedPower(byte(0))
            for k in 0..<32 { put(k, power * Float(WeightType.fourBitFloats[nibble(1, k)])) }
        case .q2_K:
            for k in 0..<256 {
                let factors = byte(k / 16)
                let level = byte(16 + k / 128 * 32 + k % 32) >> (k % 128 / 32 * 2) & 3
                put(k, scale * Float(factors & 15) * Float(level) - minimum * Float(factors >> 4))
            }
        case .q3_K:
            for k in 0..<256 {
                let low = byte(32 + k / 128 * 32 + k % 32) >> (k % 128 / 32 * 2) & 3
                let level = low + (byte(k % 32) >> (k / 32) & 1) * 4 - 4
                put(k, scale * Float(thirdScale(k / 16)) * Float(level))
            }
        case .q4_K:
            for k in 0..<256 {
                let (factor, offset) = scaleAndMinimum(k / 32)
                let level = byte(16 + k / 64 * 32 + k % 32) >> (k % 64 / 32 * 4) & 15
                put(k, scale * Float(factor) * Float(level) - minimum * Float(offset))
            }
        case .q5_K:
            for k in 0..<256 {
                let (factor, offset) = scaleAndMinimum(k / 32)
                let low = byte(48 + k / 64 * 32 + k % 32) >> (k % 64 / 32 * 4) & 15
                let level = low | (byte(16 + k % 32) >> (k / 32) & 1) << 4
                put(k, scale * Float(factor) * Float(level) - minimum * Float(offset))
            }
        case .q6_K:
            for k in 0..<256 {
                let low = byte(k / 128 * 64 + k % 64) >> (k % 128 / 64 * 4) & 15
                let high = byte(128 + k / 128 * 32 + k % 32) >> (k % 128 / 32 * 2) & 3
                let factor = Int8(bitPattern: bytes[start + 192 + k / 16])
                put(k, scale * Float(factor) * Float((low | high << 4) - 32))
            }
        case .iq4_xs:
            for k in 0..<256 {
                let group = k / 32
                let low = byte(4 + group / 2) >> (group % 2 * 4) & 15
                let high = Int(word(2)) >> (group * 2) & 3
                let level = WeightType.nonlinearLevels[nibble(8 + group * 16, k % 32)]
                put(k, scale * Float((low | high << 4) - 32) * Float(level))
            }
        }
    }

    /// 2^(exponent - 128): the power of two that an E8M0 byte is, halved because the table of MXFP4 is doubled. Two of
    /// them are below the smallest normal number.
    private static func halvedPower(_ exponent: Int) -> Float {
        exponent < 2
            ? Float(bitPattern: 0x0020_0000 << UInt32(exponent)) : Float(bitPattern: UInt32(exponent - 1) << 23)
    }

    /// Scale and minimum of a group of Q4_K or Q5_K: six bits each, in twelve bytes from byte 4.
    private func scaleAndMinimum(_ group: Int) -> (scale: Int, minimum: Int) {
        guard group >= 4 else { return (byte(4 + group) & 63, byte(8 + group) & 63) }
        let low = byte(8 + group)
        return (low & 15 | (byte(group) >> 6) << 4, low >> 4 | (byte(4 + group) >> 6) << 4)
    }

    /// Scale of a group of Q3_K: six bits less 32, in twelve bytes from byte 96.
    private func thirdScale(_ group: Int) -> Int {
        let low = byte(96 + group % 8) >> (group / 8 * 4) & 15
        return (low | (byte(104 + group % 4) >> (group / 4 * 2) & 3) << 4) - 32
    }
}
