import RegistryTypes
import WireFormat

/// What the fields of a query and the ids in a path mean.
extension PathParts {
    /// The number after `c-`, `dec-` and the like. What is no identifier names nothing: 404.
    static func identifier<Kind: IdentifierKind>(_ text: String) throws -> Identifier<Kind> {
        guard let identifier = try? Identifier<Kind>(text: text) else {
            throw Problem(
                status: 404,
                title: "\"\(text)\" does not name anything",
                detail: "it would look like \(Kind.prefix)12",
                exit: ExitCode.notFound.rawValue
            )
        }
        return identifier
    }

    /// A field of a query that is a reference.
    static func reference(_ field: String, of query: FieldList) throws -> Reference {
        guard let text = query[field] else {
            throw Problem(status: 400, title: "\(field) is missing in the query", exit: ExitCode.usage.rawValue)
        }
        return try Reference(text)
    }

    /// The fields `from` and `to`.
    static func range(_ query: FieldList) throws -> (from: Int, to: Int) {
        guard let from = try PathParts.number("from", of: query), let to = try PathParts.number("to", of: query) else {
            throw Problem(status: 400, title: "from or to is missing in the query", exit: ExitCode.usage.rawValue)
        }
        return (from, to)
    }

    /// The field `limit`, within bounds.
    static func limit(_ query: FieldList) throws -> Int {
        min(try PathParts.number("limit", of: query) ?? APIRoutes.items, APIRoutes.maxItems)
    }
}
