import TestSupport

/// The suites of the canary's vectors, read once for all tests.
enum Vectors {
    private static let parsed = Result { try ReferenceVectors.read(.canary, as: VectorFile.self)?.suites ?? [] }

    static func suite(_ name: String) throws -> Suite? {
        try parsed.get().first { $0.name == name }
    }

    static func names() throws -> [String]? {
        try parsed.get().map(\.name)
    }
}

struct VectorFile: Decodable {
    let suites: [Suite]
}

struct Suite: Decodable {
    let name: String
    let relativeTolerance: Double
    let absoluteTolerance: Double
    let cases: [JSON]

    enum CodingKeys: String, CodingKey {
        case name, cases
        case relativeTolerance = "rel_tol"
        case absoluteTolerance = "abs_tol"
    }

    /// Where `actual` lacks or misses what `expected` says; empty when it agrees.
    func differences(expected: JSON, actual: JSON, at path: String = "") -> [String] {
        switch (expected, actual) {
        case (.object(let wanted), .object(let found)):
            return wanted.keys.sorted().flatMap { key in
                differences(expected: wanted[key] ?? .null, actual: found[key] ?? .absent, at: "\(path).\(key)")
            }
        case (.array(let wanted), .array(let found)) where wanted.count == found.count:
            return zip(wanted, found).enumerated().flatMap { index, pair in
                differences(expected: pair.0, actual: pair.1, at: "\(path)[\(index)]")
            }
        case (.number(let wanted), .number(let found))
        where abs(wanted - found) <= max(absoluteTolerance, relativeTolerance * abs(wanted)):
            return []
        case _ where expected == actual:
            return []
        default:
            return ["\(path): expected \(expected), got \(actual)"]
        }
    }
}

/// Any JSON value; numbers as `Double`.
enum JSON: Decodable, Equatable, Sendable {
    case null
    case absent
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Double.self) {
            // First, because nearly everything is a number and a failed attempt is slow.
            self = .number(value)
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    subscript(key: String) -> JSON {
        if case .object(let members) = self { members[key] ?? .absent } else { .absent }
    }

    var double: Double { if case .number(let value) = self { value } else { .nan } }
    var int: Int { Int(exactly: double) ?? .min }
    var string: String { if case .string(let value) = self { value } else { "" } }
    var bool: Bool { self == .bool(true) }
    var list: [JSON] { if case .array(let values) = self { values } else { [] } }
    var doubles: [Double] { list.map(\.double) }

    static func optional(_ value: Double?) -> JSON { value.map { .number($0) } ?? .null }
    static func list(_ values: [Double]) -> JSON { .array(values.map { .number($0) }) }
    static func range(_ range: ClosedRange<Double>?) -> JSON {
        range.map { .list([$0.lowerBound, $0.upperBound]) } ?? .null
    }
}
