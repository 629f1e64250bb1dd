import StrictJSON

/// Whether two texts hold the same JSON: blanks, the order of keys, escapes, and the way a number is written (`1.0` and
/// `1`) do not count; the order of a list does. Texts are the same when their scalars are, in no other normal form.
public enum JSONEquality {
    /// - Returns: nil when one of them is no JSON, or holds a whole number that no 64 bits hold and that could look equal
    ///   to another one.
    public static func areEqual(_ left: String, _ right: String) -> Bool? {
        guard let left = ComparedJSON(text: left), let right = ComparedJSON(text: right), left.isExact, right.isExact
        else { return nil }
        return left == right
    }
}

/// JSON as it is compared: texts as bytes, numbers as numbers.
enum ComparedJSON: Equatable, JSONTree {
    typealias Members = [[UInt8]: ComparedJSON]

    case null
    case bool(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case number(Double)
    /// A whole number beyond 64 bits, of which only the first digits are known.
    case rounded
    case text([UInt8])
    case list([ComparedJSON])
    case members([[UInt8]: ComparedJSON])

    /// What a text holds; nil when it is no JSON.
    init?(text: String) {
        var reader = JSONTextReader<ComparedJSON>(Array(text.utf8), maximumDepth: JSONText.maximumDepth)
        guard let value = try? reader.whole() else { return nil }
        self = value
    }

    static var noMembers: Members { [:] }

    static func add(_ value: ComparedJSON, _ key: String, to members: inout Members) -> Bool {
        members.updateValue(value, forKey: Array(key.utf8)) == nil
    }

    static func object(_ members: Members) -> ComparedJSON { .members(members) }
    static func array(_ elements: [ComparedJSON]) -> ComparedJSON { .list(elements) }

    init(_ leaf: JSONLeaf) {
        switch leaf {
        case .null: self = .null
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .unsigned(let value): self = .unsigned(value)
        case .number(0, isWhole: true): self = .integer(0)
        case .number(_, isWhole: true): self = .rounded
        case .number(let value, isWhole: false):
            // Whole numbers below 2^53 are exact, however they are written.
            if abs(value) < 9_007_199_254_740_992, let whole = Int64(exactly: value) {
                self = .integer(whole)
            } else {
                self = .number(value)
            }
        case .string(let value): self = .text(Array(value.utf8))
        }
    }

    /// Whether every number in it is known to its last digit.
    var isExact: Bool {
        switch self {
        case .rounded: false
        case .list(let elements): elements.allSatisfy(\.isExact)
        case .members(let members): members.values.allSatisfy(\.isExact)
        case .null, .bool, .integer, .unsigned, .number, .text: true
        }
    }
}
