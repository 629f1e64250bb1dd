import Foundation

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
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }

    /// The same as YAML.
    func yaml() throws -> String {
        YAMLText.of(try JSONDecoder().decode(ExactJSON.self, from: JSONEncoder().encode(self)))
    }
}
