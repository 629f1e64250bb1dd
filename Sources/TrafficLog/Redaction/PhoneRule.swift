/// Finds telephone numbers, coarsely: what order numbers, prices, dates and years look like is left alone.
enum PhoneRule {
    static func claims(in span: TextSpan, _ claims: inout [Claim]) {
        DigitGroups.forEach(in: span) { row in
            var index = 0
            while index < row.groups.count {
                if let found = number(of: row.groups, from: index, in: span) {
                    claims.append(Claim(range: found.range, kind: .phone))
                    index = found.last + 1
                } else {
                    index += 1
                }
            }
        }
    }

    /// The number that starts with group `first`, and its last group.
    private static func number(
        of groups: [Range<Int>],
        from first: Int,
        in span: TextSpan
    ) -> (range: Range<Int>, last: Int)? {
        let start = groups[first].lowerBound
        let lead = span[start]
        let second = groups[first].count > 1 ? span[start + 1] : 0
        let last: Int?
        if isAfterPlus(span, start) {
            last = lead == 0x30 ? nil : lastGroup(groups, first, digits: 7...15, in: span)
        } else if lead == 0x30, second == 0x30, groups[first].count == 2 || span[start + 2] != 0x30 {
            last = lastGroup(groups, first, digits: 9...17, in: span)
        } else if lead == 0x30, second != 0x30, groups[first].count >= 2, !isDate(groups, first, in: span) {
            let single = groups[first].count >= 10
            last = lastGroup(groups, first, digits: (single ? 10 : 9)...(single ? 12 : 13), in: span) {
                isNational($0, in: span)
            }
        } else {
            last = northAmerican(groups, first, in: span)
        }
        guard let last = last ?? named(groups, first, in: span) else { return nil }
        return (range(of: groups, first, last, in: span), last)
    }

    // MARK: Forms

    private static func isAfterPlus(_ span: TextSpan, _ start: Int) -> Bool {
        guard start > span.lower else { return false }
        if span[start - 1] == 0x2b { return true }
        return span[start - 1] == 0x28 && start - 1 > span.lower && span[start - 2] == 0x2b
    }

    /// The last group of the longest number from `first` on that has so many digits and passes `isNumber`.
    private static func lastGroup(
        _ groups: [Range<Int>],
        _ first: Int,
        digits: ClosedRange<Int>,
        in span: TextSpan,
        isNumber: (ArraySlice<Range<Int>>) -> Bool = { _ in true }
    ) -> Int? {
        var total = 0
        var found: Int?
        for index in first..<groups.count {
            if index > first, isAfterPlus(span, groups[index].lowerBound) { break }
            total += groups[index].count
            guard total <= digits.upperBound else { break }
            if total >= digits.lowerBound, isNumber(groups[first...index]) { found = index }
        }
        return found
    }

    /// Whether groups after a leading zero are a number and not dates or times: a group of three digits or more that
    /// is no year, or the five pairs of France.
    private static func isNational(_ groups: ArraySlice<Range<Int>>, in span: TextSpan) -> Bool {
        if groups.count == 5, groups.allSatisfy({ $0.count == 2 }) { return true }
        return groups.contains { $0.count >= 3 && !isYear($0, in: span) }
    }

    private static func isYear(_ group: Range<Int>, in span: TextSpan) -> Bool {
        group.count == 4 && (span.has("19", at: group.lowerBound) || span.has("20", at: group.lowerBound))
    }

    /// Whether a date such as `01.02.2026` starts here.
    private static func isDate(_ groups: [Range<Int>], _ first: Int, in span: TextSpan) -> Bool {
        guard first + 2 < groups.count, groups[first].count == 2, groups[first + 1].count <= 2 else { return false }
        return isYear(groups[first + 2], in: span)
    }

    /// `555 123 4567`, also with a `1` in front.
    private static func northAmerican(_ groups: [Range<Int>], _ first: Int, in span: TextSpan) -> Int? {
        var index = first
        if groups[index].count == 1, span[groups[index].lowerBound] == 0x31 { index += 1 }
        guard index + 2 < groups.count, groups[index].count == 3, groups[index + 1].count == 3,
            groups[index + 2].count == 4, span[groups[index].lowerBound] >= 0x32
        else { return nil }
        return index + 2
    }

    /// Any number after a word such as "Tel.".
    private static func named(_ groups: [Range<Int>], _ first: Int, in span: TextSpan) -> Int? {
        var end = groups[first].lowerBound
        var steps = 0
        while end > span.lower, steps < 4, !ByteClasses.isLetter(span[end - 1]) {
            switch span[end - 1] {
            case 0x20, 0x09, 0x3a, 0x2e, 0x3d, 0x28, 0x23: break
            default: return nil
            }
            end -= 1
            steps += 1
        }
        guard isWord(end: end, in: span) else { return nil }
        return lastGroup(groups, first, digits: 6...15, in: span)
    }

    private static let words: [StaticString] = [
        "tel", "telefon", "telephone", "telefonnummer", "phone", "mobile", "mobil", "mobilnummer", "handy",
        "handynummer", "fax", "rufnummer", "whatsapp",
    ]

    private static let endings = ByteClasses.endingBits(words)

    /// Whether a word that announces a telephone number ends at `end`.
    static func isWord(end: Int, in span: TextSpan) -> Bool {
        guard endings & ByteClasses.endingBit(span, end) != 0 else { return false }
        return words.contains { word in
            let start = end - word.utf8CodeUnitCount
            return start >= span.lower && span.hasWord(word, at: start) && span.mayStart(start)
        }
    }

    // MARK: Extent

    /// The stretch of groups `first` to `last` with the plus and the bracket that belong to it.
    private static func range(of groups: [Range<Int>], _ first: Int, _ last: Int, in span: TextSpan) -> Range<Int> {
        var lower = groups[first].lowerBound
        if isAfterPlus(span, lower) {
            lower -= span[lower - 1] == 0x2b ? 1 : 2
        } else if lower > span.lower, span[lower - 1] == 0x28, last > first,
            span[groups[first].upperBound] == 0x29
        {
            lower -= 1
        }
        return lower..<groups[last].upperBound
    }
}
