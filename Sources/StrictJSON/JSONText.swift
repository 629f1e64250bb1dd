/// Reads JSON exactly as RFC 8259 says and refuses what others let through: duplicate keys, numbers that overflow,
/// lone surrogates, anything after the value.
public enum JSONText {
    /// The deepest nesting of arrays and objects that is read.
    public static let maximumDepth = 64

    /// The bytes of a value for whoever asked: sorted keys, so that equal values have equal bytes; whole numbers of any
    /// size as numbers; what nobody would see for what it is stands there as its escape.
    ///
    /// - Throws: `EncodingError` for values that JSON cannot hold (a number that is not finite).
    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        HiddenScalars.escaped(json: try CanonicalEncoder.text(of: value, holdsLargeNumbers: true).bytes)
    }

    /// Reads a value whose every member must be known.
    ///
    /// - Throws: ``JSONTextError``, `DecodingError`; ``UnknownMember`` when all that the value needs is there.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws -> Value {
        var reader = JSONTextReader<JSONNode>(Array(bytes), maximumDepth: maximumDepth)
        let asked = AskedMembers()
        let value = try StrictDecoder.decode(type, from: reader.whole(), noting: asked)
        if let unknown = asked.unknown { throw unknown }
        return value
    }

    /// The value that `text` holds.
    ///
    /// - Throws: ``JSONTextError`` with the place of the first byte that cannot be read.
    public static func parse(_ text: String) throws(JSONTextError) -> JSONValue {
        var reader = JSONTextReader<JSONNode>(Array(text.utf8), maximumDepth: maximumDepth)
        return JSONValue(try reader.whole())
    }

    /// A member of the object that `text` holds, as it is written there; nil when it has none of that name.
    ///
    /// - Throws: ``JSONTextError``.
    public static func member(_ name: String, of text: String) throws(JSONTextError) -> String? {
        var reader = JSONTextReader<JSONNode>(Array(text.utf8), maximumDepth: maximumDepth)
        return try reader.member(name)
    }
}

/// Why a text is not JSON: what is wrong, and the byte at which it is, from 0 on.
public enum JSONTextError: Error, Equatable, Sendable {
    /// The text ends inside a value.
    case endsEarly
    /// A byte that cannot stand here.
    case unexpected(offset: Int)
    /// Something after the value.
    case trailing(offset: Int)
    /// A number that is not written as JSON writes numbers, or is too large.
    case badNumber(offset: Int)
    /// A string with a control byte, an unknown escape or half of a surrogate pair.
    case badString(offset: Int)
    /// A key that occurs twice in its object.
    case duplicateKey(String)
    /// Nested deeper than ``JSONText/maximumDepth``.
    case tooDeep(offset: Int)
}

extension JSONTextError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .endsEarly: "it ends inside a value"
        case .unexpected(let offset): "unexpected byte at \(offset)"
        case .trailing(let offset): "text after the value, at byte \(offset)"
        case .badNumber(let offset): "bad number at byte \(offset)"
        case .badString(let offset): "bad string at byte \(offset)"
        case .duplicateKey(let key): "key \"\(key.printable)\" occurs twice"
        case .tooDeep(let offset): "nested deeper than \(JSONText.maximumDepth) at byte \(offset)"
        }
    }
}

/// A JSON text taken apart. Unlike ``JSONValue`` it keeps every 64-bit whole number as it is written.
enum JSONNode: JSONTree {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Above the largest `Int64`.
    case unsigned(UInt64)
    case number(Double)
    case string(String)
    case array([JSONNode])
    case object([String: JSONNode])

    static var noMembers: [String: JSONNode] { [:] }

    static func add(_ value: JSONNode, _ key: String, to members: inout [String: JSONNode]) -> Bool {
        members.updateValue(value, forKey: key) == nil
    }

    init(_ leaf: JSONLeaf) {
        self =
            switch leaf {
            case .null: .null
            case .bool(let value): .bool(value)
            case .integer(let value): .integer(value)
            case .unsigned(let value): .unsigned(value)
            case .number(let value, _): .number(value)
            case .string(let text): .string(text)
            }
    }
}

extension JSONValue {
    init(_ node: JSONNode) {
        self =
            switch node {
            case .null: .null
            case .bool(let value): .bool(value)
            case .integer(let value): .number(Double(value))
            case .unsigned(let value): .number(Double(value))
            case .number(let value): .number(value)
            case .string(let value): .string(value)
            case .array(let elements): .array(elements.map(JSONValue.init))
            case .object(let members): .object(members.mapValues(JSONValue.init))
            }
    }
}

extension String {
    /// At most 80 bytes of the text, with control bytes shown as `?`: safe to quote in one line of an error.
    package var printable: String {
        let bytes = utf8.prefix(80).map { $0 < 0x20 || $0 == 0x7f ? UInt8(0x3f) : $0 }
        return String(decoding: bytes, as: UTF8.self) + (utf8.count > 80 ? "…" : "")
    }
}
