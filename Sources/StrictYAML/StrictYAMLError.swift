/// Why a text is not acceptable YAML, or why a document does not say what it must. Each case knows its place.
public enum StrictYAMLError: Error, Hashable, Sendable {
    // What the text is
    /// More bytes than the limit.
    case tooLarge(bytes: Int, limit: Int)
    /// Bytes that are not UTF-8.
    case notUTF8(YAMLPosition)
    /// The file starts with the bytes of a byte order mark.
    case byteOrderMark
    /// A control byte such as NUL, or a carriage return without a line feed.
    case controlByte(UInt8, YAMLPosition)
    /// An invisible line end (U+0085, U+2028, U+2029) that YAML sees and editors do not.
    case hiddenLineEnd(codePoint: UInt32, YAMLPosition)
    /// Not YAML.
    case syntax(String, YAMLPosition)
    /// `*name`.
    case alias(YAMLPosition)
    /// `&name`.
    case anchor(YAMLPosition)
    /// `!name`.
    case tag(String, YAMLPosition)
    /// A key that occurs twice in its mapping.
    case duplicateKey(String, YAMLPosition)
    /// A list or a mapping where a key must be.
    case keyNotText(YAMLPosition)
    /// More nodes than the limit.
    case tooManyNodes(limit: Int, YAMLPosition)
    /// Nested deeper than the limit.
    case tooDeep(limit: Int, YAMLPosition)

    // What a document says
    /// A key that is not known here; `near` is a known one.
    case unknownKey(String, of: String, near: String?, known: [String], YAMLPosition)
    /// A key that must be there.
    case missingKey(String, of: String, YAMLPosition)
    /// A key whose value is something else, such as a list instead of a text.
    case wrongKind(key: String, of: String, expected: String, found: String, YAMLPosition)
    /// A word that is not one of those that are known.
    case unknownWord(String, key: String, of: String, near: String?, known: [String], YAMLPosition)
    /// A value that cannot be, and what it could be.
    case badValue(String, key: String, of: String, expected: String, YAMLPosition)
    /// What the reader of a document found, in its own words.
    case refused(String, YAMLPosition)
}

extension StrictYAMLError {
    /// Where it is.
    public var position: YAMLPosition {
        switch self {
        case .tooLarge, .byteOrderMark: YAMLPosition(line: 1)
        case .notUTF8(let position), .controlByte(_, let position), .hiddenLineEnd(_, let position),
            .syntax(_, let position), .alias(let position), .anchor(let position), .tag(_, let position),
            .duplicateKey(_, let position), .keyNotText(let position), .tooManyNodes(_, let position),
            .tooDeep(_, let position), .unknownKey(_, _, _, _, let position), .missingKey(_, _, let position),
            .wrongKind(_, _, _, _, let position), .unknownWord(_, _, _, _, _, let position),
            .badValue(_, _, _, _, let position), .refused(_, let position):
            position
        }
    }

    /// The known word nearest to the unknown one, when one is near.
    public var near: String? {
        switch self {
        case .unknownKey(_, _, let near, _, _), .unknownWord(_, _, _, let near, _, _): near
        default: nil
        }
    }

    /// What is wrong and what to do, without the place and without the near word.
    public var message: String {
        switch self {
        case .tooLarge(let bytes, let limit):
            "file has \(bytes) bytes, at most \(limit) are read: split it into several files"
        case .notUTF8: "bytes are not UTF-8: save the file as UTF-8"
        case .byteOrderMark: "file starts with a byte order mark: save it as UTF-8 without one"
        case .controlByte(0x0d, _):
            "carriage return without a line feed: end lines with a line feed"
        case .controlByte(let byte, _):
            "control byte 0x\(byte < 16 ? "0" : "")\(String(byte, radix: 16)) is not allowed: " + Self.orEscape
        case .hiddenLineEnd(let codePoint, _):
            "invisible line end U+\(Self.fourDigits(codePoint)) is not allowed: " + Self.orEscape
        case .syntax(let problem, _): "not YAML: \(problem)"
        case .alias: "aliases (*name) are not allowed: write the value out; a text that starts with * needs quotes"
        case .anchor: "anchors (&name) are not allowed: write the value out; a text that starts with & needs quotes"
        case .tag(let tag, _):
            "tags (\(Self.shown(tag))) are not allowed: remove it; a text that starts with ! needs quotes"
        case .duplicateKey(let key, _): "key \"\(Self.shown(key))\" occurs twice: keep one of them"
        case .keyNotText: "a key must be a text, not a list or a mapping: quote it if the braces are part of the text"
        case .tooManyNodes(let limit, _): "more than \(limit) values in one file: split it into several files"
        case .tooDeep(let limit, _): "nested deeper than \(limit) levels: make it flatter"
        case .unknownKey(let key, let owner, let near, let known, _):
            "unknown key \"\(Self.shown(key))\" in \(owner)"
                + (near == nil && !known.isEmpty ? ": known are \(known.joined(separator: ", "))" : "")
        case .missingKey(let key, let owner, _): "\(owner) needs \"\(key)\""
        case .wrongKind(let key, let owner, let expected, let found, _):
            "\(Self.subject(key, owner)) must be \(expected), not \(found)"
        case .unknownWord(let word, let key, let owner, let near, let known, _):
            "\"\(Self.shown(word))\" is not known as \(Self.subject(key, owner))"
                + (near == nil ? ": use one of \(known.joined(separator: ", "))" : "")
        case .badValue(let value, let key, let owner, let expected, _):
            "\(Self.subject(key, owner)) is \"\(Self.shown(value))\": expected \(expected)"
        case .refused(let message, _): message
        }
    }

    private static let orEscape = "remove it, or write it as an escape in double quotes"

    private static func subject(_ key: String, _ owner: String) -> String {
        key.isEmpty ? owner : "\"\(key)\" of \(owner)"
    }

    /// At most 60 bytes of a text with control bytes shown as `?`, safe to print in one line.
    static func shown(_ text: String) -> String {
        var end = text.utf8.startIndex
        var count = 0
        while end < text.utf8.endIndex, count < 60 {
            text.utf8.formIndex(after: &end)
            count += 1
        }
        while end < text.utf8.endIndex, text.utf8[end] & 0xc0 == 0x80 { text.utf8.formIndex(after: &end) }
        let isCut = end < text.utf8.endIndex
        let bytes = text.utf8[..<end].map { $0 < 0x20 || $0 == 0x7f ? UInt8(ascii: "?") : $0 }
        return String(decoding: bytes, as: UTF8.self) + (isCut ? "…" : "")
    }

    private static func fourDigits(_ codePoint: UInt32) -> String {
        let digits = String(codePoint, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension StrictYAMLError: CustomStringConvertible {
    public var description: String {
        "line \(position.line): \(message)" + (near.map { ": did you mean \"\($0)\"?" } ?? "")
    }
}
