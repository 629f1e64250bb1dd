/// Characters that nobody sees for what they are: controls, those that reorder text or end its line, and those of no
/// width. In a text of somebody else they may clear a terminal, or make a name look like another one.
///
/// One rule for pages, terminals, Markdown, JSON, YAML, XML and logs. Letters and signs of every script stay.
public enum HiddenScalars {
    /// Whether a scalar is one of them, whatever stands around it.
    public static func contains(_ value: UInt32) -> Bool {
        switch value {
        case 0..<0x20, 0x7f...0x9f: true
        // Soft hyphen, grapheme joiner, Arabic letter mark, Hangul fillers, Khmer inherent vowels, Mongolian separator.
        case 0xad, 0x34f, 0x61c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180e, 0x3164, 0xffa0: true
        case 0x200b, 0x200e, 0x200f, 0x2028...0x202e, 0x2060...0x206f, 0xfeff, 0xfff0...0xfffb: true
        // Shorthand and musical format controls, which no font draws.
        case 0x1bca0...0x1bca3, 0x1d173...0x1d17a: true
        // Tags, which spell a text that nothing draws, and the places beside them that Unicode keeps for the like.
        case 0xe0000...0xe0fff: !isSelector(value)
        default: false
        }
    }

    /// Whether a scalar joins its neighbours or keeps them apart. Persian, the scripts of India and emoji are written
    /// with these; behind an ASCII letter they only hide.
    public static func isJoiner(_ value: UInt32) -> Bool { value == 0x200c || value == 0x200d }

    /// Whether a scalar chooses how the one before it is drawn: as an emoji, or in another shape. One alone is part of what
    /// people write; behind an ASCII letter, or a row of them, they only hide, and can spell a whole text.
    public static func isSelector(_ value: UInt32) -> Bool {
        switch value {
        case 0x180b...0x180d, 0x180f, 0xfe00...0xfe0f, 0xe0100...0xe01ef: true
        default: false
        }
    }

    /// Whether a scalar hides something behind the one before it; nil at the begin of a text.
    public static func hides(_ value: UInt32, behind before: UInt32?) -> Bool {
        if contains(value) { return true }
        let isSelector = isSelector(value)
        guard isSelector || isJoiner(value) else { return false }
        guard let before else { return true }
        // The keys of a telephone: 1️⃣.
        if value == 0xfe0f, (0x30...0x39).contains(before) || before == 0x23 || before == 0x2a { return false }
        return before < 0x80 || contains(before) || isJoiner(before) || isSelector && Self.isSelector(before)
    }

    /// `text` with a symbol in the place of each.
    ///
    /// - Parameter keepsLines: Whether line ends and tabs stay.
    public static func shown(_ text: String, keepsLines: Bool = false) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7f }) else { return text }
        var result = String.UnicodeScalarView(), before: UInt32?
        for scalar in text.unicodeScalars {
            let value = scalar.value
            if !hides(value, behind: before) || keepsLines && (value == 0x0a || value == 0x09) {
                result.append(scalar)
            } else if value < 0x20, let picture = Unicode.Scalar(0x2400 + value) {
                result.append(picture)
            } else {
                result.append(value == 0x7f ? "\u{2421}" : "\u{fffd}")
            }
            before = value
        }
        return String(result)
    }

    /// JSON that says the same with the escape of each in its place. Beyond ASCII all of a JSON text is inside its strings;
    /// what is below U+0020 there is escaped already.
    public static func escaped(json: [UInt8]) -> [UInt8] {
        guard json.contains(where: { $0 >= 0x7f }) else { return json }
        let text = String(decoding: json, as: UTF8.self)
        let isSuspect: (Unicode.Scalar) -> Bool = { mustBeEscaped($0.value, behind: nil) || isSelector($0.value) }
        guard text.unicodeScalars.contains(where: isSuspect) else { return json }
        var result: [UInt8] = [], before: UInt32?
        result.reserveCapacity(json.count + 64)
        for scalar in text.unicodeScalars {
            defer { before = scalar.value }
            if mustBeEscaped(scalar.value, behind: before) {
                for unit in UTF16.encode(scalar) ?? .init() { result += "\\u\(digits(UInt32(unit), 4))".utf8 }
            } else {
                result += UTF8.encode(scalar) ?? .init()
            }
        }
        return result
    }

    /// The digits of a number in hexadecimal, at least so many.
    public static func digits(_ value: UInt32, _ count: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, count - digits.utf8.count)) + digits
    }

    /// Whether a scalar of a text for programs is written as its escape, which means the same: all that hides, and joiners
    /// wherever they stand.
    public static func mustBeEscaped(_ value: UInt32, behind before: UInt32?) -> Bool {
        value >= 0x7f && (isJoiner(value) || hides(value, behind: before))
    }
}
