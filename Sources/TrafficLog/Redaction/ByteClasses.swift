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
