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
