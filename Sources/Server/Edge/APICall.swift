import ControlPlane
import Digests
import HTTPTypes
import Hummingbird
import RegistryTypes
import WireFormat

/// A request to the API whose caller was checked.
struct APICall: Sendable {
    let request: Request
    let state: RequestState
    /// Who asks.
    let caller: Caller

    /// A part of the path that is a name.
    func name(_ part: String) throws -> Name { try PathParts.name(part, in: state) }

    /// A part of the path that is a number.
    func number(_ part: String) throws -> Int { try PathParts.number(part, in: state) }

    /// A part of the path as text.
    func text(_ part: String) throws -> String { try PathParts.text(part, in: state) }

    /// The fields of the query.
    var query: FieldList { FieldList(Array((request.uri.query ?? "").utf8)) }

    /// The body as a value.
    func body<Value: Decodable>(_ type: Value.Type) async throws -> Value {
        try await JSONBody.read(type, from: request)
    }
}

/// Parts of a path as values. Whatever is not one is simply not there: 404.
enum PathParts {
    static func text(_ part: String, in state: RequestState) throws -> String {
        guard let raw = state.parameters.get(part) else { throw Problem(status: 404) }
        return FieldList(Array("p=".utf8) + raw.utf8.filter { $0 != UInt8(ascii: "&") && $0 != UInt8(ascii: "+") })["p"]
            ?? ""
    }

    static func name(_ part: String, in state: RequestState) throws -> Name {
        guard let name = try? Name(text(part, in: state)) else { throw Problem(status: 404) }
        return name
    }

    static func number(_ part: String, in state: RequestState) throws -> Int {
        guard let number = positive(try text(part, in: state)) else { throw Problem(status: 404) }
        return number
    }

    /// A number from 1 on, written as it is stored.
    static func positive(_ text: String) -> Int? {
        let bytes = text.utf8
        guard !bytes.isEmpty, bytes.count <= 12, bytes.first != 0x30, bytes.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text)
    }

    /// The fields of a query that narrow a list: `limit` and `before`.
    static func number(_ field: String, of query: FieldList) throws -> Int? {
        guard let text = query[field] else { return nil }
        guard let number = positive(text) else {
            throw Problem(
                status: 400,
                title: "\(field) must be a number from 1 on",
                exit: ExitCode.usage.rawValue
            )
        }
        return number
    }

    /// A field of a query that is a name.
    static func name(_ field: String, of query: FieldList) throws -> Name? { try query[field].map { try Name($0) } }
}
