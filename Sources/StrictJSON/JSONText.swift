/// Reads JSON exactly as RFC 8259 says and refuses what others let through: duplicate keys, numbers that overflow,
/// lone surrogates, anything after the value.
public enum JSONText {
    /// The deepest nesting of arrays and objects that is read.
    public static let maximumDepth = 64

    /// The bytes of a value for whoever asked: sorted keys, so that equal values have equal bytes; whole numbers of any
    /// size as numbers.
    ///
    /// - Throws: `EncodingError` for values that JSON cannot hold (a number that is not finite).
    public static func encode(_ value: some Encodable) throws -> [UInt8] {
        try CanonicalEncoder.text(of: value, holdsLargeNumbers: true).bytes
    }

    /// Reads a value whose every member must be known.
    ///
    /// - Throws: ``JSONTextError``, `DecodingError`; ``UnknownMember`` when all that the value needs is there.
    public static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws -> Value {
        var reader = JSONTextReader(Array(bytes), maximumDepth: maximumDepth)
        let asked = AskedMembers()
        let value = try StrictDecoder.decode(type, from: reader.whole(), noting: asked)
        if let unknown = asked.unknown { throw unknown }
        return value
    }

    /// The value that `text` holds.
    ///
    /// - Throws: ``JSONTextError`` with the place of the first byte that cannot be read.
    public static func parse(_ text: String) throws(JSONTextError) -> JSONValue {
        var reader = JSONTextReader(Array(text.utf8), maximumDepth: maximumDepth)
        return JSONValue(try reader.whole())
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
enum JSONNode {
    case null
    case bool(Bool)
    case integer(Int64)
    /// Above the largest `Int64`.
    case unsigned(UInt64)
    case number(Double)
    case string(String)
    case array([JSONNode])
    case object([String: JSONNode])
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

/// Takes a text apart from the front, byte by byte.
struct JSONTextReader {
    private let bytes: [UInt8]
    private let maximumDepth: Int
    private var index = 0

    init(_ bytes: [UInt8], maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func whole() throws(JSONTextError) -> JSONNode {
        let result = try value(depth: 0)
        skipBlanks()
        guard index == bytes.count else { throw .trailing(offset: index) }
        return result
    }

    private mutating func skipBlanks() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0a, 0x0d: index += 1
            default: return
            }
        }
    }

    /// The next byte that is not a blank, without taking it.
    private mutating func peek() throws(JSONTextError) -> UInt8 {
        skipBlanks()
        guard index < bytes.count else { throw .endsEarly }
        return bytes[index]
    }

    private mutating func value(depth: Int) throws(JSONTextError) -> JSONNode {
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return try .string(string())
        case UInt8(ascii: "-"), 0x30...0x39: return try number()
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: throw .unexpected(offset: index)
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONNode) throws(JSONTextError) -> JSONNode {
        for offset in 0..<word.utf8CodeUnitCount {
            guard index < bytes.count else { throw .endsEarly }
            guard bytes[index] == word.utf8Start[offset] else { throw .unexpected(offset: index) }
            index += 1
        }
        return value
    }

    private mutating func object(depth: Int) throws(JSONTextError) -> JSONNode {
        guard depth < maximumDepth else { throw .tooDeep(offset: index) }
        index += 1
        var members: [String: JSONNode] = [:]
        if try peek() == UInt8(ascii: "}") {
            index += 1
            return .object(members)
        }
        while true {
            guard try peek() == UInt8(ascii: "\"") else { throw .unexpected(offset: index) }
            let key = try string()
            guard try peek() == UInt8(ascii: ":") else { throw .unexpected(offset: index) }
            index += 1
            guard members.updateValue(try value(depth: depth + 1), forKey: key) == nil else { throw .duplicateKey(key) }
            if try endsAfterElement(with: UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONTextError) -> JSONNode {
        guard depth < maximumDepth else { throw .tooDeep(offset: index) }
        index += 1
        var elements: [JSONNode] = []
        if try peek() == UInt8(ascii: "]") {
            index += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            if try endsAfterElement(with: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private mutating func endsAfterElement(with close: UInt8) throws(JSONTextError) -> Bool {
        let byte = try peek()
        guard byte == close || byte == UInt8(ascii: ",") else { throw .unexpected(offset: index) }
        index += 1
        return byte == close
    }

    private mutating func number() throws(JSONTextError) -> JSONNode {
        let start = index
        var isWhole = true
        func isDigit(_ at: Int) -> Bool { at < bytes.count && (0x30...0x39).contains(bytes[at]) }
        func digits() throws(JSONTextError) {
            guard isDigit(index) else { throw .badNumber(offset: start) }
            while isDigit(index) { index += 1 }
        }
        if bytes[index] == UInt8(ascii: "-") { index += 1 }
        if index < bytes.count, bytes[index] == 0x30, isDigit(index + 1) { throw .badNumber(offset: start) }
        try digits()
        if index < bytes.count, bytes[index] == UInt8(ascii: ".") {
            isWhole = false
            index += 1
            try digits()
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "+") || bytes[index] == UInt8(ascii: "-") {
                index += 1
            }
            try digits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        // "-0" is a number of its own, which no integer holds.
        if isWhole, text != "-0" {
            if let value = Int64(text) { return .integer(value) }
            if let value = UInt64(text) { return .unsigned(value) }
        }
        guard let value = Double(text), value.isFinite else { throw .badNumber(offset: start) }
        return .number(value)
    }

    private mutating func string() throws(JSONTextError) -> String {
        let start = index
        index += 1
        var text: [UInt8] = []
        while true {
            let run = index
            while index < bytes.count, bytes[index] != 0x22, bytes[index] != 0x5c, bytes[index] >= 0x20 { index += 1 }
            guard index < bytes.count else { throw .endsEarly }
            let byte = bytes[index]
            guard byte >= 0x20 else { throw .badString(offset: start) }
            if byte == 0x22, text.isEmpty {
                index += 1
                return String(decoding: bytes[run..<index - 1], as: UTF8.self)
            }
            text.append(contentsOf: bytes[run..<index])
            index += 1
            if byte == 0x22 { return String(decoding: text, as: UTF8.self) }
            try escape(into: &text, start: start)
        }
    }

    private mutating func escape(into text: inout [UInt8], start: Int) throws(JSONTextError) {
        guard index < bytes.count else { throw .endsEarly }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try fourHexDigits(start: start)
            if (0xd800..<0xdc00).contains(code) {
                guard index + 1 < bytes.count else { throw .endsEarly }
                guard bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u") else {
                    throw .badString(offset: start)
                }
                index += 2
                let low = try fourHexDigits(start: start)
                guard (0xdc00..<0xe000).contains(low) else { throw .badString(offset: start) }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw .badString(offset: start) }
            text.append(contentsOf: Character(scalar).utf8)
        default: throw .badString(offset: start)
        }
    }

    private mutating func fourHexDigits(start: Int) throws(JSONTextError) -> UInt32 {
        guard index + 4 <= bytes.count else { throw .endsEarly }
        var code: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw .badString(offset: start) }
            code = code << 4 | UInt32(digit)
        }
        index += 4
        return code
    }
}

extension String {
    /// At most 80 bytes of the text, with control bytes shown as `?`: safe to quote in one line of an error.
    package var printable: String {
        let bytes = utf8.prefix(80).map { $0 < 0x20 || $0 == 0x7f ? UInt8(0x3f) : $0 }
        return String(decoding: bytes, as: UTF8.self) + (utf8.count > 80 ? "…" : "")
    }
}
