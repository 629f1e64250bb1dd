public import RegistryTypes
import StrictJSON

/// Reads one line of a traffic set: JSON (RFC 8259) of exactly the shape of a ``TrafficRequest``. Nothing is guessed:
/// a key that is not known, occurs twice or has another type is an error that says so.
public struct TrafficLineParser {
    private let bytes: [UInt8]
    private var index = 0

    /// The longest line, in bytes.
    public static let limitBytes = 1 << 20

    private static let keys = [
        "id", "variables", "messages", "expected", "expectedFrom", "tags", "askedAt", "tools", "settings",
        "conversation",
    ]
    /// Keys by which lines of other tools are known, of chats and of fine-tuning.
    private static let conversationKeys = ["conversations", "prompt", "completion", "contents"]
    /// Keys of the lines of batches, whatever they ask for, and of their answers.
    private static let batchKeys = ["custom_id", "method", "url", "body", "response"]

    /// A parser of the bytes between two line feeds.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The request of the line.
    public mutating func parse() throws(TrafficLineError) -> TrafficRequest {
        skipSpace()
        var id: String?
        var variables: [String: String]?
        var expected: String?
        var expectedFrom: ExpectationSource?
        var tags: [String: String]?
        var askedAt: Timestamp?
        var tools: String?
        var messages: [ChatMessage]?
        var settings: [String: JSONValue]?
        var conversation: String?
        var seen: Set<String> = []
        try expect(0x7b, "an object { … }")
        try members { (key: String, parser: inout TrafficLineParser) throws(TrafficLineError) in
            guard seen.insert(key).inserted else { throw .duplicateKey(Self.shown(key)) }
            switch key {
            case "id": id = try parser.text(of: key)
            case "variables": variables = try parser.texts(of: key)
            case "expected": expected = try parser.isNull() ? nil : parser.text(of: key)
            case "expectedFrom": expectedFrom = try parser.isNull() ? nil : parser.source(of: key)
            case "tags": tags = try parser.isNull() ? nil : parser.texts(of: key)
            case "askedAt": askedAt = try parser.isNull() ? nil : parser.time(of: key)
            case "tools": tools = try parser.isNull() ? nil : parser.tools(of: key)
            case "messages": messages = try parser.isNull() ? nil : parser.messages(of: key)
            case "settings": settings = try parser.isNull() ? nil : parser.settings(of: key)
            case "conversation": conversation = try parser.isNull() ? nil : parser.text(of: key)
            case _ where Self.conversationKeys.contains(key): throw .conversation(key: key)
            case _ where Self.batchKeys.contains(key): throw .batch(key: key)
            default: throw .unknownKey(Self.shown(key), known: Self.keys)
            }
        }
        skipSpace()
        guard index == bytes.count else { throw .syntax(column: index + 1, expected: "the end of the line") }
        guard let id else { throw .missingKey("id") }
        if expected == nil, expectedFrom != nil {
            throw .wrongType(key: "expectedFrom", expected: "left out where nothing is expected")
        }
        let content: TrafficRequest.Content
        switch (variables, messages) {
        case (let values?, nil): content = .variables(values)
        case (nil, let messages?): content = .messages(messages)
        case (_?, _?):
            throw .wrongType(key: "messages", expected: "left out beside variables: a request has one of them")
        case (nil, nil): throw .missingKey("variables")
        }
        guard (1...200).contains(id.utf8.count), id.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else {
            throw .badID(Self.shown(id))
        }
        return TrafficRequest(
            id: id,
            content: content,
            expected: expected,
            expectedFrom: expectedFrom,
            tags: tags,
            askedAt: askedAt,
            tools: tools,
            settings: settings,
            conversation: conversation
        )
    }

    // MARK: Values

    private mutating func messages(of key: String) throws(TrafficLineError) -> [ChatMessage] {
        let messages = try value(
            [ChatMessage].self,
            of: key,
            "messages with role and text, of tools also answers and calls"
        )
        if let problem = TrafficRequest.problem(of: messages) { throw .wrongType(key: key, expected: problem) }
        return messages
    }

    private mutating func settings(of key: String) throws(TrafficLineError) -> [String: JSONValue] {
        let settings = try value([String: JSONValue].self, of: key, "an object of settings")
        if let problem = DecodingSettings.problem(of: settings) { throw .badSetting(problem) }
        return settings
    }

    /// The value that comes next, of which every member must be known.
    private mutating func value<Value: Decodable>(
        _ type: Value.Type,
        of key: String,
        _ expected: String
    ) throws(TrafficLineError) -> Value {
        let start = index
        var reader = JSONTextReader<SkippedJSON>(bytes, from: index, maximumDepth: JSONText.maximumDepth)
        do throws(JSONTextError) {
            _ = try reader.first()
        } catch {
            throw .syntax(column: start + 1, expected: "\(expected): \(error)")
        }
        index = reader.index
        // Strings are taken apart byte by byte here, and bytes that are no UTF-8 would be replaced below.
        let text = bytes[start..<index]
        guard String(validating: text, as: UTF8.self) != nil else {
            throw .notUTF8(column: start + 1 + Self.firstInvalid(text))
        }
        do {
            return try JSONText.decode(type, from: text)
        } catch let unknown as UnknownMember {
            throw .unknownKey(
                "\(key).\((unknown.path + [Self.shown(unknown.name)]).joined(separator: "."))",
                known: unknown.known
            )
        } catch {
            throw .wrongType(key: key, expected: expected)
        }
    }

    private mutating func text(of key: String) throws(TrafficLineError) -> String {
        guard index < bytes.count, bytes[index] == 0x22 else { throw .wrongType(key: key, expected: "a string") }
        return try string()
    }

    private mutating func time(of key: String) throws(TrafficLineError) -> Timestamp {
        guard let time = Timestamp(try text(of: key)) else {
            throw .wrongType(key: key, expected: "a time such as 2026-11-21T14:00:00Z")
        }
        return time
    }

    private mutating func source(of key: String) throws(TrafficLineError) -> ExpectationSource {
        guard let source = ExpectationSource(rawValue: try text(of: key)) else {
            throw .wrongType(key: key, expected: "answer or correction")
        }
        return source
    }

    private mutating func tools(of key: String) throws(TrafficLineError) -> String {
        let text = try text(of: key)
        guard TrafficRequest.isToolList(text) else {
            throw .wrongType(key: key, expected: "a string with a JSON array of objects")
        }
        return text
    }

    private mutating func texts(of key: String) throws(TrafficLineError) -> [String: String] {
        guard index < bytes.count, bytes[index] == 0x7b else {
            throw .wrongType(key: key, expected: "an object with strings")
        }
        index += 1
        var values: [String: String] = [:]
        try members { (name: String, parser: inout TrafficLineParser) throws(TrafficLineError) in
            let value = try parser.text(of: "\(key).\(Self.shown(name))")
            guard values.updateValue(value, forKey: name) == nil else {
                throw .duplicateKey("\(key).\(Self.shown(name))")
            }
        }
        return values
    }

    /// The members of an object whose brace was read; `body` reads each value.
    private mutating func members(
        _ body: (String, inout TrafficLineParser) throws(TrafficLineError) -> Void
    ) throws(TrafficLineError) {
        skipSpace()
        if index < bytes.count, bytes[index] == 0x7d {
            index += 1
            return
        }
        while true {
            skipSpace()
            guard index < bytes.count, bytes[index] == 0x22 else {
                throw .syntax(column: index + 1, expected: "a key in double quotes")
            }
            let key = try string()
            skipSpace()
            try expect(0x3a, "':' after the key")
            skipSpace()
            try body(key, &self)
            skipSpace()
            guard index < bytes.count else { throw .syntax(column: index + 1, expected: "',' or '}'") }
            switch bytes[index] {
            case 0x2c: index += 1
            case 0x7d:
                index += 1
                return
            default: throw .syntax(column: index + 1, expected: "',' or '}'")
            }
        }
    }

    /// Reads `null` when it is next.
    private mutating func isNull() throws(TrafficLineError) -> Bool {
        guard bytes[index...].starts(with: Array("null".utf8)) else { return false }
        index += 4
        return true
    }

    // MARK: Strings

    private mutating func string() throws(TrafficLineError) -> String {
        let start = index
        index += 1
        var text: [UInt8] = []
        while true {
            guard index < bytes.count else { throw .syntax(column: start + 1, expected: "the string to end") }
            let byte = bytes[index]
            switch byte {
            case 0x22:
                index += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw .notUTF8(column: start + 1 + Self.firstInvalid(bytes[start..<index]))
                }
                return string
            case 0x5c: try escape(into: &text)
            case 0..<0x20: throw .syntax(column: index + 1, expected: "no control character inside a string")
            default:
                text.append(byte)
                index += 1
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(TrafficLineError) {
        let start = index
        index += 1
        guard index < bytes.count else { throw .syntax(column: start + 1, expected: "a character after the backslash") }
        let byte = bytes[index]
        index += 1
        switch byte {
        case 0x22, 0x5c, 0x2f: text.append(byte)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0c)
        case 0x6e: text.append(0x0a)
        case 0x72: text.append(0x0d)
        case 0x74: text.append(0x09)
        case 0x75:
            var code = try hexadecimal()
            if (0xd800..<0xdc00).contains(code), index + 1 < bytes.count, bytes[index] == 0x5c, bytes[index + 1] == 0x75
            {
                index += 2
                let low = try hexadecimal()
                guard (0xdc00..<0xe000).contains(low) else {
                    throw .syntax(column: start + 1, expected: "both halves of a surrogate pair")
                }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let scalar = Unicode.Scalar(code) else {
                throw .syntax(column: start + 1, expected: "both halves of a surrogate pair")
            }
            text.append(contentsOf: UTF8.encode(scalar).map(Array.init) ?? [])
        default: throw .syntax(column: start + 1, expected: "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u")
        }
    }

    private mutating func hexadecimal() throws(TrafficLineError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count, let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else {
                throw .syntax(column: index + 1, expected: "four hexadecimal digits after \\u")
            }
            code = code << 4 | UInt32(digit)
            index += 1
        }
        return code
    }

    // MARK: Bytes

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0d].contains(bytes[index]) { index += 1 }
    }

    private mutating func expect(_ byte: UInt8, _ what: String) throws(TrafficLineError) {
        guard index < bytes.count, bytes[index] == byte else { throw .syntax(column: index + 1, expected: what) }
        index += 1
    }

    /// The offset of the first byte that cannot be part of UTF-8.
    private static func firstInvalid(_ bytes: ArraySlice<UInt8>) -> Int {
        var valid = 0
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { valid += UTF8.width(scalar) }
        return valid
    }

    /// At most 40 bytes of `text` without control characters, safe to print.
    private static func shown(_ text: String) -> String {
        String(decoding: text.utf8.prefix(40).map { $0 < 0x20 || $0 == 0x7f ? 0x3f : $0 }, as: UTF8.self)
    }
}

/// A value whose end is looked for and nothing else.
private struct SkippedJSON: JSONTree {
    static var noMembers: Void { () }
    static func add(_ value: SkippedJSON, _ key: String, to members: inout Void) -> Bool { true }
    static func object(_ members: Void) -> SkippedJSON { SkippedJSON() }
    static func array(_ elements: [SkippedJSON]) -> SkippedJSON { SkippedJSON() }
    init() {}
    init(_ leaf: JSONLeaf) {}
}

extension TrafficRequest {
    /// Whether a text is what a request offers as tools: a JSON array of objects.
    public static func isToolList(_ text: String) -> Bool {
        guard case .array(let tools)? = try? JSONText.parse(text) else { return false }
        return tools.allSatisfy { if case .object = $0 { true } else { false } }
    }

    /// The most messages of a conversation, as the gateway takes them.
    public static let maxMessages = 1024

    /// Why no release can be asked for the next turn of a conversation, in words that follow `must be`; nil when one can.
    public static func problem(of messages: [ChatMessage]) -> String? {
        guard (1...maxMessages).contains(messages.count) else { return "1 to \(maxMessages) messages" }
        guard messages.last?.role == .user || messages.last?.role == .tool else {
            return "messages of which the last is of the user or a tool: its answer is what is compared"
        }
        return nil
    }
}

/// What is wrong with one line of a traffic set. Columns count bytes from 1.
public enum TrafficLineError: Error, Equatable, Sendable {
    /// The line is longer than is taken.
    case tooLong(limitBytes: Int)
    /// The bytes are not UTF-8.
    case notUTF8(column: Int)
    /// The text is not JSON of the expected form.
    case syntax(column: Int, expected: String)
    /// A key that requests do not have.
    case unknownKey(String, known: [String])
    /// A key that says that the line is a chat or an example for fine-tuning.
    case conversation(key: String)
    /// A key that says that the line is of a batch: a request or an answer.
    case batch(key: String)
    /// A key that occurs twice.
    case duplicateKey(String)
    /// A key that must be there.
    case missingKey(String)
    /// A setting that no release can be asked with.
    case badSetting(String)
    /// A value of the wrong type.
    case wrongType(key: String, expected: String)
    /// An id that is empty, too long or has control characters.
    case badID(String)
}

extension TrafficLineError: CustomStringConvertible {
    /// What is wrong and what to do, in one line.
    public var description: String {
        switch self {
        case .tooLong(let limit): "it has more than \(limit) bytes: shorten the request"
        case .notUTF8(let column): "byte \(column) is not UTF-8: save the file as UTF-8"
        case .syntax(let column, let expected): "column \(column): expected \(expected)"
        case .unknownKey(let key, let known): "unknown key \"\(key)\": a request has \(known.joined(separator: ", "))"
        case .conversation(let key):
            "\"\(key)\" makes it a line of another tool, and the lines before it are serin's own: import files of different "
                + #"tools one by one, or write {"id":"1","messages":[{"role":"user","text":"…"}],"expected":"…"}"#
        case .batch(let key):
            "\"\(key)\" makes it a line of a batch, and the lines before it are serin's own: import files of different tools "
                + "one by one"
        case .duplicateKey(let key): "key \"\(key)\" occurs twice"
        case .missingKey(let key): "key \"\(key)\" is missing"
        case .badSetting(let problem): "\"settings\": \(problem)"
        case .wrongType(let key, let expected): "\"\(key)\" must be \(expected)"
        case .badID(let id): "id \"\(id)\" cannot be used: 1 to 200 bytes without control characters"
        }
    }
}
