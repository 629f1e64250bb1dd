/// Finds IP addresses.
enum AddressRule {
    // MARK: Version 4

    /// Four numbers up to 255 with single dots between them, and no dot with a fifth number at either end.
    static func fours(in span: TextSpan, _ claims: inout [Claim]) {
        DigitGroups.forEach(in: span) { row in
            var index = 0
            while index + 4 <= row.groups.count {
                var last = index
                while last + 1 < row.groups.count, isDot(span, row.groups[last], row.groups[last + 1]) { last += 1 }
                let parts = row.groups[index...last]
                if parts.count == 4, parts.allSatisfy({ isByte(span, $0) }) {
                    let range = row.groups[index].lowerBound..<row.groups[last].upperBound
                    claims.append(Claim(range: range, kind: .ip))
                }
                index = last + 1
            }
        }
    }

    private static func isDot(_ span: TextSpan, _ left: Range<Int>, _ right: Range<Int>) -> Bool {
        left.upperBound + 1 == right.lowerBound && span[left.upperBound] == 0x2e
    }

    private static func isByte(_ span: TextSpan, _ group: Range<Int>) -> Bool {
        guard group.count <= 3 else { return false }
        return group.reduce(0) { $0 * 10 + Int(span[$1] - 0x30) } <= 255
    }

    // MARK: Version 6

    private static let longest = 45

    /// Groups of hexadecimal digits with colons between them.
    static func sixes(in span: TextSpan, _ claims: inout [Claim]) {
        func belongs(_ byte: UInt8) -> Bool { ByteClasses.isHexadecimal(byte) || byte == 0x3a || byte == 0x2e }
        var index = span.lower
        while index < span.upper {
            guard belongs(span[index]) else {
                index += 1
                continue
            }
            var end = span.end(from: index, while: belongs)
            let next = end
            // The colon or the dot of the sentence; `::` at the end is part of the address.
            while end > index, span[end - 1] == 0x2e { end -= 1 }
            if end - index >= 3, span[end - 1] == 0x3a, span[end - 2] != 0x3a { end -= 1 }
            if end - index <= longest, span.mayStart(index), span.mayEnd(end), isSix(span, index..<end) {
                claims.append(Claim(range: index..<end, kind: .ip))
            }
            index = next
        }
    }

    /// Whether this is an address by RFC 4291, section 2.2, with a digit or three groups, which `a::b` in a program
    /// does not have.
    private static func isSix(_ span: TextSpan, _ range: Range<Int>) -> Bool {
        var groups = 0
        var isShortened = false
        var hasDigit = false
        var index = range.lowerBound
        while index < range.upperBound {
            if span[index] == 0x3a {
                guard index + 1 < range.upperBound, span[index + 1] == 0x3a, !isShortened else { return false }
                isShortened = true
                index += 2
                continue
            }
            let start = index
            while index < range.upperBound, ByteClasses.isHexadecimal(span[index]) {
                if ByteClasses.isDigit(span[index]) { hasDigit = true }
                index += 1
            }
            if index < range.upperBound, span[index] == 0x2e {
                // The last 32 bits in the form of version 4.
                guard isFour(span, start..<range.upperBound) else { return false }
                groups += 2
                index = range.upperBound
                break
            }
            guard (1...4).contains(index - start) else { return false }
            groups += 1
            if index < range.upperBound {
                guard span[index] == 0x3a, index + 1 < range.upperBound else { return false }
                if span[index + 1] != 0x3a { index += 1 }
            }
        }
        guard isShortened ? groups <= 7 && groups > 0 : groups == 8 else { return false }
        return hasDigit || groups >= 3
    }

    private static func isFour(_ span: TextSpan, _ range: Range<Int>) -> Bool {
        var parts = 1
        var number = 0
        var digits = 0
        for index in range {
            if span[index] == 0x2e {
                guard digits > 0 else { return false }
                parts += 1
                digits = 0
                number = 0
            } else if ByteClasses.isDigit(span[index]), digits < 3 {
                number = number * 10 + Int(span[index] - 0x30)
                digits += 1
                guard number <= 255 else { return false }
            } else {
                return false
            }
        }
        return parts == 4 && digits > 0
    }
}
