/// What a model is called where it comes from, such as `HuggingFaceTB/SmolLM2-135M-Instruct`: shown beside its name.
///
/// ASCII letters, digits, `.`, `_`, `-` and at most one `/` between two parts, at most 128 bytes: no such text can be
/// mistaken for another one on a page or in a terminal.
public struct DisplayName: Hashable, Sendable, CustomStringConvertible {
    /// As it was written.
    public let text: String

    /// Accepts `text`.
    ///
    /// - Throws: ``RegistryTypesError/badDisplayName(_:)``.
    public init(_ text: String) throws(RegistryTypesError) {
        let parts = text.utf8.split(separator: 0x2f, omittingEmptySubsequences: false)
        let isValid =
            text.utf8.count <= 128 && parts.count <= 2
            && parts.allSatisfy { part in
                part.contains(where: Self.isLetterOrDigit)
                    && part.allSatisfy { Self.isLetterOrDigit($0) || [0x2e, 0x5f, 0x2d].contains($0) }
            }
        guard isValid else { throw .badDisplayName(text) }
        self.text = text
    }

    /// The name that is made of it: the part after the `/`, in small letters, from its first letter or digit on, at most
    /// 64 bytes. The same text gives the same name, always.
    public var identifier: Name {
        get throws(RegistryTypesError) {
            let last = text.utf8.split(separator: 0x2f).last ?? text.utf8[...]
            let small = last.drop { !Self.isLetterOrDigit($0) }.prefix(64).map { byte in
                (0x41...0x5a).contains(byte) ? byte | 0x20 : byte
            }
            return try Name(String(decoding: small, as: UTF8.self))
        }
    }

    public var description: String { text }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte)
    }
}

extension DisplayName: Codable {
    public init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
