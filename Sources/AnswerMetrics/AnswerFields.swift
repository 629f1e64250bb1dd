import StrictJSON

/// Which member of an answer is meant: `intent`, or `/customer/name` through objects within objects (the member names of a
/// JSON Pointer, RFC 6901, with `~1` for `/` and `~0` for `~`).
public struct FieldPath: Sendable {
    /// The most names.
    static let longest = 8
    /// As it was written.
    public let source: String
    let names: [[UInt8]]

    /// Reads a path; nil when it is empty, longer than 200 bytes or 8 names, holds a control character, or is no pointer.
    public init?(_ source: String) {
        let bytes = Array(source.utf8)
        guard !bytes.isEmpty, bytes.count <= 200, bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { return nil }
        self.source = source
        guard bytes[0] == 0x2f else {
            names = [bytes]
            return
        }
        var names: [[UInt8]] = []
        for part in bytes.dropFirst().split(separator: 0x2f, omittingEmptySubsequences: false) {
            var name: [UInt8] = []
            var index = part.startIndex
            while index < part.endIndex {
                if part[index] == 0x7e {
                    guard index + 1 < part.endIndex, part[index + 1] == 0x30 || part[index + 1] == 0x31 else {
                        return nil
                    }
                    name.append(part[index + 1] == 0x30 ? 0x7e : 0x2f)
                    index += 1
                } else {
                    name.append(part[index])
                }
                index += 1
            }
            names.append(name)
        }
        guard names.count <= Self.longest else { return nil }
        self.names = names
    }
}

extension FieldPath: Hashable, Codable {
    public static func == (left: FieldPath, right: FieldPath) -> Bool { left.names == right.names }

    public func hash(into hasher: inout Hasher) { hasher.combine(names) }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let path = FieldPath(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no path of a field")
        }
        self = path
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(source)
    }
}

/// An answer that is JSON, by its members. Numbers are compared as numbers, texts by their scalars, as
/// ``JSONEquality`` does.
public struct AnswerFields: Sendable {
    private let value: ComparedJSON

    /// The members of a text; nil when it is no JSON.
    public init?(_ text: String) {
        guard let value = ComparedJSON(text: text) else { return nil }
        self.value = value
    }

    /// Its own members; none of what is no object, and none whose name no path can say.
    public var paths: [FieldPath] {
        guard case .members(let members) = value else { return [] }
        return members.keys.compactMap { name in
            let name = String(decoding: name, as: UTF8.self)
            return FieldPath(name.utf8.first == 0x2f ? "/~1" + name.dropFirst() : name)
        }
    }

    /// Whether there is a member at `path`.
    public func has(_ path: FieldPath) -> Bool { at(path) != nil }

    /// Whether the member at `path` holds the same as that of `answer`; nil when there is none, or it holds a whole number of
    /// which only the first digits are known. An answer that is no JSON has no members.
    public func isMet(by answer: AnswerFields?, at path: FieldPath) -> Bool? {
        guard let wanted = at(path), wanted.isExact else { return nil }
        return answer?.at(path) == wanted
    }

    /// The share of its members that `answer` has too with the same value; nil when it is no object, or has none, or one of
    /// them holds a whole number of which only the first digits are known. Members that only the answer has do not count.
    public func shareMet(by answer: AnswerFields?) -> Double? {
        guard case .members(let wanted) = value, !wanted.isEmpty, value.isExact else { return nil }
        guard case .members(let given)? = answer?.value else { return 0 }
        let right = wanted.count { given[$0.key] == $0.value }
        return Double(right) / Double(wanted.count)
    }

    /// What stands at `path`, as a label: a text, a whole number, `true`, `false` or `null`; nil for anything else.
    public func label(at path: FieldPath) -> [UInt8]? {
        switch at(path) {
        case .text(let bytes): bytes
        case .integer(let number): Array(String(number).utf8)
        case .unsigned(let number): Array(String(number).utf8)
        case .bool(let value): Array((value ? "true" : "false").utf8)
        case .null: Array("null".utf8)
        case .number, .rounded, .list, .members, nil: nil
        }
    }

    /// The number at `path`, or the last one of the text there; nil when there is none.
    public func number(at path: FieldPath) -> Double? {
        switch at(path) {
        case .integer(let number): Double(number)
        case .unsigned(let number): Double(number)
        case .number(let number): number
        case .text(let bytes): AnswerNumber.last(in: String(decoding: bytes, as: UTF8.self))
        case .rounded, .bool, .null, .list, .members, nil: nil
        }
    }

    private func at(_ path: FieldPath) -> ComparedJSON? {
        var value = value
        for name in path.names {
            guard case .members(let members) = value, let member = members[name] else { return nil }
            value = member
        }
        return value
    }
}

/// Calls of tools that are expected, as JSON: one or a list of `{"name": …, "arguments": …}`, or OpenAI's
/// `{"type": "function", "function": {…}}`; the arguments as an object or as the text of one.
public struct ExpectedCalls: Sendable {
    private let calls: [(name: [UInt8], arguments: ComparedJSON)]

    /// Reads calls; nil when the text holds none.
    public init?(_ text: String) {
        guard let value = ComparedJSON(text: text), value.isExact else { return nil }
        let items: [ComparedJSON] = if case .list(let items) = value { items } else { [value] }
        let calls = items.compactMap(Self.call)
        guard !calls.isEmpty, calls.count == items.count else { return nil }
        self.calls = calls
    }

    /// Whether `made` are these, in their order.
    ///
    /// - Parameter comparesArguments: Whether their arguments must be the same JSON too, not only the names.
    public func areMet(by made: [(name: String, arguments: String)], comparesArguments: Bool) -> Bool {
        made.count == calls.count
            && zip(made, calls).allSatisfy { made, wanted in
                made.name.utf8.elementsEqual(wanted.name)
                    && (!comparesArguments || Self.arguments(.text(Array(made.arguments.utf8))) == wanted.arguments)
            }
    }

    private static func call(_ value: ComparedJSON) -> (name: [UInt8], arguments: ComparedJSON)? {
        guard case .members(let members) = value else { return nil }
        if let function = members[Array("function".utf8)] { return call(function) }
        guard case .text(let name)? = members[Array("name".utf8)], !name.isEmpty,
            let arguments = arguments(members[Array("arguments".utf8)] ?? .members([:]))
        else { return nil }
        return (name, arguments)
    }

    /// Arguments as an object; nothing at all is one without members.
    private static func arguments(_ value: ComparedJSON) -> ComparedJSON? {
        switch value {
        case .members: return value
        case .text(let bytes):
            if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0a || $0 == 0x0d || $0 == 0x09 }) { return .members([:]) }
            guard let inner = ComparedJSON(text: String(decoding: bytes, as: UTF8.self)), case .members = inner else {
                return nil
            }
            return inner
        case .null, .bool, .integer, .unsigned, .number, .rounded, .list: return nil
        }
    }
}

/// The precision of one label over many answers: of those that say it, the share that should.
///
/// Each answer gets a value whose mean is the precision and whose spread is that of the precision, so that a paired test of
/// means can compare two releases: `p + (right − p · said) ÷ mean of said` (the delta method for a ratio; Cochran, 1977,
/// section 6.5).
public struct LabelPrecision: Sendable {
    /// How many answers say the label.
    public let said: Int
    /// One value an answer; empty when none says the label.
    public let values: [Double]

    /// The precision of answers that say the label or not, rightly or not.
    public init(_ answers: [(isSaid: Bool, isRight: Bool)]) {
        let said = answers.count(where: \.isSaid), right = answers.count { $0.isSaid && $0.isRight }
        self.said = said
        guard said > 0 else {
            values = []
            return
        }
        let precision = Double(right) / Double(said), mean = Double(said) / Double(answers.count)
        values = answers.map { answer in
            guard answer.isSaid else { return precision }
            return precision + ((answer.isRight ? 1 : 0) - precision) / mean
        }
    }
}
