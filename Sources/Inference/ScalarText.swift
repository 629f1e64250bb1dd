/// Text as Unicode scalars with the classes that pre-tokenizers ask for. Reading past the end gives `end` and 0.
struct ScalarText {
    enum Kind: UInt8 {
        case letter, number, space, other, end
    }

    /// Byte offset of each scalar in UTF-8, and of the end.
    private(set) var offsets: [Int] = [0]
    private var scalars: [UInt32] = []
    private var kinds: [Kind] = []

    var count: Int { scalars.count }

    init(_ text: String) {
        for scalar in text.unicodeScalars {
            scalars.append(scalar.value)
            kinds.append(Self.kind(of: scalar))
            offsets.append(offsets[offsets.count - 1] + UTF8.width(scalar))
        }
    }

    func scalar(_ index: Int) -> UInt32 { index < scalars.count ? scalars[index] : 0 }

    func kind(_ index: Int) -> Kind { index < kinds.count ? kinds[index] : .end }

    func isNewline(_ index: Int) -> Bool { scalar(index) == 0x0a || scalar(index) == 0x0d }

    /// The first index from `start` on whose kind is another.
    func runEnd(of kind: Kind, from start: Int) -> Int {
        var end = start
        while end < kinds.count, kinds[end] == kind { end += 1 }
        return end
    }

    /// ASCII from a table.
    private static let ascii: [Kind] = (0..<128).map { byte in
        Unicode.Scalar(UInt32(byte)).map(slowKind) ?? .other
    }

    private static func kind(of scalar: Unicode.Scalar) -> Kind {
        scalar.value < 128 ? ascii[Int(scalar.value)] : slowKind(scalar)
    }

    private static func slowKind(_ scalar: Unicode.Scalar) -> Kind {
        if scalar.properties.isWhitespace { return .space }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return .letter
        case .decimalNumber, .letterNumber, .otherNumber: return .number
        default: return .other
        }
    }
}
