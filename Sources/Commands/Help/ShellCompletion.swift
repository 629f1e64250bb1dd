import ArgumentParser
import Foundation

/// What may stand at the cursor of a shell: asked by the scripts of ``Completion`` as
/// `serin ---complete line TEXT` (the line up to the cursor) or `serin ---complete words WORD… CURRENT`.
///
/// The first line of the answer is `:words`, and then a candidate a line, each whole and perhaps with a tab and what it
/// is; or `:files`, and the shell offers files.
struct ShellCompletion {
    /// The first argument of such a question; no verb can be called so.
    static let flag = "---complete"

    let root: any ParsableCommand.Type
    let environment: Environment

    /// A word that may stand there.
    struct Candidate: Hashable, Sendable {
        let word: String
        var note = ""
    }

    /// What is offered.
    enum Offer: Hashable, Sendable {
        case words([Candidate])
        case files
    }

    /// The answer to the arguments behind ``flag``.
    func lines(_ arguments: ArraySlice<String>) async -> String {
        let words =
            arguments.first == "line"
            ? Array(Self.split(arguments.last ?? "").dropFirst()) : Array(arguments.dropFirst())
        switch await offer(words) {
        case .files: return ":files\n"
        case .words(let candidates):
            return ":words\n"
                + candidates.map {
                    SafeText.line($0.word) + ($0.note.isEmpty ? "" : "\t" + SafeText.line($0.note)) + "\n"
                }
                .joined()
        }
    }

    /// What may stand in place of the last of `words`; the words before it are whole.
    func offer(_ words: [String]) async -> Offer {
        let current = words.last ?? ""
        let before = LeadingFlags.moved(words.dropLast(), root: root)
        let tree = CommandTree(root: root, arguments: before)
        let rest = Array(before.dropFirst(tree.depth))
        if before.first == "help" { return .words(matching(helpWords(Array(before.dropFirst())), current)) }
        // The value of a common flag before the verb: `serin -o `.
        if tree.isGroup, let last = rest.last,
            let option = LeadingFlags.common.first(where: { $0.kind == .option && $0.names.contains(last) })
        {
            guard option.names.contains("--output") else {
                return await values(of: option, tree, before: rest, current: current)
            }
            return .words(matching(OutputFormat.allCases.map { Candidate(word: $0.rawValue) }, current))
        }
        if tree.isGroup, !current.hasPrefix("-") {
            guard rest.first?.hasPrefix("-") != false else { return .words([]) }
            return .words(matching(verbs(of: tree), current))
        }
        let arguments = tree.isGroup ? LeadingFlags.common : tree.arguments
        if let equal = current.utf8.firstIndex(of: 0x3d), current.hasPrefix("--") {
            let name = String(current[..<equal])
            guard let option = arguments.first(where: { $0.names.contains(name) }) else { return .words([]) }
            let value = String(current[current.utf8.index(after: equal)...])
            let found = await values(of: option, tree, before: rest, current: value)
            guard case .words(let candidates) = found else { return found }
            return .words(candidates.map { Candidate(word: "\(name)=\($0.word)", note: $0.note) })
        }
        let given = ArgumentCheck(tree: tree, rest: rest).given
        if let last = rest.last, last.hasPrefix("-"), !rest.dropLast().contains("--"),
            let option = arguments.first(where: { $0.kind == .option && $0.names.contains(last) })
        {
            return await values(of: option, tree, before: rest, current: current)
        }
        if current.hasPrefix("-"), !rest.contains("--") {
            let used = Set(given.map(\.argument).filter { !$0.isRepeating })
            let flags = arguments.filter { $0.kind != .positional && !used.contains($0) }
            return .words(
                matching(
                    flags.map { Candidate(word: $0.spoken, note: $0.help) }.filter { $0.word.hasPrefix("--") },
                    current
                )
            )
        }
        let places = arguments.filter { $0.kind == .positional }
        let filled = given.count { $0.argument.kind == .positional }
        guard let place = filled < places.count ? places[filled] : places.last(where: \.isRepeating) else {
            return .words([])
        }
        return await values(of: place, tree, before: rest, current: current)
    }

    private func verbs(of tree: CommandTree) -> [Candidate] {
        var found = tree.shownChildren.map { Candidate(word: $0.name, note: $0.command.configuration.abstract) }
        if tree.words.count == 1 { found.append(Candidate(word: "help", note: "Help of a verb, or about a topic.")) }
        return found
    }

    private func helpWords(_ before: [String]) -> [Candidate] {
        let tree = CommandTree(root: root, arguments: before)
        guard tree.isGroup, tree.depth == before.count else { return [] }
        let topics = before.isEmpty ? (HelpTopic.words + [ManPages.word]).map { Candidate(word: $0) } : []
        return tree.shownChildren.map { Candidate(word: $0.name, note: $0.command.configuration.abstract) } + topics
    }

    /// What an argument may be: words of its own, files, or names that the server holds.
    private func values(
        of argument: CommandArgument,
        _ tree: CommandTree,
        before: [String],
        current: String
    ) async -> Offer {
        if argument.names.contains("--output"), let verb = tree.command as? any Verb.Type {
            return .words(matching(verb.formats.map { Candidate(word: $0.rawValue) }, current))
        }
        if !argument.choices.isEmpty {
            return .words(matching(argument.choices.map { Candidate(word: $0) }, current))
        }
        if argument.isFile, argument.valueName == "file" || argument.valueName == "path" || current.utf8.contains(0x2f)
        {
            return .files
        }
        guard let source = NameSource.of(argument, tree) else {
            return argument.isFile || argument.valueName == "folder" ? .files : .words([])
        }
        let found = await source.names(before: before, current: current, environment)
        let words = matching(found.map { Candidate(word: $0) }, current)
        return words.isEmpty && argument.isFile ? .files : .words(words)
    }

    private func matching(_ candidates: [Candidate], _ current: String) -> [Candidate] {
        var seen: Set<String> = []
        return candidates.filter { $0.word.utf8.starts(with: current.utf8) && seen.insert($0.word).inserted }
    }

    /// The words of a line as a shell cuts it: by blanks, with quotes and backslashes; the last may be empty.
    static func split(_ line: String) -> [String] {
        var words: [[UInt8]] = [[]], quote: UInt8?, isEscaped = false, isWord = false
        for byte in line.utf8 {
            if isEscaped {
                words[words.count - 1].append(byte)
                isEscaped = false
            } else if byte == 0x5c, quote != 0x27 {
                (isEscaped, isWord) = (true, true)
            } else if let open = quote {
                if byte == open { quote = nil } else { words[words.count - 1].append(byte) }
            } else if byte == 0x22 || byte == 0x27 {
                (quote, isWord) = (byte, true)
            } else if byte == 0x20 || byte == 0x09 || byte == 0x0a {
                if isWord { words.append([]) }
                isWord = false
            } else {
                words[words.count - 1].append(byte)
                isWord = true
            }
        }
        return words.map { String(decoding: $0, as: UTF8.self) }
    }
}
