/// Any JSON value; whole numbers stay whole, so that seeds of 64 bits survive.
enum ExactJSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case whole(Int64)
    case unsigned(UInt64)
    case number(Double)
    case text(String)
    case list([ExactJSON])
    case object([String: ExactJSON])
}

extension ExactJSON: Decodable {
    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .whole(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([ExactJSON].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: ExactJSON].self))
        }
    }
}
