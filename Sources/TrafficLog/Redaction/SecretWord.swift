/// Words that say that what follows is secret: `Bearer x`, `password: x`, `"api_key": "x"`.
enum SecretWord {
    /// What stands between the word and the value.
    private enum Link {
        /// Spaces.
        case space
        /// `:` or `=`, with quotes and spaces around, or a verb such as `is`.
        case sign
        /// As ``sign``, for a word that is also the end of others: `compass` names nothing.
        case ownSign
    }

    private static let words: [(text: StaticString, link: Link)] = [
        ("bearer", .space), ("basic", .space), ("password", .sign), ("passwd", .sign), ("passwort", .sign),
        ("kennwort", .sign), ("pwd", .sign), ("pass", .ownSign), ("passphrase", .sign), ("secret", .sign),
        ("token", .sign), ("apikey", .sign),
        ("api_key", .sign), ("api-key", .sign), ("private_key", .sign), ("access_key", .sign), ("secret_key", .sign),
        ("accesskey", .sign), ("accountkey", .sign), ("secretkey", .sign), ("privatekey", .sign), ("passcode", .sign),
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
            if word.link == .sign || span.mayStart(start) { return word.link == .space ? .space : .sign }
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
        case .sign, .ownSign:
            if let value = stated(in: span, after: range.upperBound) { return value }
            guard let found = valueStart(in: span, after: range) else { return nil }
            if let quoted = quoted(in: span, from: found.start) { return quoted }
            return value(in: span, from: found.start, isAssigned: found.isAssigned)
        }
    }

    /// Where the value of the word at `range` starts: after a quote, spaces, the sign, spaces, a quote; quotes may be escaped. The
    /// sign may be `=>`, the `>` of a tag, or missing after the name of a flag (`--password x`).
    private static func valueStart(in span: TextSpan, after range: Range<Int>) -> (start: Int, isAssigned: Bool)? {
        let start = range.upperBound
        var index = start
        var hasSign = span.has("--", at: range.lowerBound)
        var isAssigned = false
        while index < span.upper, index - start < 8 {
            switch span[index] {
            case 0x3a, 0x3d:
                hasSign = true
                isAssigned = index == start && span[index] == 0x3d
            case 0x3e:
                guard hasSign || index == start else { return nil }
                hasSign = true
            case 0x20, 0x09, 0x22, 0x27, 0x5c: break
            default: return hasSign && index > start ? (index, isAssigned) : nil
            }
            index += 1
        }
        return nil
    }

    // MARK: In quotes

    /// The most bytes of a value in quotes.
    static let maxQuoted = 256

    /// All of a value in quotes, spaces and escaped quotes too; nil where no quote stands before it or none ends it.
    private static func quoted(in span: TextSpan, from start: Int) -> Range<Int>? {
        guard start > span.lower, span[start - 1] == 0x22 || span[start - 1] == 0x27,
            let end = quoteEnd(in: span, opened: start - 1, from: start), end - start >= 6
        else { return nil }
        return (start..<end).contains { !ByteClasses.isLetter(span[$0]) && span[$0] < 0x80 } ? start..<end : nil
    }

    /// Where the value ends whose quote is at `opened`; nil where it does not end within bounds, and where a placeholder stands
    /// in it.
    static func quoteEnd(in span: TextSpan, opened: Int, from start: Int) -> Int? {
        let isEscaped = opened > span.lower && span[opened - 1] == 0x5c
        var index = start
        while index < span.upper, index - opened <= maxQuoted {
            switch span[index] {
            case span[opened]: return isEscaped && span[index - 1] == 0x5c ? index - 1 : index
            case 0x5c where !isEscaped: index += 1
            case 0x3c, 0x3e, 0x0a, 0x0d: return nil
            default: break
            }
            index += 1
        }
        return nil
    }

    /// The last quote from `start` on that begins a value which a word before it names.
    static func openQuote(in span: TextSpan, from start: Int) -> Int? {
        var index = span.upper - 1
        while index > span.lower, index >= start, span.upper - index <= maxQuoted {
            if span[index] == 0x22 || span[index] == 0x27 {
                var word = index, hasSign = false
                while word > span.lower, index - word < 8, !ByteClasses.isKeySign(span[word - 1]) {
                    word -= 1
                    hasSign = hasSign || span[word] == 0x3a || span[word] == 0x3d
                }
                if hasSign, link(end: word, in: span) != nil { return index }
            }
            index -= 1
        }
        return nil
    }

    // MARK: In an address

    /// The password in `scheme://user:password@host`, from its `://` on; nil where there is none.
    static func ofAddress(in span: TextSpan, from index: Int) -> Range<Int>? {
        guard span.has("://", at: index) else { return nil }
        var start: Int?
        var stop: Int?
        var next = index + 3
        loop: while next < span.upper {
            switch span[next] {
            case 0x3a: if start == nil { start = next + 1 }
            case 0x40: if start != nil { stop = next }
            case 0..<0x21, 0x22, 0x27, 0x2f, 0x3c, 0x3e, 0x3f, 0x5c, 0x60, 0x7f: break loop
            default: break
            }
            next += 1
        }
        guard let start, let stop, stop > start else { return nil }
        return start..<stop
    }

    /// Verbs that stand between a word and its value, with the spaces around them.
    private static let verbs: [StaticString] = [" is ", " was ", " ist ", " war ", " lautet ", " est ", " es "]

    /// Where such a verb that begins at `index` ends.
    private static func verbEnd(in span: TextSpan, at index: Int) -> Int? {
        verbs.first { span.hasWord($0, at: index) }.map { index + $0.utf8CodeUnitCount }
    }

    /// Whether a word that announces a value, and a verb, end at `end`, before a space that is not in the span.
    static func isStated(end: Int, in span: TextSpan) -> Bool {
        for verb in verbs {
            let start = end - (verb.utf8CodeUnitCount - 1)
            guard start > span.lower,
                (0..<verb.utf8CodeUnitCount - 1).allSatisfy({ offset in
                    let byte = span[start + offset]
                    return (ByteClasses.isLetter(byte) ? byte | 0x20 : byte) == verb.utf8Start[offset]
                })
            else { continue }
            return link(end: start, in: span) != nil
        }
        return false
    }

    /// The value in `password is x`: with a digit or a sign in it, as a word after `is` has none.
    private static func stated(in span: TextSpan, after end: Int) -> Range<Int>? {
        guard var start = verbEnd(in: span, at: end) else { return nil }
        while start < span.upper, [0x22, 0x27, 0x60].contains(span[start]) { start += 1 }
        guard let value = value(in: span, from: start) else { return nil }
        let isTelling = value.contains { index in
            ByteClasses.isDigit(span[index])
                || [0x21, 0x23, 0x24, 0x25, 0x26, 0x2a, 0x2b, 0x3d, 0x40, 0x5e, 0x5f, 0x7e].contains(span[index])
        }
        return isTelling ? value : nil
    }

    /// - Parameter isAssigned: Whether `=` stands right before it, so that a word of letters alone is a value as well.
    private static func value(in span: TextSpan, from start: Int, isAssigned: Bool = false) -> Range<Int>? {
        var hasMore = isAssigned
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
