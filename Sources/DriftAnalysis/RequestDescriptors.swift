public import Foundation

/// What drift keeps of one request: numbers and a few words of fixed lists, no text; a few dozen bytes
/// (and one for each number of the embedding).
public struct RequestDescriptors: Hashable, Sendable {
    /// Whether a request has a signal.
    enum Presence: UInt8 {
        /// It cannot have it: an answer's length without an answer.
        case notApplicable
        /// It should have it and does not.
        case missing
        /// It has it.
        case present
    }

    /// Two bits for each signal, by the place in the table.
    private(set) var presences: UInt64 = 0
    /// By place in ``DriftSignal/numbers``; 0 when not present.
    private(set) var numbers = [Float](repeating: 0, count: DriftSignal.numbers.count)
    /// By place in ``DriftSignal/categories``; empty when not present.
    private(set) var categories = [String](repeating: "", count: DriftSignal.categories.count)
    /// One bit for each rate.
    private(set) var answers: UInt8 = 0
    /// The prompt's embedding, when the engine gave one.
    public private(set) var embedding: PackedEmbedding?

    init() {}

    /// A word of the request; nil when it has none, or the signal is no category.
    public func category(_ signal: DriftSignal) -> String? {
        signal.kind == .category && presence(of: signal) == .present ? categories[signal.slot] : nil
    }

    /// Adds what somebody said of the answer.
    public mutating func setLabel(isCorrect: Bool?, isLiked: Bool?) {
        if let isCorrect { set(.correct, isCorrect) }
        if let isLiked {
            set(.liked, isLiked)
            set(.feedbackGiven, true)
        }
    }

    func isYes(_ slot: Int) -> Bool { answers >> UInt8(slot) & 1 != 0 }

    func presence(of signal: DriftSignal) -> Presence {
        Presence(rawValue: UInt8(presences >> (2 * UInt64(signal.code)) & 3)) ?? .missing
    }

    mutating func mark(_ signal: DriftSignal, _ presence: Presence) {
        let shift = 2 * UInt64(signal.code)
        presences = presences & ~(3 << shift) | UInt64(presence.rawValue) << shift
    }

    /// Sets a number; one that is nil or not finite is missing.
    mutating func set(_ signal: DriftSignal, _ value: Double?) {
        guard let value, Float(value).isFinite else { return mark(signal, .missing) }
        numbers[signal.slot] = Float(value)
        mark(signal, .present)
    }

    mutating func set(_ signal: DriftSignal, _ value: String?) {
        guard let value else { return mark(signal, .missing) }
        categories[signal.slot] = value
        mark(signal, .present)
    }

    mutating func set(_ signal: DriftSignal, _ value: Bool?) {
        guard let value else { return mark(signal, .missing) }
        let bit = UInt8(1) << UInt8(signal.slot)
        answers = value ? answers | bit : answers & ~bit
        mark(signal, .present)
    }

    mutating func set(embedding packed: PackedEmbedding?) {
        embedding = packed
        mark(.embedding, packed == nil ? .missing : .present)
    }
}

extension RequestDescriptors {
    private static let version: UInt8 = 1

    /// The descriptors in bytes, as short as they are.
    public func encoded() -> Data {
        var out = ByteWriter()
        out.put(Self.version)
        out.put(fixed: presences)
        out.put(answers)
        for signal in DriftSignal.numbers where presence(of: signal) == .present {
            let value = numbers[signal.slot]
            // Counts are short whole numbers; everything else keeps its four bytes.
            if value >= 0, value < 0x1p20, value.rounded() == value {
                out.put(Int(value) << 1)
            } else {
                out.put(1)
                for place in 0..<4 { out.put(UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32(place)))) }
            }
        }
        for signal in DriftSignal.categories where presence(of: signal) == .present {
            out.put(String(decoding: categories[signal.slot].utf8.prefix(CategorySummary.longest), as: UTF8.self))
        }
        if let embedding, presence(of: .embedding) == .present {
            out.put(embedding.bytes.count)
            out.put(fixed: UInt64(embedding.step.bitPattern))
            out.put(raw: embedding.bytes.map { UInt8(bitPattern: $0) })
        }
        return Data(out.bytes)
    }

    /// Reads descriptors back.
    ///
    /// - Throws: ``DriftError/damaged(what:why:)``, ``DriftError/newer(what:version:)``.
    public init(encoded data: Data) throws(DriftError) {
        var reader = ByteReader(plain: Array(data), what: "descriptors of a request")
        let version = try reader.byte()
        guard version == Self.version else { throw .newer(what: reader.what, version: Int(version)) }
        presences = try reader.fixed()
        let known = DriftSignal.allCases.reduce(UInt64(0)) { $0 | 3 << (2 * UInt64($1.code)) }
        guard presences & ~known == 0,
            DriftSignal.allCases.allSatisfy({ Presence(rawValue: UInt8(presences >> (2 * UInt64($0.code)) & 3)) != nil }
            )
        else { throw reader.damaged("signals that are not known") }
        answers = try reader.byte()
        for signal in DriftSignal.numbers where presence(of: signal) == .present {
            let short = try reader.number(limit: 1 << 21)
            if short & 1 == 0 {
                numbers[signal.slot] = Float(short >> 1)
            } else {
                let bits = try reader.raw(4).enumerated().reduce(UInt32(0)) {
                    $0 | UInt32($1.element) << (8 * UInt32($1.offset))
                }
                let value = Float(bitPattern: bits)
                guard value.isFinite else { throw reader.damaged("a number that is none") }
                numbers[signal.slot] = value
            }
        }
        for signal in DriftSignal.categories where presence(of: signal) == .present {
            categories[signal.slot] = try reader.text(limit: 4 * CategorySummary.longest)
        }
        if presence(of: .embedding) == .present {
            let width = try reader.number(limit: DriftEpoch.widthLimit)
            let step = Float(bitPattern: UInt32(truncatingIfNeeded: try reader.fixed()))
            let bytes = try reader.raw(width).map { Int8(bitPattern: $0) }
            guard let packed = PackedEmbedding(step: step, bytes: bytes) else { throw reader.damaged("no embedding") }
            embedding = packed
        }
        guard reader.isAtEnd else { throw reader.damaged("something follows them") }
    }
}

extension RequestDescriptors: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(encoded: decoder.singleValueContainer().decode(Data.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(encoded())
    }
}
