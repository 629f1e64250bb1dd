import Foundation
import StrictJSON

/// A value of the interface with the two fields that say what it is.
struct Envelope<Value: Encodable>: Encodable {
    let kind: String
    let value: Value

    private enum CodingKeys: String, CodingKey { case apiVersion, kind }

    func encode(to encoder: any Encoder) throws {
        try value.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode("serin/v1", forKey: .apiVersion)
        try container.encode(kind, forKey: .kind)
    }

    /// Indented JSON with sorted keys and a line end.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return SafeText.json(try encoder.encode(self)) + "\n"
    }

    /// The same as YAML.
    func yaml() throws -> String {
        YAMLText.of(try JSONDecoder().decode(ExactJSON.self, from: JSONEncoder().encode(self)))
    }
}

/// Any JSON value; whole numbers stay whole, so that seeds of 64 bits survive.
enum ExactJSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case whole(Int64)
    case unsigned(UInt64)
    case number(Double)
    case text(String)
    case list([ExactJSON])
    case object([String: ExactJSON])
}

extension ExactJSON: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .whole(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([ExactJSON].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: ExactJSON].self))
        }
    }
}

/// JSON values as block YAML that every reader takes the same way: text is quoted whenever it could be anything else.
enum YAMLText {
    /// The document, ended by a line end.
    static func of(_ value: ExactJSON) -> String {
        switch value {
        case .object(let fields) where !fields.isEmpty: block(value, indent: 0).joined(separator: "\n") + "\n"
        case .list(let items) where !items.isEmpty: block(value, indent: 0).joined(separator: "\n") + "\n"
        default: scalar(value) + "\n"
        }
    }

    private static func block(_ value: ExactJSON, indent: Int) -> [String] {
        let space = String(repeating: " ", count: indent)
        switch value {
        case .object(let fields):
            return fields.sorted { order($0.key, $1.key) }.flatMap { key, field -> [String] in
                guard isBlock(field) else { return ["\(space)\(text(key)): \(scalar(field))"] }
                return ["\(space)\(text(key)):"] + block(field, indent: indent + 2)
            }
        case .list(let items):
            return items.flatMap { item -> [String] in
                guard isBlock(item) else { return ["\(space)- \(scalar(item))"] }
                var lines = block(item, indent: indent + 2)
                lines[0] = "\(space)- " + lines[0].dropFirst(indent + 2)
                return lines
            }
        default: return [space + scalar(value)]
        }
    }

    /// `apiVersion` and `kind` stand first, as in every document of serin.
    private static func order(_ left: String, _ right: String) -> Bool {
        func rank(_ key: String) -> Int { key == "apiVersion" ? 0 : key == "kind" ? 1 : 2 }
        return (rank(left), left) < (rank(right), right)
    }

    private static func isBlock(_ value: ExactJSON) -> Bool {
        switch value {
        case .object(let fields): !fields.isEmpty
        case .list(let items): !items.isEmpty
        default: false
        }
    }

    private static func scalar(_ value: ExactJSON) -> String {
        switch value {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .whole(let value): String(value)
        case .unsigned(let value): String(value)
        case .number(let value): String(value)
        case .text(let value): text(value)
        case .list: "[]"
        case .object: "{}"
        }
    }

    private static func text(_ value: String) -> String {
        isPlain(value) ? value : quoted(value)
    }

    /// Letters and digits with harmless punctuation inside, beginning with a letter, and no word YAML reads otherwise.
    private static func isPlain(_ value: String) -> Bool {
        let bytes = value.utf8
        guard let first = bytes.first, isLetter(first), bytes.count <= 200 else { return false }
        let words: Set = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        return !words.contains(value.lowercased())
            && bytes.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) || [0x2d, 0x2e, 0x2f, 0x5f].contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
    }

    private static func quoted(_ value: String) -> String {
        var result = "\"", before: UInt32?
        for scalar in value.unicodeScalars {
            defer { before = scalar.value }
            switch scalar.value {
            case 0x22: result += "\\\""
            case 0x5c: result += "\\\\"
            case 0x0a: result += "\\n"
            case 0x09: result += "\\t"
            case 0x0d: result += "\\r"
            case let value where HiddenScalars.contains(value) || HiddenScalars.mustBeEscaped(value, behind: before):
                result +=
                    value > 0xffff ? "\\U" + HiddenScalars.digits(value, 8) : "\\u" + HiddenScalars.digits(value, 4)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
