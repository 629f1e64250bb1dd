/// All rules, applied to one segment of a text.
enum RuleSet {
    /// What occurs in a segment, so that rules without a chance are not tried.
    struct Signs {
        var digits = 0
        var colons = 0
        var dots = 0
        var hasAt = false

        @inline(__always)
        mutating func add(_ byte: UInt8) {
            if ByteClasses.isDigit(byte) {
                digits += 1
            } else if byte == 0x3a {
                colons += 1
            } else if byte == 0x2e {
                dots += 1
            } else if byte == 0x40 || byte == 0x25 {
                hasAt = true
            }
        }
    }

    /// The stretches of `range` to be replaced, in order.
    ///
    /// The rules run one after the other, each on what those before it left. Since a replacement stands like a bracket
    /// between its neighbours, they run again until nothing new is found: redacting twice then changes nothing.
    static func claims(in bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ signs: Signs) -> [Claim] {
        guard range.count >= 3 else { return [] }
        var claims: [Claim] = []
        while true {
            let before = claims.count
            apply(&claims, bytes, range) { span, found in if span.range.count >= 8 { KeyRule.claims(in: span, &found) }
            }
            if signs.hasAt || before > 0 {
                apply(&claims, bytes, range) { span, found in EmailRule.claims(in: span, &found) }
            }
            if signs.digits >= 10 {
                apply(&claims, bytes, range) { span, found in AccountRule.claims(in: span, &found) }
            }
            if signs.colons >= 2 {
                apply(&claims, bytes, range) { span, found in AddressRule.sixes(in: span, &found) }
            }
            if signs.digits >= 4, signs.dots >= 3 {
                apply(&claims, bytes, range) { span, found in AddressRule.fours(in: span, &found) }
            }
            if signs.digits >= 13 {
                apply(&claims, bytes, range) { span, found in CardRule.claims(in: span, &found) }
            }
            if signs.digits >= 6 {
                apply(&claims, bytes, range) { span, found in PhoneRule.claims(in: span, &found) }
            }
            if claims.count == before { return claims }
        }
    }

    /// Adds what `rule` finds between the claims there are.
    private static func apply(
        _ claims: inout [Claim],
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        _ rule: (TextSpan, inout [Claim]) -> Void
    ) {
        guard !claims.isEmpty else {
            rule(TextSpan(bytes: bytes, range: range), &claims)
            return
        }
        var all: [Claim] = []
        var lower = range.lowerBound
        for claim in claims {
            if lower < claim.range.lowerBound {
                rule(TextSpan(bytes: bytes, range: lower..<claim.range.lowerBound), &all)
            }
            all.append(claim)
            lower = claim.range.upperBound
        }
        if lower < range.upperBound { rule(TextSpan(bytes: bytes, range: lower..<range.upperBound), &all) }
        claims = all
    }
}
