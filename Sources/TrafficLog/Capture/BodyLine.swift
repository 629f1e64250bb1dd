import Foundation
import RegistryTypes
import StrictJSON

/// The texts of a request as a line of a segment. Written by hand, as it is on the way of every request.
struct BodyLine: Decodable {
    let id: RequestID
    let variables: [String: String]?
    let messages: [ChatMessage]?
    let settings: [String: JSONValue]?
    let answers: [String]?
    let answerTokens: [Int]?
    let redactions: [String: Int]?
    let marks: [String: String]?
    let askedAt: Timestamp?
    let thinking: [String]?
    let calls: [[ToolCall]]?
    let tools: String?
    let invalidBytes: Int?
    let reason: String?

    /// The texts.
    var body: RequestBody {
        RequestBody(
            variables: variables ?? [:],
            messages: messages,
            settings: settings ?? [:],
            answers: answers ?? [],
            answerTokens: answerTokens,
            redactions: redactions ?? [:],
            askedAt: askedAt,
            thinking: thinking,
            calls: calls,
            tools: tools,
            invalidBytes: invalidBytes,
            reason: reason
        )
    }

    /// Reads a line.
    init(_ line: ArraySlice<UInt8>) throws {
        self = try CanonicalJSON.decode(BodyLine.self, from: Data(line))
    }

    /// The line of a request.
    static func encode(_ id: RequestID, _ redacted: RedactedBody) throws -> [UInt8] {
        let body = redacted.body
        var line: [UInt8] = []
        line.reserveCapacity(1024)
        line.append(contentsOf: "{\"id\":\"".utf8)
        line.append(contentsOf: id.text.utf8)
        line.append(0x22)
        if !body.variables.isEmpty { append("variables", body.variables, to: &line, appendText) }
        if let messages = body.messages {
            line.append(contentsOf: ",\"messages\":[".utf8)
            for (index, message) in messages.enumerated() {
                line.append(contentsOf: (index > 0 ? ",{\"role\":" : "{\"role\":").utf8)
                appendText(message.role.rawValue, to: &line)
                line.append(contentsOf: ",\"text\":".utf8)
                appendText(message.text, to: &line)
                append("thinking", message.thinking, to: &line)
                append("answers", message.answers, to: &line)
                append("name", message.name, to: &line)
                if let calls = message.calls {
                    line.append(contentsOf: ",\"calls\":".utf8)
                    line.append(contentsOf: try CanonicalJSON.encode(calls))
                }
                line.append(0x7d)
            }
            line.append(0x5d)
        }
        if !body.settings.isEmpty {
            line.append(contentsOf: ",\"settings\":".utf8)
            line.append(contentsOf: try CanonicalJSON.encode(body.settings))
        }
        append("answers", body.answers, to: &line, appendText)
        if let tokens = body.answerTokens {
            append("answerTokens", tokens, to: &line) { $1.append(contentsOf: String($0).utf8) }
        }
        if !body.redactions.isEmpty {
            append("redactions", body.redactions, to: &line) { $1.append(contentsOf: String($0).utf8) }
        }
        if !redacted.marks.isEmpty { append("marks", redacted.marks, to: &line, appendText) }
        append("askedAt", body.askedAt?.description, to: &line)
        if let thinking = body.thinking { append("thinking", thinking, to: &line, appendText) }
        if let calls = body.calls {
            line.append(contentsOf: ",\"calls\":".utf8)
            line.append(contentsOf: try CanonicalJSON.encode(calls))
        }
        append("tools", body.tools, to: &line)
        append("reason", body.reason, to: &line)
        if let count = body.invalidBytes { line.append(contentsOf: ",\"invalidBytes\":\(count)".utf8) }
        line.append(0x7d)
        return line
    }

    private static func append(_ name: String, _ text: String?, to line: inout [UInt8]) {
        guard let text else { return }
        line.append(contentsOf: ",\"\(name)\":".utf8)
        appendText(text, to: &line)
    }

    private static func append<Value>(
        _ name: String,
        _ members: [String: Value],
        to line: inout [UInt8],
        _ appendValue: (Value, inout [UInt8]) -> Void
    ) {
        line.append(contentsOf: ",\"\(name)\":{".utf8)
        for (index, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
            if index > 0 { line.append(0x2c) }
            appendText(member.key, to: &line)
            line.append(0x3a)
            appendValue(member.value, &line)
        }
        line.append(0x7d)
    }

    private static func append<Value>(
        _ name: String,
        _ items: [Value],
        to line: inout [UInt8],
        _ appendValue: (Value, inout [UInt8]) -> Void
    ) {
        line.append(contentsOf: ",\"\(name)\":[".utf8)
        for (index, item) in items.enumerated() {
            if index > 0 { line.append(0x2c) }
            appendValue(item, &line)
        }
        line.append(0x5d)
    }

    /// A JSON string (RFC 8259, section 7).
    private static func appendText(_ text: String, to line: inout [UInt8]) {
        line.append(0x22)
        var text = text
        text.withUTF8 { bytes in
            var done = 0
            for (index, byte) in bytes.enumerated() where byte < 0x20 || byte == 0x22 || byte == 0x5c {
                line.append(contentsOf: bytes[done..<index])
                done = index + 1
                line.append(0x5c)
                switch byte {
                case 0x0a: line.append(0x6e)
                case 0x0d: line.append(0x72)
                case 0x09: line.append(0x74)
                case 0x22, 0x5c: line.append(byte)
                default:
                    let digits = Array("0123456789abcdef".utf8)
                    line.append(contentsOf: [0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]])
                }
            }
            line.append(contentsOf: bytes[done...])
        }
        line.append(0x22)
    }
}

/// What became of the texts of a request.
public enum BodyState: String, Codable, Sendable, CaseIterable {
    /// They were not to be kept.
    case none
    /// They are stored: the values of a prompt's variables and the answers.
    case variables
    /// They are stored: messages that were not read as variables, and the answers.
    case messages
    /// They were larger than is kept, of a request or of all of its key's on that day.
    case tooLarge
    /// They were stored, but a crash or a damaged disk took them.
    case lost

    /// Whether they can be read.
    public var isStored: Bool { self == .variables || self == .messages }
}

/// Why the texts of a request cannot be read.
struct BodyProblem: Error, Hashable {
    let why: String
}
