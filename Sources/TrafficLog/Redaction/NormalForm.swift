/// A text as the rules read it: what is one sign to a reader is one byte, however it was written. Every byte knows where it
/// comes from, so that what is found is replaced in the text as it was.
///
/// Full-width, mathematical and circled letters and digits and the digits of other scripts become ASCII; signs without width are
/// left out; `&#64;`, `&#64`, `&commat;`, `\u0040`, `\u{40}`, `\U00000040`, `\x40` and `%2E` become the sign that they stand for;
/// `(at)`, `[dot]` and their like become `@` and `.`; letters set apart around an `@` come together. Nothing is read twice:
/// `&amp;#64;` stays.
struct NormalForm {
    private(set) var bytes: [UInt8]
    /// For each byte, and for the end, where what it stands for begins in the text.
    private var origins: [Int32]

    /// The part of the text that a part of the form stands for.
    func range(of part: Range<Int>) -> Range<Int> { Int(origins[part.lowerBound])..<Int(origins[part.upperBound]) }

    /// Nil where the text is its own form.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        guard text.count < Int(Int32.max), let first = Self.firstChange(in: text) else { return nil }
        bytes = Array(text[..<first])
        bytes.reserveCapacity(text.count)
        origins = (0..<Int32(first)).map { $0 }
        origins.reserveCapacity(text.count + 1)
        var index = first
        while index < text.count {
            switch Self.unit(in: text, at: index) {
            case .same:
                append(text[index], from: index)
                index += 1
            case .nothing(let width): index += width
            case .sign(let byte, let width):
                append(byte, from: index)
                index += width
            case .spelled(let byte, let width): index = join(byte, width, text, at: index)
            case .apart: index = closeUp(text, at: index)
            }
        }
        origins.append(Int32(text.count))
    }

    /// What stands at a place of a text.
    private enum Unit {
        /// A byte that stands for itself.
        case same
        /// A sign that nobody sees.
        case nothing(width: Int)
        /// Another way to write one byte.
        case sign(UInt8, width: Int)
        /// A word in brackets for a sign.
        case spelled(UInt8, width: Int)
        /// An `@` between single letters.
        case apart
    }

    private static func firstChange(in text: UnsafeBufferPointer<UInt8>) -> Int? {
        mayDiffer.withUnsafeBufferPointer { mayDiffer in
            for index in text.indices where mayDiffer[Int(text[index])] {
                if case .same = unit(in: text, at: index) { continue }
                return index
            }
            return nil
        }
    }

    private mutating func append(_ byte: UInt8, from origin: Int) {
        bytes.append(byte)
        origins.append(Int32(origin))
    }

    private mutating func removeLast() {
        bytes.removeLast()
        origins.removeLast()
    }

    // MARK: Reading

    /// The bytes with which something begins that may stand for another sign.
    private static let mayDiffer: [Bool] = (0...255).map { byte in
        switch byte {
        case 0x25, 0x26, 0x28, 0x3c, 0x40, 0x5b, 0x5c, 0x7b: true
        case 0xc2, 0xcd, 0xd8, 0xd9, 0xdb, 0xdf, 0xe0...0xe3, 0xea, 0xef, 0xf0, 0xf3: true
        default: false
        }
    }

    private static func unit(in text: UnsafeBufferPointer<UInt8>, at index: Int) -> Unit {
        let byte = text[index]
        guard mayDiffer[Int(byte)] else { return .same }
        let span = TextSpan(bytes: text, range: 0..<text.count)
        switch byte {
        case 0x25: return percent(span, index)
        case 0x26: return entity(span, index)
        case 0x5c: return escape(span, index)
        case 0x28, 0x3c, 0x5b, 0x7b: return spelled(span, index)
        case 0x40: return isApart(span, index) ? .apart : .same
        default:
            guard let (scalar, width) = scalar(span, index) else { return .same }
            if isInvisible(scalar) { return .nothing(width: width) }
            return plain(scalar).map { .sign($0, width: width) } ?? .same
        }
    }

    /// The scalar of more than one byte at `index`.
    private static func scalar(_ span: TextSpan, _ index: Int) -> (value: UInt32, width: Int)? {
        let lead = span[index]
        let width = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4
        guard index + width <= span.upper else { return nil }
        var value = UInt32(lead) & (width == 2 ? 0x1f : width == 3 ? 0x0f : 0x07)
        for next in index + 1..<index + width {
            guard ByteClasses.isContinuation(span[next]) else { return nil }
            value = value << 6 | UInt32(span[next] & 0x3f)
        }
        return (value, width)
    }

    /// Signs without width and those that turn or join others.
    private static func isInvisible(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0xad, 0x34f, 0x61c, 0x115f...0x1160, 0x180b...0x180f, 0x200b...0x200f, 0x202a...0x202e, 0x2060...0x206f,
            0x3164, 0xfe00...0xfe0f, 0xfeff, 0xffa0, 0xfff9...0xfffb, 0xe0000...0xe0fff:
            true
        default: false
        }
    }

    /// The ASCII sign that a scalar looks like; nil for one that is none.
    private static func plain(_ scalar: UInt32) -> UInt8? {
        switch scalar {
        case 0xff01...0xff5e: UInt8(scalar - 0xff01 + 0x21)
        case 0x3000: 0x20
        case 0x3002, 0xff61, 0x2024, 0xfe52: 0x2e
        case 0xfe6b: 0x40
        case 0xfe62: 0x2b
        case 0xb2, 0xb3: UInt8(scalar - 0xb2 + 0x32)
        case 0xb9: 0x31
        case 0x2070, 0x2074...0x2079: UInt8(scalar - 0x2070 + 0x30)
        case 0x2080...0x2089: UInt8(scalar - 0x2080 + 0x30)
        case 0x2460...0x2468: UInt8(scalar - 0x2460 + 0x31)
        case 0x24b6...0x24cf: UInt8(scalar - 0x24b6 + 0x41)
        case 0x24d0...0x24e9: UInt8(scalar - 0x24d0 + 0x61)
        case 0x24ea: 0x30
        case 0x660...0x1c59, 0xa620...0xabf9:
            zeros.first { scalar >= $0 && scalar < $0 + 10 }.map { UInt8(scalar - $0 + 0x30) }
        case 0x1d7ce...0x1d7ff: UInt8((scalar - 0x1d7ce) % 10 + 0x30)
        case 0x1d400...0x1d6a3:
            (scalar - 0x1d400) % 52 < 26
                ? UInt8((scalar - 0x1d400) % 52 + 0x41) : UInt8((scalar - 0x1d400) % 52 - 26 + 0x61)
        default: nil
        }
    }

    /// The zeros of other scripts; the other nine digits follow each.
    private static let zeros: [UInt32] = [
        0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0, 0xf20,
        0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0,
        0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
    ]

    // MARK: Escapes

    /// `%40`, `%2E`, `%2B`, `%2D`, `%5F`: what addresses and numbers are made of.
    private static func percent(_ span: TextSpan, _ index: Int) -> Unit {
        guard let value = number(span, index + 1, radix: 16, digits: 2...2)?.value, let byte = UInt8(exactly: value),
            [0x40, 0x2e, 0x2b, 0x2d, 0x5f].contains(byte)
        else { return .same }
        return .sign(byte, width: 3)
    }

    /// `&#64;`, `&#x40;`, both also without the `;` that browsers do without, and some names.
    private static func entity(_ span: TextSpan, _ index: Int) -> Unit {
        if span.has("&#", at: index) {
            let isHexadecimal = span.hasWord("x", at: index + 2)
            let start = index + (isHexadecimal ? 3 : 2)
            guard let (value, end) = number(span, start, radix: isHexadecimal ? 16 : 10, digits: 1...8) else {
                return .same
            }
            return stand(value, width: end - index + (end < span.upper && span[end] == 0x3b ? 1 : 0))
        }
        let names: [(StaticString, UInt8)] = [
            ("&commat;", 0x40), ("&period;", 0x2e), ("&nbsp;", 0x20), ("&quot;", 0x22), ("&plus;", 0x2b),
            ("&colon;", 0x3a), ("&equals;", 0x3d), ("&lowbar;", 0x5f), ("&hyphen;", 0x2d), ("&dash;", 0x2d),
        ]
        for (name, byte) in names where span.has(name, at: index) {
            return .sign(byte, width: name.utf8CodeUnitCount)
        }
        return .same
    }

    /// `\u0040`, `\u{40}`, `\U00000040` and `\x40`.
    private static func escape(_ span: TextSpan, _ index: Int) -> Unit {
        if span.has("\\u{", at: index) {
            guard let (value, end) = number(span, index + 3, radix: 16, digits: 1...8), end < span.upper,
                span[end] == 0x7d
            else { return .same }
            return stand(value, width: end + 1 - index)
        }
        let digits: Int
        if span.has("\\u", at: index) {
            digits = 4
        } else if span.has("\\x", at: index) {
            digits = 2
        } else if span.has("\\U", at: index) {
            digits = 8
        } else {
            return .same
        }
        guard let (value, _) = number(span, index + 2, radix: 16, digits: digits...digits) else { return .same }
        return stand(value, width: 2 + digits)
    }

    /// What an escaped scalar stands for here.
    private static func stand(_ scalar: UInt32, width: Int) -> Unit {
        if (0x20...0x7e).contains(scalar) { return .sign(UInt8(scalar), width: width) }
        if isInvisible(scalar) { return .nothing(width: width) }
        return plain(scalar).map { .sign($0, width: width) } ?? .same
    }

    /// The number from `start` on with so many digits, and where it ends.
    private static func number(
        _ span: TextSpan,
        _ start: Int,
        radix: UInt32,
        digits: ClosedRange<Int>
    ) -> (value: UInt32, end: Int)? {
        var value: UInt32 = 0
        var index = start
        while index < span.upper, index - start < digits.upperBound {
            let byte = span[index]
            let digit: UInt32
            if ByteClasses.isDigit(byte) {
                digit = UInt32(byte - 0x30)
            } else if radix == 16, ByteClasses.isHexadecimal(byte) {
                digit = UInt32((byte | 0x20) - 0x61 + 10)
            } else {
                break
            }
            value = (value &* radix &+ digit) & 0xfff_ffff
            index += 1
        }
        return digits.contains(index - start) ? (value, index) : nil
    }

    // MARK: Words for signs

    /// `(at)`, `[ dot ]`, `{punkt}`, `[.]`, `<at>`.
    private static func spelled(_ span: TextSpan, _ index: Int) -> Unit {
        let words: [(StaticString, UInt8)] = [("at", 0x40), ("dot", 0x2e), ("punkt", 0x2e), ("@", 0x40), (".", 0x2e)]
        let word = spaces(span, index + 1)
        for (text, byte) in words where span.hasWord(text, at: word) {
            let close = spaces(span, word + text.utf8CodeUnitCount)
            guard close < span.upper, [0x29, 0x3e, 0x5d, 0x7d].contains(span[close]) else { continue }
            return .spelled(byte, width: close + 1 - index)
        }
        return .same
    }

    /// The end of at most two spaces.
    private static func spaces(_ span: TextSpan, _ index: Int) -> Int {
        var end = index
        while end < span.upper, end < index + 2, span[end] == 0x20 { end += 1 }
        return end
    }

    /// Puts the sign that a word stands for between the letters around it.
    ///
    /// - Returns: Where to go on.
    private mutating func join(_ byte: UInt8, _ width: Int, _ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let next = Self.spaces(TextSpan(bytes: text, range: 0..<text.count), index + width)
        let spaces = bytes.reversed().prefix(2).prefix { $0 == 0x20 }.count
        let before = bytes.dropLast(spaces).last
        guard let before, ByteClasses.isAlphanumeric(before) || before >= 0x80, next < text.count,
            ByteClasses.isAlphanumeric(text[next]) || text[next] >= 0x80
        else {
            append(text[index], from: index)
            return index + 1
        }
        let origin = spaces > 0 ? Int(origins[bytes.count - spaces]) : index
        for _ in 0..<spaces { removeLast() }
        append(byte, from: origin)
        return next
    }

    // MARK: Letters set apart

    /// The most letters on each side of an `@` that are set apart.
    private static let maxApart = 64

    /// Whether an `@` stands between single letters, at least two before and four after it.
    private static func isApart(_ span: TextSpan, _ index: Int) -> Bool {
        guard index >= 4, index + 8 < span.upper, span[index - 1] == 0x20, span[index + 1] == 0x20 else { return false }
        return isSingle(span, index - 2) && isSingle(span, index - 4)
            && (1...4).allSatisfy { isSingle(span, index + 2 * $0) }
    }

    /// Whether a sign of an address stands at `index` alone, with spaces or the ends of the text around it.
    private static func isSingle(_ span: TextSpan, _ index: Int) -> Bool {
        guard index >= span.lower, index < span.upper, ByteClasses.isMailName(span[index]) else { return false }
        return (index == span.lower || span[index - 1] == 0x20) && (index + 1 == span.upper || span[index + 1] == 0x20)
    }

    /// Takes the spaces out on both sides of an `@`.
    ///
    /// - Returns: Where to go on.
    private mutating func closeUp(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        var name: [(UInt8, Int32)] = []
        while name.count < Self.maxApart, bytes.count >= 2, bytes[bytes.count - 1] == 0x20,
            ByteClasses.isMailName(bytes[bytes.count - 2]), bytes.count == 2 || bytes[bytes.count - 3] == 0x20
        {
            removeLast()
            name.append((bytes[bytes.count - 1], origins[bytes.count - 1]))
            removeLast()
        }
        for (byte, origin) in name.reversed() { append(byte, from: Int(origin)) }
        append(text[index], from: index)
        let span = TextSpan(bytes: text, range: 0..<text.count)
        var next = index + 2, count = 0
        while count < Self.maxApart, Self.isSingle(span, next) {
            append(text[next], from: next)
            next += 2
            count += 1
        }
        return min(next - 1, text.count)
    }
}
