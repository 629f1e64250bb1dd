/// Text from outside made safe to write to a terminal.
///
/// A model's answer, a name or a message may hold escape sequences that clear the screen, set the title or rewrite
/// what stands above. Nothing below U+0020, no DEL, no C1 control and no character that reorders text gets through.
enum SafeText {
    /// `text` on one line: control characters, line ends too, become visible pictures.
    static func line(_ text: String) -> String { filtered(text, keepLineEnds: false) }

    /// `text` with its line ends and tabs kept, for what a model says.
    static func lines(_ text: String) -> String { filtered(text, keepLineEnds: true) }

    private static func filtered(_ text: String, keepLineEnds: Bool) -> String {
        guard text.unicodeScalars.contains(where: { isHarmful($0.value) }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let value = scalar.value
            if !isHarmful(value) || keepLineEnds && (value == 0x0a || value == 0x09) {
                result.append(scalar)
            } else if value < 0x20, let picture = Unicode.Scalar(0x2400 + value) {
                result.append(picture)
            } else {
                result.append(value == 0x7f ? "\u{2421}" : "\u{fffd}")
            }
        }
        return String(result)
    }

    private static func isHarmful(_ value: UInt32) -> Bool {
        value < 0x20 || (0x7f...0x9f).contains(value)
            || (0x202a...0x202e).contains(value) || (0x2066...0x2069).contains(value)
            || value == 0x200e || value == 0x200f || value == 0x61c || value == 0x2028 || value == 0x2029
    }
}

/// Lines of a text and parts of a path, found by their bytes: a Character may hide a separator behind a combining mark.
extension String {
    /// The lines, empty ones too.
    var lines: [String] {
        utf8.split(separator: 0x0a, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether it ends with a line end.
    var endsItsLine: Bool { utf8.last == 0x0a }

    /// Without the line end at its end.
    var withoutLineEnd: String { endsItsLine ? String(decoding: utf8.dropLast(), as: UTF8.self) : self }

    /// With a line end at its end.
    var asLine: String { endsItsLine ? self : self + "\u{a}" }

    /// The last part of a path.
    var lastPathPart: String { utf8.split(separator: 0x2f).last.map { String(decoding: $0, as: UTF8.self) } ?? "" }

    /// The path of `name` in the folder at this path.
    func path(of name: String) -> String { utf8.last == 0x2f ? self + name : self + "/" + name }

    /// Whether it is a path from the root.
    var isPathFromRoot: Bool { utf8.first == 0x2f }
}
