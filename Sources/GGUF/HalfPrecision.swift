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
