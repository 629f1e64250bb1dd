/// Texts as a template writes them between quotes, with Python's escapes.
enum EscapedText {
    /// What `bytes` mean; nil when an escape means no character. A backslash before anything else stays.
    static func read(_ bytes: ArraySlice<UInt8>) -> String? {
        guard bytes.contains(UInt8(ascii: "\\")) else { return String(decoding: bytes, as: UTF8.self) }
        var text: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "\\"), index < bytes.endIndex else {
                text.append(byte)
                continue
            }
            let escape = bytes[index]
            index += 1
            switch escape {
            case 0x0a: break
            case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): text.append(escape)
            case UInt8(ascii: "a"): text.append(0x07)
            case UInt8(ascii: "b"): text.append(0x08)
            case UInt8(ascii: "f"): text.append(0x0c)
            case UInt8(ascii: "n"): text.append(0x0a)
            case UInt8(ascii: "r"): text.append(0x0d)
            case UInt8(ascii: "t"): text.append(0x09)
            case UInt8(ascii: "v"): text.append(0x0b)
            case 0x30...0x37:
                index -= 1
                guard append(number(in: bytes, at: &index, base: 8, atMost: 3), to: &text) else { return nil }
            case UInt8(ascii: "x"):
                guard append(number(in: bytes, at: &index, base: 16, exactly: 2), to: &text) else { return nil }
            case UInt8(ascii: "u"):
                guard append(number(in: bytes, at: &index, base: 16, exactly: 4), to: &text) else { return nil }
            case UInt8(ascii: "U"):
                guard append(number(in: bytes, at: &index, base: 16, exactly: 8), to: &text) else { return nil }
            case UInt8(ascii: "N"): return nil
            default: text += [UInt8(ascii: "\\"), escape]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func number(
        in bytes: ArraySlice<UInt8>,
        at index: inout Int,
        base: UInt32,
        exactly: Int? = nil,
        atMost: Int = 0
    ) -> UInt32? {
        var value: UInt32 = 0, count = 0
        while index < bytes.endIndex, count < exactly ?? atMost,
            let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue, digit < base
        {
            value = value &* base &+ UInt32(digit)
            index += 1
            count += 1
        }
        return exactly == nil || exactly == count ? value : nil
    }

    private static func append(_ code: UInt32?, to text: inout [UInt8]) -> Bool {
        guard let code, let scalar = Unicode.Scalar(code) else { return false }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        return true
    }
}
