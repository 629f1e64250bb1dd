import Foundation
import StrictJSON

/// Text from outside made safe to write to a terminal.
///
/// A model's answer, a name or a message may hold escape sequences that clear the screen, set the title or rewrite
/// what stands above. What gets through is said in one place for all outputs: `HiddenScalars`.
enum SafeText {
    /// `text` on one line: control characters, line ends too, become visible pictures.
    static func line(_ text: String) -> String { HiddenScalars.shown(text) }

    /// `text` with its line ends and tabs kept, for what a model says.
    static func lines(_ text: String) -> String { HiddenScalars.shown(text, keepsLines: true) }

    /// JSON in which all that a terminal would obey is escaped.
    static func json(_ json: Data) -> String {
        String(decoding: HiddenScalars.escaped(json: Array(json)), as: UTF8.self)
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
