import ControlPlane
import Hummingbird
import Pages
import RegistryTypes
import StrictJSON
import WireFormat
import Wording

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
    var query: FieldList { request.query }

    /// Whether the client names a media type among those that it takes. One that takes anything gets what is usual.
    func accepts(_ type: String) -> Bool {
        (request.headers[.accept] ?? "").split(separator: ",").contains { part in
            let name = part.split(separator: ";").first ?? ""
            return name.utf8.filter { $0 != 0x20 && $0 != 0x09 }.elementsEqual(type.utf8)
        }
    }

    /// The longest body that may say nothing.
    private static let emptyBodyBytes = 1024

    /// Refuses a body with anything in it, at an address whose path says all: who sends `dryRun` there must not be misread.
    ///
    /// - Throws: `Problem`, `JSONTextError`.
    func requireNoMembers() async throws {
        let bytes = try await request.collected(upTo: JSONBody.limitBytes).readableBytesView
        guard !bytes.isEmpty else { return }
        // What is longer holds something, or nothing but blanks: nobody waits for its reading.
        guard bytes.count <= APICall.emptyBodyBytes,
            try JSONText.parse(String(decoding: bytes, as: UTF8.self)) == .object([:])
        else {
            throw Problem(
                status: 400,
                title: "the body is not what this address takes",
                detail: "it takes none, or {}",
                exit: ExitCode.badData.rawValue
            )
        }
    }

    /// The body as a value.
    func body<Value: Decodable & Sendable>(_ type: Value.Type) async throws -> Value {
        try await JSONBody.read(type, from: request)
    }
}

/// A request of a browser whose session was checked.
struct PageCall: Sendable {
    let request: Request
    let state: RequestState
    let visitor: Gatekeeper.Visitor
    /// The fields of the query, or of the form.
    let fields: FieldList
    /// What the page needs to know of who looks.
    let context: PageContext

    /// The most bytes of a form.
    static let formLimitBytes = 64 << 10

    /// Who asks.
    var caller: Caller { visitor.caller }

    /// A part of the path that is a name.
    func name(_ part: String) throws -> Name { try PathParts.name(part, in: state) }

    /// A part of the path that is a number.
    func number(_ part: String) throws -> Int { try PathParts.number(part, in: state) }

    /// A part of the path as text.
    func text(_ part: String) throws -> String { try PathParts.text(part, in: state) }
}

extension Request {
    /// The fields of the query.
    var query: FieldList { FieldList(Array((uri.query ?? "").utf8)) }
}
