import Mustache
import Wording

/// Text that is already safe between tags and inside a quoted attribute: the only kind of text a template is given.
///
/// The template library escapes by `Character`, so a quote followed by a combining mark slips through it. Here every
/// byte that could end a text is replaced, whatever follows it, and templates insert the result as it is.
struct HTMLText: Hashable, Sendable, MustacheCustomRenderable {
    /// The escaped text.
    let html: String
    /// Whether nothing was cut.
    let isWhole: Bool

    /// Escapes `text`. A text whose escaped form is longer than `limit` bytes is cut, and says so.
    init(_ text: String, limit: Int = 300) {
        var escaped: [UInt8] = []
        escaped.reserveCapacity(text.utf8.count + 16)
        var used = 0
        for scalar in text.unicodeScalars {
            let before = escaped.count
            HTMLText.append(scalar, to: &escaped)
            if escaped.count > limit {
                escaped.removeSubrange(before...)
                let rest = text.utf8.count - used
                self.html = String(decoding: escaped, as: UTF8.self) + "… (\(NumberText.count(rest)) bytes more)"
                self.isWhole = false
                return
            }
            used += UTF8.width(scalar)
        }
        self.html = String(decoding: escaped, as: UTF8.self)
        self.isWhole = true
    }

    /// A command line.
    init(_ step: NextStep) { self.init(step.text) }

    var renderText: String { html }
    var isNull: Bool { false }

    /// Appends what stands for `scalar` in HTML. Controls and non-characters are parse errors there, whatever they
    /// stand for, so they become U+FFFD.
    private static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar.value {
        case 0x26: bytes += "&amp;".utf8
        case 0x3c: bytes += "&lt;".utf8
        case 0x3e: bytes += "&gt;".utf8
        case 0x22: bytes += "&#34;".utf8
        case 0x27: bytes += "&#39;".utf8
        case 0x60: bytes += "&#96;".utf8
        case 0x09, 0x0a, 0x20...0x7e: bytes.append(UInt8(scalar.value))
        case 0x00...0x1f, 0x7f...0x9f, 0xfdd0...0xfdef: bytes += "\u{fffd}".utf8
        case let value where value & 0xfffe == 0xfffe: bytes += "\u{fffd}".utf8
        default: bytes += UTF8.encode(scalar).map { Array($0) } ?? []
        }
    }
}

extension HTMLText: ExpressibleByStringInterpolation {
    init(stringLiteral value: String) { self.init(value) }
}
