public import RegistryTypes

/// A text with places for variables: `{{name}}` is the whole language.
///
/// `}}` without `{{` before it is plain text, so that JSON examples need no escape. A value that is put in is
/// never read as a template.
public struct PromptTemplate: Hashable, Sendable {
    /// A piece of the text.
    public enum Part: Hashable, Sendable {
        /// Text as written.
        case text(String)
        /// The place of a variable.
        case place(String)
    }

    /// The pieces, in order.
    public let parts: [Part]

    /// Reads `text`.
    ///
    /// - Throws: ``PromptError/unclosedPlace(line:)`` or ``PromptError/badPlace(_:line:)``.
    public init(_ text: String) throws(PromptError) {
        let bytes = Array(text.utf8)
        let open = UInt8(ascii: "{"), close = UInt8(ascii: "}")
        var parts: [Part] = []
        var literalStart = 0, index = 0, line = 0
        while index + 1 < bytes.count {
            if bytes[index] == 0x0a { line += 1 }
            guard bytes[index] == open, bytes[index + 1] == open else {
                index += 1
                continue
            }
            var end = index + 2
            while end + 1 < bytes.count, !(bytes[end] == close && bytes[end + 1] == close) { end += 1 }
            guard end + 1 < bytes.count else { throw .unclosedPlace(line: line) }
            let name = String(decoding: bytes[(index + 2)..<end], as: UTF8.self)
            guard PromptVariable.isValid(name: name) else { throw .badPlace(name, line: line) }
            if literalStart < index {
                parts.append(.text(String(decoding: bytes[literalStart..<index], as: UTF8.self)))
            }
            parts.append(.place(name))
            index = end + 2
            literalStart = index
        }
        if literalStart < bytes.count {
            parts.append(.text(String(decoding: bytes[literalStart...], as: UTF8.self)))
        }
        self.parts = parts
    }

    /// The names of the variables that have a place, each once, in order of first use.
    public var names: [String] {
        var names: [String] = []
        for case .place(let name) in parts where !names.contains(name) { names.append(name) }
        return names
    }

    /// The text in pieces with `values` in the places; a place without a value stays empty.
    public func segments(with values: [String: String]) -> [PromptSegment] {
        PromptSegment.merged(
            parts.map { part in
                switch part {
                case .text(let text): .literal(text)
                case .place(let name): .value(values[name] ?? "")
                }
            }
        )
    }
}

/// A piece of a prompt, by who wrote it: this decides how it is tokenised.
public enum PromptSegment: Hashable, Sendable, Codable {
    /// Written by the prompt's author or the format: special-token strings in it become special tokens.
    case literal(String)
    /// The value of a variable: tokenised as plain text, whatever it holds.
    case value(String)

    /// The text, whoever wrote it.
    public var text: String {
        switch self {
        case .literal(let text), .value(let text): text
        }
    }

    /// The same pieces with neighbouring literals joined and empty pieces left out.
    public static func merged(_ segments: [PromptSegment]) -> [PromptSegment] {
        var result: [PromptSegment] = []
        for segment in segments where !segment.text.isEmpty {
            if case .literal(let next) = segment, case .literal(let last) = result.last {
                result[result.count - 1] = .literal(last + next)
            } else {
                result.append(segment)
            }
        }
        return result
    }
}

/// A message of a prompt with the values of its variables in place.
public struct RenderedMessage: Hashable, Sendable, Codable {
    /// Who speaks.
    public let role: PromptMessage.Role
    /// The text in pieces, by who wrote them.
    public let segments: [PromptSegment]

    /// A message made of `segments`.
    public init(role: PromptMessage.Role, segments: [PromptSegment]) {
        self.role = role
        self.segments = segments
    }
}
