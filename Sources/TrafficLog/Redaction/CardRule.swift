/// Finds payment cards: 13 to 19 digits in groups or not, whose last one is the check digit of Luhn (1954) and whose
/// first one is that of an issuer of cards.
enum CardRule {
    static func claims(in span: TextSpan, _ claims: inout [Claim]) {
        DigitGroups.forEach(in: span) { row in
            var index = 0
            while index < row.groups.count {
                if let last = lastGroup(of: row.groups, from: index, in: span) {
                    let range = row.groups[index].lowerBound..<row.groups[last].upperBound
                    claims.append(Claim(range: range, kind: .card))
                    index = last + 1
                } else {
                    index += 1
                }
            }
        }
    }

    /// The last group of the longest card that starts with group `first`.
    private static func lastGroup(of groups: [Range<Int>], from first: Int, in span: TextSpan) -> Int? {
        let start = groups[first].lowerBound
        switch span[start] {
        case 0x30, 0x31, 0x37: return nil
        default: break
        }
        guard start == span.lower || span[start - 1] != 0x2b else { return nil }
        var digits = 0
        var found: Int?
        var index = first
        while index < groups.count {
            if index > first, !isCardGap(span, groups[index - 1].upperBound..<groups[index].lowerBound) { break }
            digits += groups[index].count
            guard digits <= 19 else { break }
            if digits >= 13, hasCheckDigit(span, groups[first...index]) { found = index }
            index += 1
        }
        return found
    }

    private static func isCardGap(_ span: TextSpan, _ gap: Range<Int>) -> Bool {
        !gap.contains { (0x28...0x29).contains(span[$0]) || span[$0] == 0x2b || span[$0] == 0x2f }
    }

    private static func hasCheckDigit(_ span: TextSpan, _ groups: ArraySlice<Range<Int>>) -> Bool {
        var sum = 0
        var isDoubled = false
        for group in groups.reversed() {
            for index in group.reversed() {
                let digit = Int(span[index] - 0x30)
                sum += isDoubled ? (digit > 4 ? 2 * digit - 9 : 2 * digit) : digit
                isDoubled.toggle()
            }
        }
        return sum % 10 == 0
    }
}
