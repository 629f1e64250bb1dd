public import Foundation

/// A SHA-256 digest: 32 bytes, written `sha256:` and 64 lower-case hexadecimal digits.
public struct Digest: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// The digest of `data`.
    public init(of data: some DataProtocol) {
        var stream = SHA256Stream()
        for region in data.regions { region.withUnsafeBytes { stream.update($0) } }
        self = stream.finish()
    }

    /// A digest whose 32 bytes are known.
    ///
    /// - Throws: ``DigestsError/badDigest(_:)`` when there are not 32.
    public init(bytes: [UInt8]) throws(DigestsError) {
        guard bytes.count == 32 else { throw .badDigest("\(bytes.count) bytes") }
        self.bytes = bytes
    }

    /// Reads `sha256:…` or 64 bare hexadecimal digits.
    ///
    /// - Throws: ``DigestsError/badDigest(_:)``.
    public init(_ text: String) throws(DigestsError) {
        var digits = text.utf8[...]
        let prefix = "sha256:".utf8
        if digits.starts(with: prefix) { digits = digits.dropFirst(prefix.count) }
        guard digits.count == 64 else { throw .badDigest(text) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        var high: UInt8?
        for digit in digits {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x61...0x66: value = digit - 0x61 + 10
            default: throw .badDigest(text)
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        self.bytes = bytes
    }

    init(unchecked bytes: [UInt8]) { self.bytes = bytes }

    /// The 64 hexadecimal digits without the prefix: a safe file name.
    public var hexadecimal: String { bytes.hexadecimal }

    /// The first 12 digits with the prefix, for tables.
    public var short: String { "sha256:" + String(hexadecimal.prefix(12)) }

    public var description: String { "sha256:" + hexadecimal }

    public static func < (left: Digest, right: Digest) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension Digest: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

extension [UInt8] {
    /// The bytes as lower-case hexadecimal digits.
    public var hexadecimal: String {
        let digits = Array<UInt8>("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(count * 2)
        for byte in self {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
