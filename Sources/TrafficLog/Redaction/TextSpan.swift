/// A stretch of a text that a rule looks at on its own: what lies outside does not count, as if a placeholder stood
/// there.
struct TextSpan {
    /// All bytes of the text.
    let bytes: UnsafeBufferPointer<UInt8>
    let range: Range<Int>

    subscript(index: Int) -> UInt8 { bytes[index] }

    var lower: Int { range.lowerBound }
    var upper: Int { range.upperBound }

    /// Whether a word may start at `index`: no letter or digit stands before it. The letter of an escape in JSON, such
    /// as `\n`, is none.
    func mayStart(_ index: Int) -> Bool {
        index <= lower || !ByteClasses.isAlphanumeric(bytes[index - 1]) || isEscape(index - 1)
    }

    /// Whether a word may end at `index`: no letter or digit stands there.
    func mayEnd(_ index: Int) -> Bool { index >= upper || !ByteClasses.isAlphanumeric(bytes[index]) }

    /// Whether the byte at `index` is the letter of an escape in JSON.
    func isEscape(_ index: Int) -> Bool {
        guard index > lower, bytes[index - 1] == 0x5c else { return false }
        switch bytes[index] {
        case 0x62, 0x66, 0x6e, 0x72, 0x74: return true
        default: return false
        }
    }

    /// Whether `word`, in small letters, stands at `index`, in letters of either size.
    func hasWord(_ word: StaticString, at index: Int) -> Bool {
        guard index + word.utf8CodeUnitCount <= upper else { return false }
        for offset in 0..<word.utf8CodeUnitCount {
            let byte = bytes[index + offset]
            guard (ByteClasses.isLetter(byte) ? byte | 0x20 : byte) == word.utf8Start[offset] else { return false }
        }
        return true
    }

    /// Whether exactly `text` stands at `index`.
    func has(_ text: StaticString, at index: Int) -> Bool {
        guard index >= lower, index + text.utf8CodeUnitCount <= upper else { return false }
        for offset in 0..<text.utf8CodeUnitCount where bytes[index + offset] != text.utf8Start[offset] { return false }
        return true
    }

    /// The end of the run of bytes from `index` on that satisfy `belongs`.
    @inline(__always)
    func end(from index: Int, while belongs: (UInt8) -> Bool) -> Int {
        var index = index
        while index < upper, belongs(bytes[index]) { index += 1 }
        return index
    }
}

/// What a byte of UTF-8 text may be part of.
enum ByteClasses {
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
    static func isAlphanumeric(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) }
    static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }
    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }
    static func isLineEnd(_ byte: UInt8) -> Bool { byte &- 0x0a < 4 }

    /// Letters, digits, `_` and `-`: the base 64 of keys.
    static func isKeySign(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == 0x5f || byte == 0x2d }

    /// What a credential after `Bearer` is made of.
    static func isCredential(_ byte: UInt8) -> Bool {
        isKeySign(byte) || byte == 0x2e || byte == 0x7e || byte == 0x2b || byte == 0x2f || byte == 0x3d
    }

    /// What the name in front of an `@` is made of, besides scalars of two bytes.
    static func isMailName(_ byte: UInt8) -> Bool {
        isKeySign(byte) || byte == 0x2e || byte == 0x2b || byte == 0x25 || byte == 0x7e || byte == 0x27
    }

    /// A byte of a scalar of U+00C0 to U+07FF: the letters of Latin, Greek, Cyrillic, Hebrew and Arabic. Its last byte
    /// is told from those of longer scalars by looking at the one before.
    static func isTwoByteLead(_ byte: UInt8) -> Bool { (0xc3...0xdf).contains(byte) }
    static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xc0 == 0x80 }

    /// A bit for the last three bytes before `end`, letters in small, for telling most words from a few by their ends;
    /// 0 when there are fewer bytes.
    @inline(__always)
    static func endingBit(_ span: TextSpan, _ end: Int) -> UInt64 {
        guard end - span.lower >= 3 else { return 0 }
        return endingBit(span[end - 3], span[end - 2], span[end - 1])
    }

    /// The bits of ``endingBit(_:_:)`` of words of three bytes or more.
    static func endingBits(_ words: [StaticString]) -> UInt64 {
        words.reduce(0) { bits, word in
            let last = word.utf8Start + (word.utf8CodeUnitCount - 3)
            return bits | endingBit(last[0], last[1], last[2])
        }
    }

    @inline(__always)
    private static func endingBit(_ first: UInt8, _ second: UInt8, _ third: UInt8) -> UInt64 {
        let ending = UInt32(first | 0x20) << 16 | UInt32(second | 0x20) << 8 | UInt32(third | 0x20)
        return 1 << UInt64((ending &* 0x9e37_79b1) >> 26)
    }

    /// For every byte, whether a cut or a rule may depend on it: white space, digits, `:`, `.`, `@` and `%`.
    static let isNotable: [Bool] = (0...255).map { byte in
        isSpace(byte) || isDigit(byte) || byte == 0x3a || byte == 0x2e || byte == 0x40 || byte == 0x25
    }
}
