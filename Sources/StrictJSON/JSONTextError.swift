/// Why a text is not JSON: what is wrong, and the byte at which it is, from 0 on.
public enum JSONTextError: Error, Equatable, Sendable {
    /// The text ends inside a value.
    case endsEarly
    /// A byte that cannot stand here.
    case unexpected(offset: Int)
    /// Something after the value.
    case trailing(offset: Int)
    /// A number that is not written as JSON writes numbers, or is too large.
    case badNumber(offset: Int)
    /// A string with a control byte, an unknown escape or half of a surrogate pair.
    case badString(offset: Int)
    /// A key that occurs twice in its object.
    case duplicateKey(String)
    /// Nested deeper than ``JSONText/maximumDepth``.
    case tooDeep(offset: Int)
}

extension JSONTextError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .endsEarly: "it ends inside a value"
        case .unexpected(let offset): "unexpected byte at \(offset)"
        case .trailing(let offset): "text after the value, at byte \(offset)"
        case .badNumber(let offset): "bad number at byte \(offset)"
        case .badString(let offset): "bad string at byte \(offset)"
        case .duplicateKey(let key): "key \"\(key.printable)\" occurs twice"
        case .tooDeep(let offset): "nested deeper than \(JSONText.maximumDepth) at byte \(offset)"
        }
    }
}
