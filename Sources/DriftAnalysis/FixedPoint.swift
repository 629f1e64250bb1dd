/// Sums that do not depend on the order of adding: whole multiples of 2^-24, in 128 bits.
///
/// Numbers beyond 2^24 count as 2^24 here (their bins still tell them apart); 2^30 of them cannot overflow.
struct FixedPoint: Hashable, Sendable {
    static let scale = 0x1p24
    private static let limit = 0x1p24

    /// The sum in multiples of 2^-24, or of 2^-48 for squares.
    private(set) var bits: Int128 = 0

    init(bits: Int128 = 0) { self.bits = bits }

    /// A finite number as a multiple of 2^-24.
    static func steps(_ value: Double) -> Int64 {
        Int64((max(-limit, min(limit, value)) * scale).rounded())
    }

    mutating func add(_ steps: Int64) { bits &+= Int128(steps) }

    mutating func addSquare(_ steps: Int64) {
        let product = steps.multipliedFullWidth(by: steps)
        bits &+= Int128(product.high) << 64 | Int128(product.low)
    }

    mutating func merge(_ other: FixedPoint) { bits &+= other.bits }

    /// The sum as a number.
    var value: Double { Double(bits) / FixedPoint.scale }
    /// The sum of squares as a number.
    var squareValue: Double { Double(bits) / (FixedPoint.scale * FixedPoint.scale) }
}
