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
