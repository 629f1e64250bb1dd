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

    private static let byteByScalar: [UInt32: UInt8] = Dictionary(
        uniqueKeysWithValues: zip(scalars.map(\.value), 0...255)
    )

    /// The bytes that a token's text stands for, or nil when a character is outside the alphabet.
    static func bytes(of text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let byte = byteByScalar[scalar.value] else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}
