/// Cuts a text into segments that no match reaches over, in one pass.
///
/// A segment ends at white space, unless what is looked for may go on behind it: digits and digits, the groups of a
/// bank account, a word such as `Bearer`, `password:` or `Tel.` and its value, the lines of a PEM block.
struct Segmenter {
    /// The most white space inside a match.
    private static let longestSpace = 3

    /// Where the segment that is open starts.
    private var start = 0
    /// The next byte to look at.
    private var index = 0
    /// Where the white space at the end of the open segment starts; nil when it does not end with any.
    private var space: Int?
    private var hasLineEnd = false
    private var isInPEM = false
    /// The quote of a value that a word before it names, and how far its end was looked for; nil outside of one.
    private var quote: (opened: Int, looked: Int)?
    /// Up to where no such quote stands.
    private var quoteless = 0
    private var signs = RuleSet.Traits()

    /// Calls `body` with each segment.
    mutating func run(
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ body: (_ segment: Range<Int>, _ signs: RuleSet.Traits) -> Void
    ) {
        ByteClasses.isNotable.withUnsafeBufferPointer { isNotable in
            while true {
                if space == nil, !isInPEM {
                    while index < bytes.count, !isNotable[Int(bytes[index])] { index += 1 }
                }
                guard index < bytes.count else { break }
                look(at: bytes[index], bytes, body)
                index += 1
            }
        }
        if start < bytes.count {
            body(start..<(space ?? bytes.count), signs)
        }
    }

    /// Looks at the byte at ``index``.
    @inline(__always)
    private mutating func look(
        at byte: UInt8,
        _ bytes: UnsafeBufferPointer<UInt8>,
        _ body: (_ segment: Range<Int>, _ signs: RuleSet.Traits) -> Void
    ) {
        if ByteClasses.isSpace(byte) {
            if space == nil { space = index }
            if ByteClasses.isLineEnd(byte) { hasLineEnd = true }
            if byte == 0x20, endsWithPEMStart(bytes) { isInPEM = true }
            return
        }
        if let space, !joins(bytes, space, byte) {
            body(start..<space, signs)
            open(at: index)
        }
        space = nil
        hasLineEnd = false
        if isInPEM, !KeyRule.isPEM(byte) || endsWithPEMStop(bytes) { isInPEM = false }
        signs.add(byte)
    }

    private mutating func open(at index: Int) {
        start = index
        space = nil
        isInPEM = false
        quote = nil
        quoteless = index
        signs = RuleSet.Traits()
    }

    /// Whether the segment goes on with `byte` after the white space from `space` on.
    private mutating func joins(_ bytes: UnsafeBufferPointer<UInt8>, _ space: Int, _ byte: UInt8) -> Bool {
        if isInPEM { return true }
        guard !hasLineEnd, index - space <= Self.longestSpace, space > start else { return false }
        let last = bytes[space - 1]
        if isNumberPart(last), isNumberPart(byte) { return true }
        // A no-break space or a dash of three bytes before the group.
        if last >= 0x80, signs.digits > 0, isNumberPart(byte) { return true }
        let span = TextSpan(bytes: bytes, range: start..<space)
        if isInQuotes(span) { return true }
        var word = space
        while word > start, isLink(bytes[word - 1]), space - word < 6 { word -= 1 }
        if word > start, ByteClasses.isLetter(bytes[word - 1]),
            SecretWord.isAt(end: word, in: span) || PhoneRule.isWord(end: word, in: span)
                || SecretWord.isStated(end: word, in: span)
        {
            return true
        }
        return signs.digits >= 2 && ByteClasses.isAlphanumeric(byte) && isInAccount(span)
    }

    /// Whether a value in quotes, which a word before it names, has not ended yet.
    private mutating func isInQuotes(_ span: TextSpan) -> Bool {
        if quote == nil {
            quote = SecretWord.openQuote(in: span, from: quoteless).map { ($0, $0 + 1) }
            quoteless = span.upper
        }
        guard let (opened, looked) = quote, span.upper - opened <= SecretWord.maxQuoted else { return false }
        // An escaped sign is looked at with its backslash.
        let from = looked > opened + 1 && span[looked - 1] == 0x5c ? looked - 1 : looked
        guard SecretWord.quoteEnd(in: span, opened: opened, from: from) == nil else {
            quote = nil
            return false
        }
        quote = (opened, span.upper)
        return true
    }

    /// What a number of groups is made of; three bytes of U+2010 to U+202F are taken for all from 0xE2 on.
    private func isNumberPart(_ byte: UInt8) -> Bool {
        ByteClasses.isDigit(byte) || (0x28...0x29).contains(byte) || byte == 0x2b || (0x2d...0x2f).contains(byte)
            || byte == 0xe2 || byte == 0xc2
    }

    /// What may stand between a word and its value.
    private func isLink(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x22, 0x23, 0x27, 0x28, 0x2e, 0x3a, 0x3d, 0x3e, 0x5c: return true
        default: return false
        }
    }

    /// Whether an account may have started that is not yet complete: at most 34 signs and the separators between them.
    private func isInAccount(_ span: TextSpan) -> Bool {
        var index = span.upper - 1
        var count = 0
        while index >= span.lower, span.upper - index <= 72 {
            if ByteClasses.isAlphanumeric(span[index]) {
                count += 1
                if span.mayStart(index), let length = AccountRule.length(in: span, at: index) { return count < length }
            }
            index -= 1
        }
        return false
    }

    private func endsWithPEMStart(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let size = KeyRule.pemStart.utf8CodeUnitCount
        guard index - start >= size - 1, bytes[index - 1] == 0x4e else { return false }
        return TextSpan(bytes: bytes, range: start..<(index + 1)).has(KeyRule.pemStart, at: index + 1 - size)
    }

    /// Whether the line that ends a block is complete with this byte.
    private func endsWithPEMStop(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes[index] == 0x2d, index - start >= 5 else { return false }
        let span = TextSpan(bytes: bytes, range: start..<(index + 1))
        guard span.has("-----", at: index - 4) else { return false }
        var name = index - 5
        while name > start, index - name < 80, bytes[name] != 0x2d { name -= 1 }
        return span.has("-----END ", at: name - 4)
    }
}
