import ControlPlane
import RegistryTypes
import WireFormat

/// What the fields of a query over live traffic mean.
extension PathParts {
    /// The terms that narrow a list of requests, besides the model and the time.
    private static let requestTerms = [
        "release", "version", "channel", "arm", "source", "outcome", "key", "labelled", "correct", "liked", "valid",
    ]

    /// The fields that say which requests.
    static func requests(_ query: FieldList, now: Timestamp) throws -> RequestQuery {
        RequestQuery(
            model: try name("model", of: query),
            since: try moment("since", of: query, now: now),
            until: try moment("until", of: query, now: now),
            terms: terms(query),
            before: try query["before"].map { try RequestID($0) },
            limit: try limit(query)
        )
    }

    /// The terms that have a value.
    static func terms(_ query: FieldList) -> [String: String] {
        var terms: [String: String] = [:]
        for term in requestTerms { terms[term] = query[term] }
        return terms
    }

    /// A request in the path. What is no id names nothing: 404.
    static func request(_ text: String) throws -> RequestID {
        guard let id = try? RequestID(text) else {
            throw Problem(
                status: 404,
                title: "\"\(text)\" does not name a request",
                detail: "it would have 26 letters and digits",
                exit: ExitCode.notFound.rawValue
            )
        }
        return id
    }

    /// A field that is a moment: RFC 3339, or how long ago, such as `90s`, `15min`, `24h`, `7d`.
    static func moment(_ field: String, of query: FieldList, now: Timestamp) throws -> Timestamp? {
        guard let text = query[field] else { return nil }
        if let time = Timestamp(text) { return time }
        return now.adding(seconds: -(try seconds(text, field: field)))
    }

    /// A length of time, such as `90s`, `15min`, `24h`, `7d`.
    static func seconds(_ text: String, field: String) throws -> Double {
        let units: [(String, Double)] = [("min", 60), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]
        for (unit, factor) in units where text.utf8.reversed().starts(with: unit.utf8.reversed()) {
            let digits = String(decoding: text.utf8.dropLast(unit.utf8.count), as: UTF8.self)
            if let number = positive(digits), number <= 100_000 { return Double(number) * factor }
        }
        throw Problem(
            status: 400,
            title: "\(field) must be a time such as 24h, 7d or 2026-11-21T10:00:00Z, not \"\(text)\"",
            exit: ExitCode.usage.rawValue
        )
    }

    /// A field that is `yes` or `no`.
    static func flag(_ field: String, of query: FieldList) throws -> Bool? {
        switch query[field] {
        case nil: return nil
        case "yes", "true": return true
        case "no", "false": return false
        case .some:
            throw Problem(status: 400, title: "\(field) must be yes or no", exit: ExitCode.usage.rawValue)
        }
    }
}
