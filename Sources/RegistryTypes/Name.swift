import StrictYAML

/// The name of a model, prompt, channel, traffic set or document.
///
/// Names are ASCII: `[a-z0-9][a-z0-9._-]*`, at most 64 bytes, checked on UTF-8 bytes, so that two names
/// that look equal are equal and no name can become a path, HTML or a header.
public struct Name: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The name as text.
    public let text: String

    /// Accepts `text` as a name.
    ///
    /// - Throws: ``RegistryTypesError/badName(_:)``.
    public init(_ text: String) throws(RegistryTypesError) {
        guard Name.isValid(text) else { throw .badName(text) }
        self.text = text
    }

    /// The channel that is meant when none is named.
    public static let production = Name.known("production")

    /// Whether `text` is a name.
    public static func isValid(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count <= 64 else { return false }
        func isLetterOrDigit(_ byte: UInt8) -> Bool {
            (0x61...0x7a).contains(byte) || (0x30...0x39).contains(byte)
        }
        return isLetterOrDigit(first)
            && bytes.allSatisfy { isLetterOrDigit($0) || $0 == 0x2e || $0 == 0x5f || $0 == 0x2d }
    }

    public var description: String { text }

    public static func < (left: Name, right: Name) -> Bool { left.text < right.text }
}

extension Name {
    /// A name written in the source, which is valid.
    public static func known(_ text: StaticString) -> Name {
        do {
            return try Name("\(text)")
        } catch {
            preconditionFailure("\(text) is not a name")
        }
    }
}

extension Name: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// Finds names that were probably meant.
public enum NearNames {
    /// At most `count` of `known`, nearest first: those of which one contains the other, and those that differ in at
    /// most half of their bytes.
    public static func nearest(to name: String, in known: [String], count: Int = 3) -> [String] {
        let wanted = Array(name.utf8.prefix(128))
        let ranked = known.compactMap { candidate -> (name: String, distance: Int)? in
            let bytes = Array(candidate.utf8.prefix(128))
            let distance = NearName.distance(wanted, bytes)
            let isNear = distance <= max(1, max(wanted.count, bytes.count) / 2)
            let isPart = !wanted.isEmpty && (contains(bytes, wanted) || contains(wanted, bytes))
            return isNear || isPart ? (candidate, distance) : nil
        }
        return ranked.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(count).map(\.name)
    }

    private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        part.count <= text.count
            && (0...(text.count - part.count)).contains { text[$0...].starts(with: part) }
    }
}
