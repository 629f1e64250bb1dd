/// Why a template cannot be read or rendered, and where in it.
public struct TemplateError: Error, Equatable, Sendable {
    /// What sort of reason.
    public enum Reason: Equatable, Sendable {
        /// Not written as templates are.
        case syntax
        /// Written well, and outside the subset that is understood here.
        case unsupported
        /// Values that do not go together, such as a member of nothing.
        case value
        /// A bound of ``TemplateLimits`` was reached.
        case limit
        /// The template refused the conversation with `raise_exception`, in these words.
        case raised(String)
    }

    /// What sort of reason.
    public let reason: Reason
    /// The line of the template, from 1 on.
    public let line: Int
    /// The column in that line, in Unicode scalars, from 1 on.
    public let column: Int
    /// What is wrong and what to do, without the place.
    public let message: String

    init(_ reason: Reason, _ message: String, at offset: Int, in source: TemplateSource) {
        self.reason = reason
        self.message = message
        (line, column) = source.place(of: offset)
    }
}

extension TemplateError: CustomStringConvertible {
    public var description: String { "line \(line), column \(column) of the template: \(message)" }
}

/// How far a template may go before it is stopped: each bound ends it with one clear error.
public struct TemplateLimits: Sendable, Equatable {
    /// Bytes of the template itself.
    public var sourceBytes = 512 * 1024
    /// Blocks and brackets inside each other in the template.
    public var nesting = 48
    /// Operators, members and filters that wait for each other in one expression, as in a sum of many parts.
    public var operators = 160
    /// Expressions and statements that are worked out inside each other, macros included.
    public var runDepth = 320
    /// Work of one rendering: one for each step, one more for each 64 bytes of text and each element of a list made.
    public var steps = 2_000_000
    /// Bytes of one text, the result included.
    public var textBytes = 16 * 1024 * 1024
    /// Lists and mappings inside each other.
    public var valueDepth = 64
    /// Elements of one list.
    public var elements = 100_000

    /// The bounds that every template of a model file gets.
    public init() {}
}

/// The text of a template with its places.
struct TemplateSource: Sendable {
    /// With `\n` as the only end of line, and without the last one, as Jinja reads it.
    let bytes: [UInt8]

    init(_ text: String) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        var isAfterReturn = false
        for byte in text.utf8 {
            if byte == 0x0a, isAfterReturn {
                isAfterReturn = false
                continue
            }
            isAfterReturn = byte == 0x0d
            bytes.append(isAfterReturn ? 0x0a : byte)
        }
        if bytes.last == 0x0a { bytes.removeLast() }
        self.bytes = bytes
    }

    func place(of offset: Int) -> (line: Int, column: Int) {
        let before = bytes[..<min(max(offset, 0), bytes.count)]
        let line = before.reduce(1) { $0 + ($1 == 0x0a ? 1 : 0) }
        let start = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        return (line, 1 + before[start...].reduce(0) { $0 + ($1 & 0xc0 == 0x80 ? 0 : 1) })
    }
}

/// A reason without its place, which only the one who walks the template knows.
struct TemplateFailure: Error {
    let reason: TemplateError.Reason
    let message: String

    init(_ reason: TemplateError.Reason, _ message: String) {
        self.reason = reason
        self.message = message
    }

    /// Values that do not go together.
    static func value(_ message: String) -> TemplateFailure { TemplateFailure(.value, message) }

    /// A bound that was reached.
    static func limit(_ message: String) -> TemplateFailure { TemplateFailure(.limit, message) }
}
