import ArgumentParser
import RegistryTypes

/// What the parser takes and nobody can have meant: a flag given twice, of which only the last would count; an empty
/// value; control characters; a flag that does nothing beside, or without, another.
///
/// Asked after the parser took the arguments, so that every flag is known and has its value.
struct ArgumentCheck {
    /// A flag or positional argument as it was given.
    struct Given: Hashable {
        let argument: CommandArgument
        let value: String?
    }

    let tree: CommandTree
    let given: [Given]

    /// Reads the arguments behind the words that name the command.
    init(tree: CommandTree, rest: [String]) {
        self.tree = tree
        given = Self.read(rest, tree.arguments)
    }

    /// What is wrong; nil when nothing is.
    var problem: String? { repeated ?? unusable ?? contradiction ?? withoutList }

    private var repeated: String? {
        var seen: Set<CommandArgument> = []
        for one in given where one.argument.kind != .positional && !one.argument.isRepeating {
            guard seen.insert(one.argument).inserted else { return "\(one.argument.spoken) is given twice" }
        }
        return nil
    }

    private var unusable: String? {
        for one in given {
            guard let value = one.value else { continue }
            let isText = one.argument.isText
            if value.isEmpty, !isText { return "\(one.argument.spoken) is empty" }
            // Words go into the log and onto pages: line ends and tabs are part of them, escape sequences are not.
            let isForbidden: (Unicode.Scalar) -> Bool = {
                $0.value < 0x20 && $0.value != 0x0a && $0.value != 0x09 || (0x7f...0x9f).contains($0.value)
            }
            if !isText, !one.argument.isFile, let scalar = value.unicodeScalars.first(where: isForbidden) {
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let code = String(repeating: "0", count: 4 - digits.utf8.count) + digits
                return "\(one.argument.spoken) has the control character U+\(code)"
            }
        }
        return nil
    }

    private var contradiction: String? {
        let names = Set(given.flatMap { $0.argument.kind == .positional ? [$0.argument.spoken] : $0.argument.names })
        for rule in FlagRule.rules(of: tree.words) where names.contains(rule.flag) {
            switch rule.relation {
            case .needs(let others):
                if names.isDisjoint(with: others) {
                    return "\(rule.flag) does nothing without \(others.joined(separator: " or "))"
                }
            case .excludes(let other):
                if names.contains(other) { return "\(rule.flag) and \(other) exclude each other" }
            }
        }
        return nil
    }

    private var withoutList: String? {
        guard let verb = tree.command as? any Verb.Type, !verb.limitsRows,
            given.contains(where: { $0.argument.names.contains("--limit") })
        else { return nil }
        return "\(tree.words.joined(separator: " ")) prints no list that --limit could cut"
    }

    /// Each flag with its value, as the parser took them.
    private static func read(_ rest: [String], _ arguments: [CommandArgument]) -> [Given] {
        func named(_ name: String) -> CommandArgument? { arguments.first { $0.names.contains(name) } }
        let positional = arguments.filter { $0.kind == .positional }
        var result: [Given] = [], place = 0, onlyPositional = false
        var waiting: CommandArgument?
        for text in rest {
            if let option = waiting {
                result.append(Given(argument: option, value: text))
                waiting = nil
                continue
            }
            if !onlyPositional, text == "--" {
                onlyPositional = true
                continue
            }
            if !onlyPositional, text.utf8.first == 0x2d, text != "-" {
                let equal = text.utf8.firstIndex(of: 0x3d)
                let name = equal.map { String(text[..<$0]) } ?? text
                if let argument = named(name) {
                    if argument.kind == .option, equal == nil {
                        waiting = argument
                    } else {
                        result.append(
                            Given(argument: argument, value: equal.map { String(text[text.utf8.index(after: $0)...]) })
                        )
                    }
                } else if !name.hasPrefix("--") {
                    for letter in name.dropFirst() {
                        if let flag = named("-\(letter)") { result.append(Given(argument: flag, value: nil)) }
                    }
                }
                continue
            }
            guard let argument = place < positional.count ? positional[place] : positional.last else { continue }
            result.append(Given(argument: argument, value: text))
            if !argument.isRepeating { place += 1 }
        }
        return result
    }
}

extension CommandArgument {
    /// Whether its value is sent to a model as it is, so that it may hold anything, or nothing.
    fileprivate var isText: Bool {
        if kind == .positional { return valueName == "text" && ["What to send.", "The text."].contains(help) }
        return !Set(["--system", "--text", "--stop", "--correction", "--var", "--set"]).isDisjoint(with: names)
    }
}
