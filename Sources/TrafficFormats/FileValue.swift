import StrictJSON

/// A value in a file of another tool: members in the order of the file and whole numbers as they are written, so that what
/// becomes a text says what the file says.
indirect enum FileValue: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case number(Double)
    case text(String)
    case list([FileValue])
    case members([Member])

    /// A member of an object.
    struct Member: Equatable, Sendable {
        let name: String
        let value: FileValue
    }

    /// The value that JSON bytes are.
    static func json(_ bytes: some Sequence<UInt8>) throws(JSONTextError) -> FileValue {
        var reader = JSONTextReader<FileValue>(Array(bytes), maximumDepth: JSONText.maximumDepth)
        return try reader.whole()
    }
}

extension FileValue: JSONTree {
    struct Members {
        var list: [Member] = []
        var names: Set<String> = []
    }

    static var noMembers: Members { Members() }

    static func add(_ value: FileValue, _ key: String, to members: inout Members) -> Bool {
        guard members.names.insert(key).inserted else { return false }
        members.list.append(Member(name: key, value: value))
        return true
    }

    static func object(_ members: Members) -> FileValue { .members(members.list) }
    static func array(_ elements: [FileValue]) -> FileValue { .list(elements) }

    init(_ leaf: JSONLeaf) {
        self =
            switch leaf {
            case .null: .null
            case .bool(let value): .bool(value)
            case .integer(let value): .integer(value)
            case .unsigned(let value): .unsigned(value)
            case .number(let value, _): .number(value)
            case .string(let text): .text(text)
            }
    }
}

/// What readers ask of a value.
extension FileValue {
    /// A member of an object; nil where there is none of that name, or it is `null`.
    subscript(_ name: String) -> FileValue? {
        guard let value = all.first(where: { $0.name.utf8.elementsEqual(name.utf8) })?.value, value != .null else {
            return nil
        }
        return value
    }

    /// The members of an object; none of anything else.
    var all: [Member] { if case .members(let members) = self { members } else { [] } }

    /// The elements of a list; nil of anything else.
    var list: [FileValue]? { if case .list(let elements) = self { elements } else { nil } }

    /// A text itself; nil of anything else.
    var text: String? { if case .text(let text) = self { text } else { nil } }

    /// Whether it is an object.
    var isObject: Bool { if case .members = self { true } else { false } }

    /// Whether a member is there, even if it is `null`.
    func has(_ name: String) -> Bool { all.contains { $0.name == name } }

    /// A name that may be a text or a number, such as an id.
    var word: String? {
        switch self {
        case .text(let text): text
        case .integer(let number): String(number)
        case .unsigned(let number): String(number)
        case .number, .bool: json
        case .null, .list, .members: nil
        }
    }

    /// What the value says as a text: a text as it is, anything else as its JSON.
    var said: String { text ?? json }

    /// A number.
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .unsigned(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .text, .list, .members: nil
        }
    }

    /// An object or list that some tools write as the text of its JSON.
    var opened: FileValue {
        guard case .text(let text) = self, let first = text.utf8.first(where: { $0 > 0x20 }),
            first == UInt8(ascii: "{") || first == UInt8(ascii: "["), let value = try? FileValue.json(text.utf8)
        else { return self }
        return value
    }

    /// Its JSON, with the members in their order.
    var json: String {
        var text = ""
        write(into: &text)
        return text
    }

    private func write(into text: inout String) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .unsigned(let value): text += String(value)
        case .number(let value): text += String(value)
        case .text(let value): Self.quote(value, into: &text)
        case .list(let elements):
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += ", " }
                element.write(into: &text)
            }
            text += "]"
        case .members(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                if index > 0 { text += ", " }
                Self.quote(member.name, into: &text)
                text += ": "
                member.value.write(into: &text)
            }
            text += "}"
        }
    }

    private static func quote(_ value: String, into text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
