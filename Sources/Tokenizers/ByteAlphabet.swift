/// The alphabet in which byte-level BPE writes its tokens: one printable character per byte. Printable bytes stand for
/// themselves, the others for U+0100 and up in order (Radford et al., 2019).
enum ByteAlphabet {
    /// Character of each byte.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0...255).map { (byte: UInt32) in
            if (33...126).contains(byte) || (161...172).contains(byte) || (174...255).contains(byte) {
                return Unicode.Scalar(UInt8(byte))
            }
            defer { next += 1 }
            return Unicode.Scalar(next) ?? " "
        }
    }()

    /// Byte of each character, -1 for those outside the alphabet.
    private static let bytes: [Int16] = {
        var bytes = Array(repeating: Int16(-1), count: 0x180)
        for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar.value)] = Int16(byte) }
        return bytes
    }()

    /// The bytes that a token's text stands for. A token with a character outside the alphabet stands for its own
    /// UTF-8, as in the tokenizers that such tokens come from.
    static func bytes(of text: String) -> [UInt8] {
        var found: [UInt8] = []
        found.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            guard scalar.value < bytes.count, let byte = UInt8(exactly: bytes[Int(scalar.value)]) else {
                return Array(text.utf8)
            }
            found.append(byte)
        }
        return found
    }

    /// The byte of a token of the form `<0x41>`.
    static func byte(ofToken text: String) -> UInt8? {
        let utf8 = Array(text.utf8)
        guard utf8.count == 6, utf8.starts(with: Array("<0x".utf8)), utf8[5] == 0x3e,
            let high = hexDigit(utf8[3]), let low = hexDigit(utf8[4])
        else { return nil }
        return high << 4 | low
    }

    private static func hexDigit(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x41...0x46: character - 0x41 + 10
        case 0x61...0x66: character - 0x61 + 10
        default: nil
        }
    }
}
