import ControlPlane
import Hummingbird
import RegistryTypes
import WireFormat
import Wording

/// Parts of a path and fields of a query as values. A part of a path that is none is simply not there: 404; a field
/// that makes no sense is refused by its name: 400.
enum PathParts {
    // MARK: Parts of a path

    static func text(_ part: String, in state: RequestState) throws -> String {
        guard let raw = state.parameters.get(part) else { throw Problem(status: 404) }
        return FieldList.decoded(raw.utf8, isField: false)
    }

    static func name(_ part: String, in state: RequestState) throws -> Name {
        guard let name = try? Name(text(part, in: state)) else { throw Problem(status: 404) }
        return name
    }

    static func number(_ part: String, in state: RequestState) throws -> Int {
        guard let number = positive(try text(part, in: state)) else { throw Problem(status: 404) }
        return number
    }

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

    /// A captured request. What is no id names nothing: 404.
    static func request(_ text: String) throws -> RegistryTypes.RequestID {
        guard let id = try? RegistryTypes.RequestID(text) else {
            throw Problem(
                status: 404,
                title: "\"\(text)\" does not name a request",
                detail: "it would have 26 letters and digits",
                exit: ExitCode.notFound.rawValue
            )
        }
        return id
    }

    /// A number from 1 on, written as it is stored.
    static func positive(_ text: String) -> Int? {
        let bytes = text.utf8
        guard !bytes.isEmpty, bytes.count <= 12, bytes.first != 0x30, bytes.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        return Int(text)
    }

    // MARK: Fields of a query or a form

    /// A field that is a name.
    static func name(_ field: String, of query: FieldList) throws -> Name? { try query[field].map { try Name($0) } }

    /// A field that is a number from 1 on.
    static func number(_ field: String, of query: FieldList) throws -> Int? {
        guard let text = query[field] else { return nil }
        guard let number = positive(text) else { throw refused("\(field) must be a number from 1 on") }
        return number
    }

    /// A field that is a reference and must be there.
    static func reference(_ field: String, of query: FieldList) throws -> Reference {
        guard let text = query[field] else { throw refused("\(field) is missing in the query") }
        return try Reference(text)
    }

    /// The fields `from` and `to`.
    static func range(_ query: FieldList) throws -> (from: Int, to: Int) {
        guard let from = try number("from", of: query), let to = try number("to", of: query) else {
            throw refused("from or to is missing in the query")
        }
        return (from, to)
    }

    /// The field `limit`. More than one answer holds is refused: fewer entries than were asked for look like all.
    static func limit(_ query: FieldList) throws -> ListLimit {
        guard let count = try number("limit", of: query) else { return .usual }
        guard let limit = ListLimit(count) else {
            throw refused("limit must be at most \(ListLimit.max), not \(count); before asks for the next part")
        }
        return limit
    }

    /// The fields `after` and `prefix` of a list by name.
    static func part(_ query: FieldList, limit: ListLimit? = nil) throws -> NamedPart {
        // A person who looks for a name may write it large.
        let bytes = (query["prefix"] ?? "").utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }
        let prefix = String(decoding: bytes, as: UTF8.self)
        guard prefix.isEmpty || Name.isValid(prefix) else {
            throw refused("prefix must be how a name begins: letters, digits, dot, dash and underscore")
        }
        return try NamedPart(after: name("after", of: query), prefix: prefix, limit: limit ?? self.limit(query))
    }

    /// A field that is a moment: RFC 3339, or how long ago, such as `90s`, `15min`, `24h`, `7d`.
    static func moment(_ field: String, of query: FieldList, now: Timestamp) throws -> Timestamp? {
        guard let text = query[field] else { return nil }
        if let time = Timestamp(written: text) { return time }
        return now.adding(seconds: -(try seconds(text, field: field)))
    }

    /// A length of time, such as `90s`, `15min`, `24h`, `7d`.
    static func seconds(_ text: String, field: String) throws -> Double {
        let units: [(String, Double)] = [("min", 60), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
        for (unit, factor) in units where text.utf8.reversed().starts(with: unit.utf8.reversed()) {
            let digits = String(decoding: text.utf8.dropLast(unit.utf8.count), as: UTF8.self)
            if let number = positive(digits), number <= 100_000 { return Double(number) * factor }
        }
        throw refused("\(field) must be a time such as 24h, 7d or 2026-11-21T10:00:00Z, not \"\(text)\"")
    }

    /// A field that is `yes` or `no`.
    static func flag(_ field: String, of query: FieldList) throws -> Bool? {
        switch query[field] {
        case nil: return nil
        case "yes", "true": return true
        case "no", "false": return false
        case .some: throw refused("\(field) must be yes or no")
        }
    }

    /// A field of a form as typed; nil when it says nothing. What is longer than a page lets anybody type is refused.
    ///
    /// - Parameter limitBytes: 4 bytes for each character that the page takes.
    static func words(_ field: String, of fields: FieldList, limitBytes: Int = 2000) throws -> String? {
        guard let text = fields[field], text.utf8.contains(where: { $0 > 0x20 }) else { return nil }
        guard text.utf8.count <= limitBytes else {
            let size = NumberText.count(text.utf8.count, "byte")
            throw refused("\(field) has \(size); at most \(NumberText.count(limitBytes)) are taken")
        }
        return text
    }

    /// What is wrong with a field.
    static func refused(_ title: String) -> Problem {
        Problem(status: 400, title: title, exit: ExitCode.usage.rawValue)
    }
}

extension ListAnswer {
    /// The first `limit` entries of a list and, when there are more, the number that the next part comes before.
    ///
    /// - Parameter read: Reads so many entries: one more than is shown, to know whether there is more.
    static func part(
        _ limit: ListLimit,
        number: (Item) throws -> Int,
        read: (Int) async throws -> [Item]
    ) async throws -> ListAnswer {
        try ListAnswer(read: try await read(limit.count + 1), limit: limit) { String(try number($0)) }
    }
}
