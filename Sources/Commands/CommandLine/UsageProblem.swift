import ArgumentParser
import Foundation
import WireFormat
import Wording

/// What is wrong with the arguments, and what was probably meant.
struct UsageProblem: Hashable, Sendable {
    let title: String
    let next: String

    /// The error as it is reported.
    var report: ErrorReport { ErrorReport(title: title, next: next, exit: Exit.usage.rawValue) }

    /// Explains why `arguments` could not be parsed.
    ///
    /// The parser says "2 unexpected arguments" for a mistyped verb and "missing --to" for `--too`: what a person
    /// mistyped is found here first, and only what is left is said in the parser's words.
    init(root: any ParsableCommand.Type, arguments: [String], error: any Error) {
        let tree = CommandTree(root: root, arguments: arguments)
        let path = tree.words.joined(separator: " ")
        let rest = arguments.dropFirst(tree.depth)
        if tree.isGroup, let word = rest.first, !word.hasPrefix("-") {
            title = "\(path) has no verb \"\(SafeText.line(String(word.prefix(60))))\""
            next =
                Self.suggestion(MistypedWord.meant(word, among: tree.below).map { "\(path) \($0)" }) ?? "\(path) --help"
            return
        }
        let flags = tree.flags
        if let wrong = Self.unknownFlag(Array(rest), flags) {
            title = "\(path) has no flag \(SafeText.line(String(wrong.prefix(60))))"
            next = Self.suggestion(Self.near(wrong, flags)) ?? "\(path) --help"
            return
        }
        let lines = root.message(for: error).lines.filter { !$0.isEmpty }
        let message = lines.first ?? "the arguments are wrong"
        // The parser lists what a value may be in lines of their own.
        let allowed = lines.dropFirst().prefix { $0.utf8.starts(with: "  - ".utf8) }.map { $0.dropFirst(4) }
        let list = "Please provide one of \(allowed.joined(separator: ", "))"
        let listed = allowed.isEmpty ? message : message.replacing(Self.listFollows, with: list)
        let trimmed = listed.hasPrefix("Error: ") ? String(listed.dropFirst(7)) : listed
        let text = trimmed.hasSuffix(".") ? String(trimmed.dropLast()) : trimmed
        title = text.prefix(1).lowercased() + text.dropFirst()
        // The parser takes -1 for a flag.
        let negative = rest.first { $0.utf8.first == 0x2d && Double($0.prefix(2)) != nil }
        let isMissing = text.utf8.starts(with: "Missing value".utf8)
        next =
            isMissing && negative != nil
            ? "a value that begins with - is written --flag=\(negative ?? "")" : "\(path) --help"
    }

    /// How the parser leads to a list of values.
    private static let listFollows = "Please provide one of the following:"

    /// Something that the parser takes and nobody can have meant.
    init(tree: CommandTree, title: String) {
        self.title = title
        next = "\(tree.words.joined(separator: " ")) --help"
    }

    /// Explains that help knows no such topic; nil when `topic` is a verb.
    init?(root: any ParsableCommand.Type, topic: String) {
        let verbs = CommandTree(root: root, arguments: []).below
        guard !topic.hasPrefix("-"), !verbs.contains(topic) else { return nil }
        title = "there is no verb and no help topic \"\(SafeText.line(String(topic.prefix(60))))\""
        next =
            Self.suggestion(MistypedWord.meant(topic, among: verbs + HelpTopic.words).map { NextStep.help($0).text })
            ?? "\(root._commandName) --help"
    }

    /// Long names near to `flag`; one letter is near to every other, so nothing is said of those.
    private static func near(_ flag: String, _ flags: [String: Bool]) -> [String] {
        flag.hasPrefix("--") ? MistypedWord.meant(flag, among: flags.keys.filter { $0.hasPrefix("--") }) : []
    }

    private static func suggestion(_ near: [String]) -> String? {
        near.isEmpty ? nil : "did you mean: " + near.joined(separator: ", or: ")
    }

    /// The first flag among `arguments` that is not in `flags`; values of flags and what follows `--` are left out.
    private static func unknownFlag(_ arguments: [String], _ flags: [String: Bool]) -> String? {
        var isValue = false
        for argument in arguments {
            if argument == "--" { return nil }
            if isValue {
                isValue = false
                continue
            }
            guard argument.hasPrefix("-"), argument != "-" else { continue }
            let name = argument.split(separator: "=", maxSplits: 1)[0]
            if let takesValue = flags[String(name)] {
                isValue = takesValue && !argument.contains("=")
            } else if name.hasPrefix("--") {
                return String(name)
            } else if let takesValue = flags[String(name.prefix(2))] {
                isValue = takesValue && name.count == 2
            } else if Double(argument) == nil {
                return String(name)
            }
        }
        return nil
    }
}

/// Finds what was probably meant by a mistyped verb or flag.
///
/// Stricter than the near names of things, and aware of swapped neighbours: what it suggests may be copied and run.
enum MistypedWord {
    /// The words at most two edits away, nearest first, at most three.
    static func meant(_ word: String, among known: [String]) -> [String] {
        let wanted = Array(word.utf8)
        return known.map { (distance(wanted, Array($0.utf8)), $0) }
            .filter { $0.0 <= min(2, max(1, wanted.count / 2)) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .prefix(3).map(\.1)
    }

    /// Optimal string alignment distance (Damerau, 1964): insert, delete, replace, or swap two neighbours.
    static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard abs(left.count - right.count) <= 2, left.count < 64 else { return 3 }
        var before: [Int] = [], previous = Array(0...right.count)
        for i in left.indices {
            var row = [i + 1]
            for j in right.indices {
                var best = min(previous[j + 1] + 1, row[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    best = min(best, before[j - 1] + 1)
                }
                row.append(best)
            }
            before = previous
            previous = row
        }
        return previous[right.count]
    }
}
