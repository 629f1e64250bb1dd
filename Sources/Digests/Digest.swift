internal import COpenSSL
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

/// SHA-256 over bytes that arrive in pieces.
public struct SHA256Stream: ~Copyable {
    private let context: OpaquePointer?

    /// An empty stream.
    public init() {
        context = EVP_MD_CTX_new()
        EVP_DigestInit_ex(context, EVP_sha256(), nil)
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes the next bytes.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return }
        EVP_DigestUpdate(context, base, bytes.count)
    }

    /// The digest of all bytes taken so far; the stream is used up.
    public consuming func finish() -> Digest {
        var bytes = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 32
        EVP_DigestFinal_ex(context, &bytes, &count)
        return Digest(unchecked: bytes)
    }
}

/// What can be wrong with a digest or with libcrypto.
public enum DigestsError: Error, Equatable, Sendable {
    /// The text or the bytes are not a SHA-256 digest.
    case badDigest(String)
    /// The system's random source gave nothing.
    case noRandomBytes
}

extension DigestsError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .badDigest(let text):
            "\"\(String(decoding: text.utf8.prefix(80), as: UTF8.self))\" is not a digest: expected sha256: and 64 hexadecimal digits in lower case"
        case .noRandomBytes:
            "the system's random source gave no bytes: check /dev/urandom and the OpenSSL configuration"
        }
    }
}
