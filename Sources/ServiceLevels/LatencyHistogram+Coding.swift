import Foundation

extension LatencyHistogram {
    /// The number that stands first in the bytes: how they are written.
    private static let format: UInt8 = 1

    /// The histogram in few bytes: one for the format, then for every bucket with times the distance from the one
    /// before and the number, as LEB128. A minute of traffic takes about 3 bytes a distinct time.
    public var bytes: [UInt8] {
        var bytes = [Self.format]
        var next = 0
        for (offset, count) in counts.enumerated() where count > 0 {
            Self.append(UInt64(first + offset - next), to: &bytes)
            Self.append(count, to: &bytes)
            next = first + offset + 1
        }
        return bytes
    }

    /// Reads what ``bytes`` wrote.
    ///
    /// - Throws: ``ServiceLevelsError/badHistogram(_:)``.
    public init(bytes: some Collection<UInt8>) throws(ServiceLevelsError) {
        guard bytes.first == Self.format else { throw .badHistogram("its format is not known") }
        var rest = bytes.dropFirst()
        var read: [(index: Int, count: UInt64)] = []
        var next = 0
        while !rest.isEmpty {
            let distance = try Self.number(&rest)
            let count = try Self.number(&rest)
            guard distance < UInt64(Self.buckets - next) else { throw .badHistogram("a time is too long") }
            guard count > 0, count < 1 << 48 else { throw .badHistogram("a count is not possible") }
            read.append((next + Int(distance), count))
            next += Int(distance) + 1
        }
        guard let first = read.first?.index, let last = read.last?.index else {
            self.init()
            return
        }
        var counts = [UInt64](repeating: 0, count: last - first + 1)
        for (index, count) in read { counts[index - first] = count }
        self.init(first: first, counts: counts)
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
        var number = number
        while number >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: number) | 0x80)
            number >>= 7
        }
        bytes.append(UInt8(number))
    }

    private static func number<Bytes: Collection<UInt8>>(
        _ bytes: inout Bytes
    ) throws(ServiceLevelsError) -> UInt64 where Bytes.SubSequence == Bytes {
        var number: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 63, by: 7) {
            guard let byte = bytes.popFirst() else { throw .badHistogram("it ends in the middle of a number") }
            number |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return number }
        }
        throw .badHistogram("a number is too long")
    }
}

extension LatencyHistogram: Codable {
    /// Reads the Base64 of ``bytes``.
    ///
    /// - Throws: `DecodingError`, ``ServiceLevelsError``.
    public init(from decoder: any Decoder) throws {
        try self.init(bytes: decoder.singleValueContainer().decode(Data.self))
    }

    /// Writes the Base64 of ``bytes``.
    ///
    /// - Throws: `EncodingError`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Data(bytes))
    }
}
