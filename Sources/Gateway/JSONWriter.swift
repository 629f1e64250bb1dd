import RegistryTypes
import ReleaseRuntime
import StrictJSON

/// Writes JSON straight into bytes: an answer's chunk is mostly the same from token to token, and an encoder would
/// find that out again for each.
struct JSONWriter {
    /// What was written.
    private(set) var bytes: [UInt8] = []

    private static let hexadecimal = Array("0123456789abcdef".utf8)

    /// Nothing written, and room for some hundred bytes.
    init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    /// JSON that is written already.
    mutating func raw(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// JSON that is written already.
    mutating func raw(_ json: [UInt8]) { bytes.append(contentsOf: json) }

    /// A text with its quotes. Whatever it holds, it stays inside them, on one line, and is seen for what it is.
    mutating func string(_ text: String) {
        let start = bytes.count
        var isASCII = true
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            if byte >= 0x7f { isASCII = false }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0a: raw("\\n")
            case 0x0d: raw("\\r")
            case 0x09: raw("\\t")
            case 0..<0x20:
                raw("\\u00")
                bytes.append(Self.hexadecimal[Int(byte >> 4)])
                bytes.append(Self.hexadecimal[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
        if !isASCII { bytes.replaceSubrange(start..., with: HiddenScalars.escaped(json: Array(bytes[start...]))) }
    }

    /// A text, or `null`.
    mutating func string(orNull text: String?) {
        if let text { string(text) } else { raw("null") }
    }

    /// A whole number.
    mutating func number(_ value: some BinaryInteger) { bytes.append(contentsOf: String(value).utf8) }

    /// A number; what is not finite has no place in JSON and is written as the lowest there is, -9999, as OpenAI does
    /// for tokens of no probability.
    mutating func number(_ value: Double) {
        if value.isFinite { bytes.append(contentsOf: value.description.utf8) } else { raw("-9999.0") }
    }

    /// `true` or `false`.
    mutating func bool(_ value: Bool) {
        if value { raw("true") } else { raw("false") }
    }

    /// Bytes as an array of numbers.
    mutating func array(_ values: some Sequence<UInt8>) {
        bytes.append(UInt8(ascii: "["))
        var isFirst = true
        for value in values {
            if !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            number(value)
        }
        bytes.append(UInt8(ascii: "]"))
    }
}

extension JSONWriter {
    /// OpenAI's `logprobs` of a choice: each token with its bytes, because half a character is no text.
    mutating func logProbabilities(of tokens: some Sequence<AnswerToken>) {
        raw(#"{"content":["#)
        var isFirst = true
        // The token that ends an answer is no part of its text.
        for token in tokens where !token.isEnd {
            if !isFirst { raw(",") }
            isFirst = false
            raw("{")
            tokenMembers(token.bytes, token.logProbability)
            raw(#","top_logprobs":["#)
            for (index, other) in token.alternatives.enumerated() {
                if index > 0 { raw(",") }
                raw("{")
                tokenMembers(other.bytes, other.logProbability)
                raw("}")
            }
            raw("]}")
        }
        raw(#"],"refusal":null}"#)
    }

    private mutating func tokenMembers(_ bytes: [UInt8], _ logProbability: Double) {
        raw(#""token":"#)
        string(String(decoding: bytes, as: UTF8.self))
        raw(#","logprob":"#)
        number(logProbability)
        raw(#","bytes":"#)
        array(bytes)
    }
}

extension JSONWriter {
    /// The member `tool_calls`, with the comma before it; numbered in a stream.
    mutating func toolCalls(_ calls: [ToolCall], areNumbered: Bool) {
        raw(#","tool_calls":["#)
        for (index, call) in calls.enumerated() {
            raw(index > 0 ? ",{" : "{")
            if areNumbered {
                raw(#""index":"#)
                number(index)
                raw(",")
            }
            raw(#""id":"#)
            string(call.id)
            raw(#","type":"function","function":{"name":"#)
            string(call.name)
            raw(#","arguments":"#)
            string(call.arguments)
            raw("}}")
        }
        raw("]")
    }
}

extension Answer {
    /// Why it ended, in OpenAI's words.
    var finishReason: String { finish == .stop && !calls.isEmpty ? "tool_calls" : finish.rawValue }
}
