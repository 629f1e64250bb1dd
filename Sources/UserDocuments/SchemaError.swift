import RegistryTypes
import StrictJSON

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
