public import Foundation

/// The one JSON form whose bytes are digested and stored: sorted keys, no whitespace, no escaped slashes.
public enum CanonicalJSON {
    /// The canonical bytes of `value`.
    ///
    /// - Throws: `EncodingError` for values that JSON cannot hold (a number that is not finite).
    public static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    /// The value whose JSON is `data`.
    ///
    /// - Throws: `DecodingError`.
    public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        try JSONDecoder().decode(type, from: data)
    }
}
