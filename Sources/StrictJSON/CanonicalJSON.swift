public import Foundation

/// JSON of which equal values have equal bytes: what is digested and stored.
///
/// Numbers are double precision, as in JavaScript; a whole number beyond ±2^53, which not every reader can hold, is a
/// text of its digits. Reading takes such a text where a whole number is wanted.
public enum CanonicalJSON {
    /// How canonical bytes are written. An entry of the log states the one that its body and its digests were made by.
    public enum Form: String, Codable, Sendable, CaseIterable {
        /// As the first builds had it from Foundation: keys in the order of their scalars, numbers as Foundation
        /// prints them, whole numbers of any size as numbers. Entries of the log that state no form have this one.
        case foundation
        /// The JSON Canonicalization Scheme (RFC 8785): keys in the order of their UTF-16 code units, numbers as
        /// ECMAScript prints them, the fewest escapes.
        case rfc8785
    }

    /// The deepest nesting that is read back: a document of ``JSONText/maximumDepth`` levels inside an event.
    static let maximumDepth = 512

    /// The canonical bytes of `value`.
    ///
    /// - Throws: `EncodingError` for values that JSON cannot hold (a number that is not finite).
    public static func encode(_ value: some Encodable, as form: Form = .rfc8785) throws -> Data {
        switch form {
        case .rfc8785: return Data(try CanonicalEncoder.text(of: value).bytes)
        case .foundation:
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return try encoder.encode(value)
        }
    }

    /// The canonical bytes of `value` in every form in which they differ, those of new entries first.
    ///
    /// - Throws: `EncodingError`.
    public static func encodings(of value: some Encodable) throws -> [Data] {
        let text = try CanonicalEncoder.text(of: value), new = Data(text.bytes)
        if text.isAlikeInAllForms { return [new] }
        let old = try encode(value, as: .foundation)
        return old == new ? [new] : [new, old]
    }

    /// The value whose JSON, in either form, is `data`.
    ///
    /// - Throws: `DecodingError`.
    public static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        var reader = JSONTextReader<JSONNode>(Array(data), maximumDepth: maximumDepth)
        do {
            return try StrictDecoder.decode(type, from: reader.whole())
        } catch let error as JSONTextError {
            throw DecodingError.dataCorrupted(
                .init(codingPath: [], debugDescription: "not JSON: \(error)", underlyingError: error)
            )
        }
    }
}
