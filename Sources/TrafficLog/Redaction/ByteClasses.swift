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
}
