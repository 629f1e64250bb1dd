/// Finds e-mail addresses: a name, an `@` or `%40`, and a domain with a dot whose last label has two letters or more.
enum EmailRule {
    static func claims(in span: TextSpan, _ claims: inout [Claim]) {
        var floor = span.lower
        var index = span.lower
        while index < span.upper {
            let width: Int
            switch span[index] {
            case 0x40: width = 1
            case 0x25 where span.has("%40", at: index): width = 3
            default:
                index += 1
                continue
            }
            guard let end = domainEnd(in: span, from: index + width),
                let start = nameStart(in: span, before: index, floor: floor)
            else {
                index += width
                continue
            }
            claims.append(Claim(range: start..<end, kind: .email))
            floor = end
            index = end
        }
    }

    /// Where the name that ends before `at` starts; nil when there is none.
    private static func nameStart(in span: TextSpan, before at: Int, floor: Int) -> Int? {
        var start = at
        while start > floor {
            let byte = span[start - 1]
            if ByteClasses.isMailName(byte) {
                if byte == 0x25, span.has("%40", at: start - 1) { break }
                start -= 1
            } else if start - 2 >= floor, ByteClasses.isContinuation(byte), ByteClasses.isTwoByteLead(span[start - 2]) {
                start -= 2
            } else {
                break
            }
        }
        if start < at, span.isEscape(start) { start += 1 }
        // Quotes and dots in front of the name are not of it.
        while start < at, span[start] == 0x27 || span[start] == 0x2e || span[start] == 0x2d { start += 1 }
        return start < at ? start : nil
    }

    /// Where the domain from `start` on ends; nil when it is none.
    private static func domainEnd(in span: TextSpan, from start: Int) -> Int? {
        var end = start
        while end < span.upper {
            let byte = span[end]
            if ByteClasses.isAlphanumeric(byte) || byte == 0x2d || byte == 0x2e {
                end += 1
            } else if ByteClasses.isTwoByteLead(byte), end + 1 < span.upper, ByteClasses.isContinuation(span[end + 1]) {
                end += 2
            } else {
                break
            }
        }
        guard start < end, span[start] != 0x2e, span[start] != 0x2d else { return nil }
        // Labels are taken off the end until the last one can be that of a country or of a generic domain.
        while end > start {
            var label = end
            var letters = 0
            var others = 0
            while label > start, span[label - 1] != 0x2e {
                label -= 1
                let byte = span[label]
                if ByteClasses.isLetter(byte) || byte >= 0x80 { letters += 1 } else { others += 1 }
            }
            guard label > start else { return nil }
            if letters >= 2, others == 0 || span.hasWord("xn--", at: label) { return end }
            end = label - 1
        }
        return nil
    }
}
