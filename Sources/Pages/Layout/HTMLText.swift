import Mustache
import StrictJSON
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
        var used = 0, last: UInt32?
        for scalar in text.unicodeScalars {
            let before = escaped.count
            HTMLText.append(scalar, behind: last, to: &escaped)
            last = scalar.value
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

    /// The text before it was escaped, for what escapes it itself: a title that begins with the word of a badge.
    var plain: String {
        var rest = Array(html.utf8)[...], bytes: [UInt8] = []
        while let first = rest.first {
            let escape = first == UInt8(ascii: "&") ? Self.escapes.first { rest.starts(with: $0.html.utf8) } : nil
            bytes.append(escape?.byte ?? first)
            rest = rest.dropFirst(escape?.html.utf8.count ?? 1)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// What stands for a byte that could end a text.
    private static let escapes: [(byte: UInt8, html: String)] = [
        (0x26, "&amp;"), (0x3c, "&lt;"), (0x3e, "&gt;"), (0x22, "&#34;"), (0x27, "&#39;"), (0x60, "&#96;"),
    ]

    var renderText: String { html }
    var isNull: Bool { false }

    /// Appends what stands for `scalar` in HTML. Controls and non-characters are parse errors there, whatever they
    /// stand for, and what nobody sees may show a text as another one: all become U+FFFD.
    private static func append(_ scalar: Unicode.Scalar, behind before: UInt32?, to bytes: inout [UInt8]) {
        switch scalar.value {
        case 0x26, 0x3c, 0x3e, 0x22, 0x27, 0x60:
            bytes += escapes.first { UInt32($0.byte) == scalar.value }.map { Array($0.html.utf8) } ?? []
        case 0x09, 0x0a, 0x20...0x7e: bytes.append(UInt8(scalar.value))
        case 0x00...0x1f, 0x7f...0x9f, 0xfdd0...0xfdef: bytes += "\u{fffd}".utf8
        case let value where value & 0xfffe == 0xfffe: bytes += "\u{fffd}".utf8
        case let value where HiddenScalars.hides(value, behind: before): bytes += "\u{fffd}".utf8
        default: bytes += UTF8.encode(scalar).map { Array($0) } ?? []
        }
    }
}

extension HTMLText: ExpressibleByStringInterpolation {
    init(stringLiteral value: String) { self.init(value) }
}
