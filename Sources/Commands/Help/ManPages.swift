import ArgumentParser
import Foundation
import RegistryTypes
import WireFormat
import Wording

/// Man pages made from the commands: `serin help man DIR` writes one for each, so that `man serin-canary-run` says what
/// `serin canary run --help` says.
struct ManPages {
    /// The word behind `help`.
    static let word = "man"

    let root: any ParsableCommand.Type

    /// Writes every page into the folder that `arguments` name, which is made when it is not there.
    ///
    /// - Returns: What to print.
    /// - Throws: ``CommandsError`` without a folder, or when it cannot be written.
    func write(to arguments: ArraySlice<String>) throws(CommandsError) -> String {
        guard arguments.count == 1, let folder = arguments.first, !folder.isEmpty, !folder.hasPrefix("-") else {
            throw .missingArgument(what: "no folder for the man pages is named", next: "\(.help(Self.word)) DIR")
        }
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch { throw .unwritable(path: folder, problem: "the folder cannot be made") }
        let pages = all(on: TimeText.day(Timestamp(Date())))
        for page in pages {
            let path = folder.path(of: page.name)
            guard FileManager.default.createFile(atPath: path, contents: Data(page.text.utf8)) else {
                throw .unwritable(path: path, problem: "cannot be written")
            }
        }
        return "\(pages.count) pages in \(folder)\n"
    }

    /// Every page with the name of its file; `day` is the date that stands at its end.
    func all(on day: String) -> [(name: String, text: String)] {
        func walk(_ arguments: [String]) -> [CommandTree] {
            let tree = CommandTree(root: root, arguments: arguments)
            return [tree] + tree.shownChildren.flatMap { walk(arguments + [$0.name]) }
        }
        return walk([]).map { (Self.title($0.words) + ".1", page($0, day)) }
    }

    private static func title(_ words: [String]) -> String { words.joined(separator: "-") }

    private func page(_ tree: CommandTree, _ day: String) -> String {
        let configuration = tree.command.configuration, title = Self.title(tree.words)
        var roff = RoffText()
        roff.title(title.uppercased(), day: day, source: "serin \(root.configuration.version)")
        roff.section("NAME")
        let abstract = configuration.abstract
        roff.text("\(title) - " + (abstract.utf8.last == 0x2e ? String(abstract.dropLast()) : abstract))
        roff.section("SYNOPSIS")
        roff.synopsis(tree.words.joined(separator: " "), Self.synopsis(tree))
        let parts = Self.parts(configuration.discussion)
        if !parts.text.isEmpty {
            roff.section("DESCRIPTION")
            roff.text(parts.text[0])
            for paragraph in parts.text.dropFirst() { roff.paragraph(paragraph) }
        }
        if tree.isGroup {
            roff.section("COMMANDS")
            for child in tree.shownChildren {
                roff.item("\(title)-\(child.name)(1)", child.command.configuration.abstract)
            }
        } else {
            let own = tree.arguments.filter {
                $0.isShown && !$0.names.contains("--help") && !$0.names.contains("--version")
            }
            if !own.isEmpty {
                roff.section("OPTIONS")
                for argument in own { roff.item(Self.spelling(argument), Self.meaning(argument)) }
            }
            if let verb = tree.command as? any Verb.Type {
                roff.section("COMMON OPTIONS")
                roff.item("-o, --output format", ReportWords.list(verb.formats.map(\.rawValue)) + ".")
                if verb.limitsRows { roff.item("--limit n", "Rows; 0 for all. (default: 30)") }
                roff.paragraph("Those of every verb are in serin(1).")
            }
        }
        exits(of: tree, in: &roff)
        if tree.words.count == 1 {
            roff.section("COMMON OPTIONS")
            for argument in LeadingFlags.common { roff.item(Self.spelling(argument), argument.help) }
            for topic in HelpTopic.allCases where topic != .options && topic != .exitCodes {
                roff.section(topic.rawValue.uppercased())
                roff.verbatim(topic.text.lines.dropFirst())
            }
        }
        if !parts.examples.isEmpty {
            roff.section("EXAMPLES")
            roff.verbatim(parts.examples[...])
        }
        if tree.words.count > 1 {
            roff.section("SEE ALSO")
            roff.text(
                (1..<tree.words.count).map { Self.title(Array(tree.words.prefix($0))) + "(1)" }.joined(separator: ", ")
            )
        }
        return roff.page
    }

    private func exits(of tree: CommandTree, in roff: inout RoffText) {
        roff.section("EXIT STATUS")
        if tree.words.count == 1 {
            roff.verbatim(HelpTopic.exitCodes.text.lines.dropFirst())
            return
        }
        roff.item("0", "Done.")
        for (code, meaning) in VerbExits.of(tree.words) { roff.item(String(code.rawValue), meaning) }
        roff.paragraph("Those of every verb are in serin(1).")
    }

    private static func synopsis(_ tree: CommandTree) -> String {
        if tree.isGroup { return "command" }
        return tree.arguments.filter { $0.isShown && !$0.names.contains("--help") && !$0.names.contains("--version") }
            .map { argument in
                let shown =
                    argument.kind == .positional
                    ? argument.spoken.filter { $0 != "<" && $0 != ">" } : spelling(argument)
                let repeated = argument.isRepeating ? "\(shown) ..." : shown
                return argument.isOptional ? "[\(repeated)]" : repeated
            }.joined(separator: " ")
    }

    private static func spelling(_ argument: CommandArgument) -> String {
        let value = argument.kind == .flag ? nil : argument.valueName ?? "value"
        return ([argument.names.isEmpty ? nil : argument.names.joined(separator: ", ")] + [value])
            .compactMap(\.self).joined(separator: " ")
    }

    private static func meaning(_ argument: CommandArgument) -> String {
        let standard = argument.standard.map { " (default: \($0))" } ?? ""
        let words = argument.choices.isEmpty ? "" : " One of: \(argument.choices.joined(separator: ", "))."
        return (argument.help + words + standard).isEmpty ? argument.spoken : argument.help + words + standard
    }

    /// The paragraphs of a discussion, and its examples.
    private static func parts(_ discussion: String) -> (text: [String], examples: [String]) {
        let lines = discussion.lines
        let end = lines.firstIndex(of: "Examples:") ?? lines.count
        let text = lines[..<end].split(separator: "").map { $0.joined(separator: " ") }
        return (text, lines[min(end + 1, lines.count)...].filter { !$0.isEmpty }.map { String($0.drop { $0 == " " }) })
    }
}

/// A man page as it grows, in the macros of man(7).
private struct RoffText {
    private(set) var page = ".\\\" Made from the commands.\n"

    /// The title; a date is read by programs, so its dashes stay as they are.
    mutating func title(_ title: String, day: String, source: String) {
        page += ".TH \"\(escaped(title))\" \"1\" \"\(day)\" \"\(escaped(source))\" \"serin\"\n"
    }

    mutating func section(_ title: String) { page += ".SH \"\(escaped(title))\"\n" }

    mutating func text(_ text: String) { page += line(text) + "\n" }

    mutating func paragraph(_ text: String) { page += ".PP\n" + line(text) + "\n" }

    mutating func item(_ term: String, _ meaning: String) {
        page += ".TP\n\\fB\(escaped(term))\\fR\n\(line(meaning))\n"
    }

    mutating func synopsis(_ name: String, _ rest: String) {
        page += "\\fB\(escaped(name))\\fR" + (rest.isEmpty ? "" : " " + escaped(rest)) + "\n"
    }

    mutating func verbatim(_ lines: ArraySlice<String>) {
        var lines = lines
        while lines.first?.isEmpty == true { lines.removeFirst() }
        while lines.last?.isEmpty == true { lines.removeLast() }
        page += ".nf\n" + lines.map { ($0.isEmpty ? "" : line($0)) + "\n" }.joined() + ".fi\n"
    }

    /// A line of text, which a dot or quote at its begin would make a request.
    private func line(_ text: String) -> String {
        let safe = escaped(text.replacing("\n", with: " "))
        let isRequest = safe.utf8.first == UInt8(ascii: ".") || safe.utf8.first == UInt8(ascii: "'")
        return isRequest ? "\\&" + safe : safe
    }

    /// Backslashes, dashes that must stay ASCII to be copied, and signs that ASCII pages cannot show.
    private func escaped(_ text: String) -> String {
        var result = ""
        for scalar in Symbols.drawn(text, TextStyle(ascii: true, now: .init(milliseconds: 0))).unicodeScalars {
            switch scalar {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "\"": result += "\\(dq"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
