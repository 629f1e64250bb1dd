/// What is wrong with one line of a traffic set. Columns count bytes from 1.
public enum TrafficLineError: Error, Equatable, Sendable {
    /// Nothing is on the line.
    case blank
    /// The line is longer than is taken.
    case tooLong(limitBytes: Int)
    /// The bytes are not UTF-8.
    case notUTF8(column: Int)
    /// The file begins with a byte-order mark.
    case byteOrderMark
    /// The text is not JSON of the expected form.
    case syntax(column: Int, expected: String)
    /// A key that requests do not have.
    case unknownKey(String, known: [String])
    /// A key that occurs twice.
    case duplicateKey(String)
    /// A key that must be there.
    case missingKey(String)
    /// A value of the wrong type.
    case wrongType(key: String, expected: String)
    /// An id that is empty, too long or has control characters.
    case badID(String)
}

extension TrafficLineError: CustomStringConvertible {
    /// What is wrong and what to do, in one line.
    public var description: String {
        switch self {
        case .blank: "it is blank: write one JSON object per line"
        case .tooLong(let limit): "it has more than \(limit) bytes: shorten the request"
        case .notUTF8(let column): "byte \(column) is not UTF-8: save the file as UTF-8"
        case .byteOrderMark: "the file begins with a byte-order mark: save it as UTF-8 without one"
        case .syntax(let column, let expected): "column \(column): expected \(expected)"
        case .unknownKey(let key, let known): "unknown key \"\(key)\": a request has \(known.joined(separator: ", "))"
        case .duplicateKey(let key): "key \"\(key)\" occurs twice"
        case .missingKey(let key): "key \"\(key)\" is missing"
        case .wrongType(let key, let expected): "\"\(key)\" must be \(expected)"
        case .badID(let id): "id \"\(id)\" cannot be used: 1 to 200 bytes without control characters"
        }
    }
}
