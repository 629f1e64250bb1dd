/// Numbers as RFC 8785 writes them: whole numbers by their digits, all others as ECMAScript prints a `Number`.
enum CanonicalNumber {
    /// The whole numbers from -2^53 to 2^53 are those that double precision holds one by one.
    static let largestExact: UInt64 = 1 << 53

    /// The shortest digits that give `value` back, as `Number.prototype.toString` of ECMAScript puts them.
    ///
    /// Swift finds the same digits; where the point and the exponent go is ECMAScript's own rule.
    static func append(_ value: Double, to bytes: inout [UInt8]) {
        guard value != 0 else { return bytes.append(0x30) }  // also for -0
        if value < 0 { bytes.append(0x2d) }
        let (digits, exponent) = decimal(value.magnitude)
        let zeros = { (count: Int) in repeatElement(UInt8(0x30), count: count) }
        switch exponent {
        case digits.count...21:  // 12300
            bytes.append(contentsOf: digits)
            bytes.append(contentsOf: zeros(exponent - digits.count))
        case 1...21:  // 12.3
            bytes.append(contentsOf: digits[..<exponent])
            bytes.append(0x2e)
            bytes.append(contentsOf: digits[exponent...])
        case -5...0:  // 0.00123
            bytes.append(contentsOf: [0x30, 0x2e])
            bytes.append(contentsOf: zeros(-exponent))
            bytes.append(contentsOf: digits)
        default:  // 1.23e-7
            bytes.append(digits[0])
            if digits.count > 1 {
                bytes.append(0x2e)
                bytes.append(contentsOf: digits[1...])
            }
            bytes.append(contentsOf: [0x65, exponent > 0 ? 0x2b : 0x2d])
            bytes.append(contentsOf: String((exponent - 1).magnitude).utf8)
        }
    }

    /// The digits of `value`, which is above 0, without zeros at either end, and where the point goes:
    /// the value is 0.digits × 10^exponent.
    private static func decimal(_ value: Double) -> (digits: [UInt8], exponent: Int) {
        var digits: [UInt8] = []
        var exponent = 0
        var isFraction = false
        var text = value.description.utf8[...]
        while let byte = text.popFirst() {
            switch byte {
            case 0x2e: isFraction = true
            case 0x65:
                exponent += Int(String(decoding: text, as: UTF8.self)) ?? 0
                text = text[text.endIndex...]
            case 0x30 where digits.isEmpty:
                if isFraction { exponent -= 1 }
            default:
                digits.append(byte)
                if !isFraction { exponent += 1 }
            }
        }
        while digits.last == 0x30 { digits.removeLast() }
        return (digits, exponent)
    }
}
