/// The number of a request: 26 signs of Crockford's base 32, of which the first 10 say when it came (in milliseconds)
/// and the rest are random; such as `01KAJ5W1T8Z3V0Q9M7R2X4B6CD`. Later requests sort after earlier ones.
public struct RequestID: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// What stands before it where an answer names itself, as OpenAI's do.
    public static let answerPrefix = "chatcmpl-"

    /// The 26 signs.
    public let text: String

    private static let signs = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// The id of a request that came at `time`.
    ///
    /// - Parameter random: 80 random bits: 16 in the first number, 64 in the second.
    public init(time: Timestamp, random: (UInt16, UInt64)) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(26)
        let milliseconds = UInt64(max(0, min(time.milliseconds, (1 << 48) - 1)))
        for place in (0..<10).reversed() { bytes.append(Self.signs[Int(milliseconds >> (5 * UInt64(place)) & 31)]) }
        // 80 bits in 16 signs: the first 3 of them and one bit of the fourth come from the 16-bit number.
        let high = UInt64(random.0) << 24 | random.1 >> 40
        let low = random.1 & 0xFF_FFFF_FFFF
        for part in [high, low] {
            for place in (0..<8).reversed() { bytes.append(Self.signs[Int(part >> (5 * UInt64(place)) & 31)]) }
        }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// Reads an id; small letters are taken as large ones.
    ///
    /// - Throws: ``RegistryTypesError/badRequestID(_:)``.
    public init(_ text: String) throws(RegistryTypesError) {
        let bytes = text.utf8.map { (0x61...0x7a).contains($0) ? $0 - 0x20 : $0 }
        guard bytes.count == 26, let first = bytes.first, (0x30...0x37).contains(first),
            bytes.allSatisfy({ Self.signs.contains($0) })
        else { throw .badRequestID(text) }
        self.text = String(decoding: bytes, as: UTF8.self)
    }

    /// When the request came, as its first ten signs say.
    public var time: Timestamp {
        var milliseconds: Int64 = 0
        for byte in text.utf8.prefix(10) {
            milliseconds = milliseconds << 5 | Int64(Self.signs.firstIndex(of: byte) ?? 0)
        }
        return Timestamp(milliseconds: milliseconds)
    }

    public var description: String { text }

    public static func < (left: Self, right: Self) -> Bool { left.text < right.text }
}

extension RequestID: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
