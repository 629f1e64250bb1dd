/// Words that say that what follows is secret: `Bearer x`, `password: x`, `"api_key": "x"`.
enum SecretWord {
    /// What stands between the word and the value.
    private enum Link {
        /// Spaces.
        case space
        /// `:` or `=`, with quotes and spaces around.
        case sign
    }

    private static let words: [(text: StaticString, link: Link)] = [
        ("bearer", .space), ("basic", .space), ("password", .sign), ("passwd", .sign), ("passwort", .sign),
        ("kennwort", .sign), ("pwd", .sign), ("secret", .sign), ("token", .sign), ("apikey", .sign),
        ("api_key", .sign), ("api-key", .sign), ("private_key", .sign), ("access_key", .sign), ("secret_key", .sign),
    ]
    private static let endings = ByteClasses.endingBits(words.map(\.text))

    /// Whether the word that ends at `end` is one of these, whatever stands before it in the same run
    /// (`client_secret`).
    static func isAt(end: Int, in span: TextSpan) -> Bool { link(end: end, in: span) != nil }

    private static func link(end: Int, in span: TextSpan) -> Link? {
        guard endings & ByteClasses.endingBit(span, end) != 0 else { return nil }
        for word in words {
            let start = end - word.text.utf8CodeUnitCount
            guard start >= span.lower, span.hasWord(word.text, at: start) else { continue }
            // `accessToken` and `client_secret` are such words too; `unbearable` is not, as it does not end here.
            if word.link == .sign || span.mayStart(start) { return word.link }
        }
        return nil
    }

    /// The value that the word at `range` names; nil when it names none.
    static func value(in span: TextSpan, after range: Range<Int>) -> Range<Int>? {
        guard let link = link(end: range.upperBound, in: span) else { return nil }
        var index = range.upperBound
        switch link {
        case .space:
            index = span.end(from: index) { $0 == 0x20 || $0 == 0x09 }
            guard index > range.upperBound else { return nil }
            let end = span.end(from: index, while: ByteClasses.isCredential)
            return isCredential(span, index..<end) ? index..<end : nil
        case .sign:
            let start = index
            var hasSign = false
            // A quote, spaces, the sign, spaces, a quote; quotes may be escaped.
            while index < span.upper, index - start < 8 {
                switch span[index] {
                case 0x3a, 0x3d: hasSign = true
                case 0x20, 0x09, 0x22, 0x27, 0x5c: break
                default:
                    guard hasSign else { return nil }
                    return value(in: span, from: index)
                }
                index += 1
            }
            return nil
        }
    }

    private static func value(in span: TextSpan, from start: Int) -> Range<Int>? {
        var hasMore = false
        let end = span.end(from: start) { byte in
            switch byte {
            case 0..<0x21, 0x22, 0x27, 0x2c, 0x3b, 0x3c, 0x3e, 0x5c, 0x60, 0x7b, 0x7d, 0x5b, 0x5d, 0x7f: return false
            default: return true
            }
        }
        var stop = end
        while stop > start, [0x2e, 0x29, 0x3f, 0x21, 0x3a].contains(span[stop - 1]) { stop -= 1 }
        for index in start..<stop where !ByteClasses.isLetter(span[index]) && span[index] < 0x80 { hasMore = true }
        return stop - start >= 6 && hasMore ? start..<stop : nil
    }

    /// Whether this is no word of a sentence: a digit or a large letter inside, or very long.
    private static func isCredential(_ span: TextSpan, _ range: Range<Int>) -> Bool {
        guard range.count >= 8 else { return false }
        if range.count >= 24 { return true }
        var hasLarge = false
        var hasSmall = false
        for index in range {
            let byte = span[index]
            if ByteClasses.isDigit(byte) { return true }
            if ByteClasses.isUpper(byte) { hasLarge = hasLarge || index > range.lowerBound } else { hasSmall = true }
        }
        return hasLarge && hasSmall
    }
}
