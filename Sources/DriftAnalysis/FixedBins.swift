/// The bins that every summary counts numbers in, whatever the reference: 32 to each power of two, of either sign, so
/// that a bin is at most 3.2 % wide and whole numbers up to 64 have one of their own.
///
/// The bins never change, so counts of any two summaries can be added, and any reference, chosen later, can cut its
/// quantiles along their edges: what is added first and cut then is exactly what is cut first and added then.
enum FixedBins {
    /// Version of this scheme; stored with every summary.
    static let version = 1
    /// Number of bins.
    static let count = 1 << 14

    /// The bin of a finite number. Larger numbers never have a lower bin.
    static func bin(_ value: Float) -> UInt16 {
        // The bits of a float, read as a whole number, rise with it; those of negative ones fall. Minus zero is zero.
        let bits = (value + 0).bitPattern
        let ordered = bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
        return UInt16(truncatingIfNeeded: ordered >> 18)
    }

    /// The lowest number of a bin.
    static func lower(_ bin: UInt16) -> Double {
        let ordered = UInt32(bin) << 18
        let bits = ordered & 0x8000_0000 != 0 ? ordered & 0x7fff_ffff : ~ordered
        let value = Float(bitPattern: bits)
        return value.isFinite ? Double(value) : (value < 0 ? -Double(Float.greatestFiniteMagnitude) : .infinity)
    }

    /// The number that stands for a bin: itself where the bin holds one whole number, else its middle.
    static func centre(_ bin: UInt16, whole: Bool) -> Double {
        let low = lower(bin)
        let high = bin < UInt16(count - 1) ? lower(bin + 1) : .infinity
        guard high.isFinite, low.isFinite, low != 0 || !whole else { return low == 0 ? 0 : low }
        if whole { return high - low <= 1 ? low : (low + high - 1) / 2 }
        // The bin from 0 on holds 0 and numbers too small to matter.
        return low == 0 ? 0 : (low + high) / 2
    }
}
