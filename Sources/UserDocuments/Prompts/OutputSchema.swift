import RegistryTypes
public import StrictJSON

/// What an answer must look like: a subset of JSON Schema, checked when it is loaded.
///
/// Known are `type`, `enum`, `const`, `anyOf`, `properties`, `required`, `additionalProperties`, `items`, `minimum`,
/// `maximum`, `minLength`, `maxLength` (in Unicode code points), and the remarks `title` and `description`, which
/// ask for nothing. Any other keyword is refused by name, so that no rule is ever silently ignored.
public struct OutputSchema: Hashable, Sendable {
    /// The schema as JSON.
    public let json: JSONValue

    /// Accepts `json` as a schema.
    ///
    /// - Throws: ``SchemaError`` for the first thing that is not of the subset.
    public init(_ json: JSONValue) throws(SchemaError) {
        try OutputSchema.check(json, path: "")
        self.json = json
    }

    /// What is wrong with `text` as an answer: empty when it is JSON that the schema accepts. At most ten problems.
    public func problems(in text: String) -> [String] {
        do {
            return problems(in: try JSONText.parse(text))
        } catch {
            return ["not JSON: \(error)"]
        }
    }

    /// Whether `text` is JSON that the schema accepts.
    public func accepts(_ text: String) -> Bool { problems(in: text).isEmpty }

    /// Whether a text is an object of JSON, of any shape.
    public static func isObject(_ text: String) -> Bool {
        if case .object = try? JSONText.parse(text) { true } else { false }
    }

    /// What is wrong with `value`: empty when the schema accepts it. At most ten problems.
    public func problems(in value: JSONValue) -> [String] {
        var problems: [String] = []
        OutputSchema.validate(value, against: json, path: "", into: &problems)
        return Array(problems.prefix(10))
    }
}

extension OutputSchema: Codable {
    public init(from decoder: any Decoder) throws { try self.init(JSONValue(from: decoder)) }

    public func encode(to encoder: any Encoder) throws { try json.encode(to: encoder) }
}

extension OutputSchema {
    private static let typeNames: Set<String> = ["null", "boolean", "number", "integer", "string", "array", "object"]

    /// Refuses whatever the validation below would not look at.
    static func check(_ schema: JSONValue, path: String) throws(SchemaError) {
        if case .bool = schema { return }
        guard case .object(let keywords) = schema else { throw .notAnObject(path: path) }
        for (keyword, value) in keywords.sorted(by: { $0.key < $1.key }) {
            func expect(_ isRight: Bool, _ expected: String) throws(SchemaError) {
                guard isRight else { throw .badValue(keyword: keyword, path: path, expected: expected) }
            }
            switch keyword {
            case "type":
                let names = value.strings ?? value.string.map { [$0] } ?? []
                let isRight = !names.isEmpty && names.allSatisfy(typeNames.contains) && Set(names).count == names.count
                try expect(isRight, "one or a list of \(typeNames.sorted().joined(separator: ", "))")
            case "enum":
                try expect(value.array.map { !$0.isEmpty } ?? false, "a list with at least one value")
            case "const":
                break
            case "title", "description":
                try expect(value.string != nil, "a text")
            case "required":
                try expect(value.strings.map { Set($0).count == $0.count } ?? false, "a list of distinct names")
            case "anyOf":
                guard let schemas = value.array, !schemas.isEmpty else {
                    throw .badValue(keyword: keyword, path: path, expected: "a list with at least one schema")
                }
                for (index, schema) in schemas.enumerated() { try check(schema, path: "\(path)/anyOf/\(index)") }
            case "properties":
                guard case .object(let properties) = value else {
                    throw .badValue(keyword: keyword, path: path, expected: "a mapping of names to schemas")
                }
                for (name, schema) in properties.sorted(by: { $0.key < $1.key }) {
                    try check(schema, path: "\(path)/properties/\(name)")
                }
            case "additionalProperties", "items":
                try check(value, path: "\(path)/\(keyword)")
            case "minimum", "maximum":
                try expect(value.number != nil, "a number")
            case "minLength", "maxLength":
                try expect(
                    value.number.flatMap(Int.init(exactly:)).map { $0 >= 0 } ?? false,
                    "a whole number from 0 on"
                )
            default:
                throw .unknownKeyword(keyword, path: path)
            }
        }
    }

    /// Appends what is wrong with `value`; stops once there are more problems than anybody reads.
    static func validate(_ value: JSONValue, against schema: JSONValue, path: String, into problems: inout [String]) {
        guard problems.count <= 10 else { return }
        func complain(_ text: String) { problems.append((path.isEmpty ? "the answer" : path) + " " + text) }
        guard case .object(let keywords) = schema else {
            if schema == .bool(false) { complain("is not allowed") }
            return
        }
        if let type = keywords["type"], !isOfType(value, type) {
            let names = type.strings ?? type.string.map { [$0] } ?? []
            complain("is \(value.typeName), not \(names.joined(separator: " or "))")
            return
        }
        if let constant = keywords["const"], constant != value { complain("is not the one allowed value") }
        if let values = keywords["enum"]?.array, !values.contains(value) {
            complain("is not one of the \(values.count) allowed values")
        }
        if let schemas = keywords["anyOf"]?.array {
            let fits = schemas.contains { candidate in
                var found: [String] = []
                validate(value, against: candidate, path: path, into: &found)
                return found.isEmpty
            }
            if !fits { complain("fits none of the \(schemas.count) alternatives") }
        }
        switch value {
        case .number(let number):
            if let minimum = keywords["minimum"]?.number, number < minimum { complain("is below \(shown(minimum))") }
            if let maximum = keywords["maximum"]?.number, number > maximum { complain("is above \(shown(maximum))") }
        case .string(let text):
            let length = Double(text.unicodeScalars.count)
            if let min = keywords["minLength"]?.number, length < min {
                complain("has \(shown(length)) characters, fewer than \(shown(min))")
            }
            if let max = keywords["maxLength"]?.number, length > max {
                complain("has \(shown(length)) characters, more than \(shown(max))")
            }
        case .array(let elements):
            guard let items = keywords["items"] else { break }
            for (index, element) in elements.enumerated() {
                validate(element, against: items, path: "\(path)/\(index)", into: &problems)
            }
        case .object(let members):
            validate(members, against: keywords, path: path, into: &problems)
        case .null, .bool:
            break
        }
    }

    private static func validate(
        _ members: [String: JSONValue],
        against keywords: [String: JSONValue],
        path: String,
        into problems: inout [String]
    ) {
        for name in keywords["required"]?.strings ?? [] where members[name] == nil {
            problems.append((path.isEmpty ? "the answer" : path) + " has no \"\(name.printable)\"")
        }
        let properties: [String: JSONValue] = if case .object(let known) = keywords["properties"] { known } else { [:] }
        for (name, member) in members.sorted(by: { $0.key < $1.key }) {
            let memberPath = "\(path)/\(name.printable)"
            if let schema = properties[name] {
                validate(member, against: schema, path: memberPath, into: &problems)
            } else if let schema = keywords["additionalProperties"] {
                validate(member, against: schema, path: memberPath, into: &problems)
            }
        }
    }

    private static func isOfType(_ value: JSONValue, _ type: JSONValue) -> Bool {
        (type.strings ?? type.string.map { [$0] } ?? []).contains { name in
            if name == "integer" { return value.number.map { $0 == $0.rounded() } ?? false }
            return name == value.typeName
        }
    }

    private static func shown(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? String(number)
    }
}

extension JSONValue {
    /// The text, when this is one.
    var string: String? { if case .string(let text) = self { text } else { nil } }
    /// The number, when this is one.
    var number: Double? { if case .number(let number) = self { number } else { nil } }
    /// The elements, when this is an array.
    var array: [JSONValue]? { if case .array(let values) = self { values } else { nil } }
    /// The elements, when this is an array of texts only.
    var strings: [String]? {
        guard let array else { return nil }
        let strings = array.compactMap(\.string)
        return strings.count == array.count ? strings : nil
    }
}

/// Why a JSON value is not a schema of the known subset.
public enum SchemaError: Error, Equatable, Sendable {
    /// A schema is neither an object nor `true` or `false`.
    case notAnObject(path: String)
    /// A keyword that is not part of the subset.
    case unknownKeyword(String, path: String)
    /// A keyword with a value it cannot have.
    case badValue(keyword: String, path: String, expected: String)
}

extension SchemaError: CustomStringConvertible {
    /// The keywords that are known.
    static let keywords = [
        "type", "enum", "const", "anyOf", "properties", "required", "additionalProperties", "items", "minimum",
        "maximum", "minLength", "maxLength", "title", "description",
    ]

    public var description: String {
        switch self {
        case .notAnObject(let path):
            "schema\(Self.at(path)) is not an object: write { type: object, ... }"
        case .unknownKeyword(let keyword, let path):
            "schema keyword \"\(keyword.printable)\"\(Self.at(path)) is not supported: known are "
                + Self.keywords.joined(separator: ", ")
        case .badValue(let keyword, let path, let expected):
            "schema keyword \"\(keyword)\"\(Self.at(path)) must be \(expected)"
        }
    }

    private static func at(_ path: String) -> String { path.isEmpty ? "" : " at \(path)" }
}
