import Foundation

/// How often times of each length occurred, to about 0.4 %: for quantiles on pages, never for counting against a limit,
/// which is decided for each event when it ends.
///
/// Log-linear: every doubling of the time is cut into 128 equal parts, below 128 µs every microsecond is one.
/// Histograms of minutes, releases or servers are merged by adding.
public struct LatencyHistogram: Hashable, Sendable {
    /// The parts of a doubling.
    static let parts = 128
    /// The longest time that is told apart, in microseconds: 2^36, about 19 hours. Longer ones count as this.
    static let longest: UInt64 = (1 << 36) - 1
    /// The number of buckets.
    static let buckets = index(of: longest) + 1

    /// The index of the first bucket in `counts`.
    private(set) var first = 0
    /// Times in each bucket from `first` on; neither its first nor its last number is zero.
    private(set) var counts: [UInt64] = []

    /// No times.
    public init() {}

    /// A histogram of counts from the bucket `first` on.
    init(first: Int, counts: [UInt64]) {
        self.first = first
        self.counts = counts
    }

    /// The number of times.
    public var count: UInt64 { counts.reduce(0, &+) }

    /// Adds a time in seconds. What is no time (negative, not a number) is left out.
    public mutating func add(seconds: Double) {
        guard seconds >= 0 else { return }
        let micros = UInt64(min((seconds * 1e6).rounded(), Double(Self.longest)))
        add(1, at: Self.index(of: micros))
    }

    /// Adds all times of `other`.
    public mutating func merge(_ other: LatencyHistogram) {
        guard !other.counts.isEmpty else { return }
        makeRoom(for: other.first)
        makeRoom(for: other.first + other.counts.count - 1)
        for (offset, count) in other.counts.enumerated() { counts[other.first + offset - first] &+= count }
    }

    /// The time in seconds that the share `q` of the times does not exceed, in 0...1: the middle of the bucket of the
    /// ⌈q·n⌉-th time. Nil without times.
    public func quantile(_ q: Double) -> Double? {
        let total = count
        guard total > 0, q >= 0, q <= 1 else { return nil }
        let rank = max(1, UInt64((q * Double(total)).rounded(.up)))
        var seen: UInt64 = 0
        for (offset, count) in counts.enumerated() {
            seen &+= count
            if seen >= rank { return Self.middleSeconds(first + offset) }
        }
        return Self.middleSeconds(first + counts.count - 1)
    }

    private mutating func add(_ number: UInt64, at index: Int) {
        makeRoom(for: index)
        counts[index - first] &+= number
    }

    private mutating func makeRoom(for index: Int) {
        if counts.isEmpty { first = index }
        if index < first {
            counts.insert(contentsOf: repeatElement(0, count: first - index), at: 0)
            first = index
        }
        let missing = index - first - counts.count + 1
        if missing > 0 { counts.append(contentsOf: repeatElement(0, count: missing)) }
    }

    /// The bucket of a time in microseconds.
    static func index(of micros: UInt64) -> Int {
        guard micros >= UInt64(parts) else { return Int(micros) }
        let shift = 63 - micros.leadingZeroBitCount - parts.trailingZeroBitCount
        return shift * parts + Int(micros >> UInt64(shift))
    }

    /// The middle of a bucket, in seconds.
    static func middleSeconds(_ index: Int) -> Double {
        guard index >= 2 * parts else { return Double(index) / 1e6 }
        let shift = index / parts - 1
        let low = UInt64(index - shift * parts) << UInt64(shift)
        return (Double(low) + Double(UInt64(1) << UInt64(shift)) / 2) / 1e6
    }
}

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

/// Why something stored cannot be read.
public enum ServiceLevelsError: Error, Equatable, Sendable {
    /// Bytes that are not a histogram, and what is wrong with them.
    case badHistogram(String)
}

extension ServiceLevelsError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badHistogram(let problem):
            "stored histogram cannot be read, \(problem): drop the minute, its counts are kept apart"
        }
    }
}
