/// All rules, applied to one segment of a text.
enum RuleSet {
    /// What occurs in a segment, so that rules without a chance are not tried.
    struct Traits {
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
    /// between its neighbours, they run again until nothing new is found: redacting twice then changes nothing. A text
    /// made so that each replacement brings another one to light is replaced as a whole: the time stays linear.
    ///
    /// - Parameter decodes: Whether base 64 is looked into.
    static func claims(
        in bytes: UnsafeBufferPointer<UInt8>,
        _ range: Range<Int>,
        _ signs: Traits,
        decodes: Bool = true
    ) -> [Claim] {
        guard range.count >= 3 else { return [] }
        var claims: [Claim] = []
        for _ in 0..<maximumRounds {
            let before = claims.count
            apply(&claims, bytes, range) { span, found in if span.range.count >= 8 { KeyRule.claims(in: span, &found) }
            }
            if decodes {
                apply(&claims, bytes, range) { span, found in
                    if span.range.count >= 16 { EncodedRule.claims(in: span, &found) }
                }
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
        return [Claim(range: range, kind: claims.last?.kind ?? .key)]
    }

    /// Rounds of all rules. Ordinary texts need two: one that finds, and one that finds nothing more.
    private static let maximumRounds = 8

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

/// A stretch of a text that is to be replaced.
struct Claim: Hashable {
    let range: Range<Int>
    let kind: RedactionKind
}

/// A number as a row of groups of digits with separators between them.
struct DigitGroups {
    /// The groups, in order; no letter touches any of them.
    private(set) var groups: [Range<Int>] = []

    /// Calls `body` with every row of groups in `span`; a group that a letter touches ends a row and is in none.
    static func forEach(in span: TextSpan, _ body: (DigitGroups) -> Void) {
        var row = DigitGroups()
        var index = span.lower
        while index < span.upper {
            guard ByteClasses.isDigit(span[index]) else {
                index += 1
                continue
            }
            let end = span.end(from: index, while: ByteClasses.isDigit)
            let isFree = span.mayStart(index) && span.mayEnd(end)
            if let last = row.groups.last, !isFree || !areNear(span, last.upperBound, index) {
                body(row)
                row.groups.removeAll(keepingCapacity: true)
            }
            if isFree { row.groups.append(index..<end) }
            index = end
        }
        if !row.groups.isEmpty { body(row) }
    }

    /// Whether one to three separators stand between two groups, and no sentence ends between them.
    private static func areNear(_ span: TextSpan, _ from: Int, _ to: Int) -> Bool {
        var index = from
        var count = 0
        while index < to {
            // A plus starts a number of its own, but is part of the row.
            let width = span[index] == 0x2b ? 1 : Separators.width(in: span, at: index)
            guard width > 0, count < 3 else { return false }
            if span[index] == 0x2e, index + 1 < to, span[index + 1] == 0x20 { return false }
            index += width
            count += 1
        }
        return count > 0
    }
}

/// The signs between the groups of a number: space, tab, `-`, `.`, `/`, brackets, and the spaces and hyphens that do
/// not break a line.
enum Separators {
    /// How many bytes the separator at `index` has; 0 where there is none.
    static func width(in span: TextSpan, at index: Int) -> Int {
        switch span[index] {
        case 0x20, 0x09, 0x2d, 0x2e, 0x2f, 0x28, 0x29: return 1
        case 0xc2: return index + 1 < span.upper && span[index + 1] == 0xa0 ? 2 : 0
        case 0xe2:
            guard index + 2 < span.upper, span[index + 1] == 0x80 else { return 0 }
            switch span[index + 2] {
            // U+2009 thin space, U+2010 to U+2013 hyphens and the en dash, U+202F narrow space.
            case 0x89, 0x90, 0x91, 0x92, 0x93, 0xaf: return 3
            default: return 0
            }
        default: return 0
        }
    }
}
