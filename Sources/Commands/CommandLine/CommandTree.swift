import ArgumentParser
import Foundation

/// What the arguments name, found by walking the commands without parsing flags.
struct CommandTree {
    /// The words that lead to the command, such as `serin canary run`.
    private(set) var words: [String]
    /// The command they lead to.
    private(set) var command: any ParsableCommand.Type
    /// How many of the arguments were words of the path.
    private(set) var depth = 0

    /// Walks from `root` as far as the arguments name commands.
    init(root: any ParsableCommand.Type, arguments: [String]) {
        words = [Self.name(root)]
        command = root
        for argument in arguments {
            guard let next = Self.children(command).first(where: { Self.names($0).contains(argument) }) else { break }
            words.append(Self.name(next))
            command = next
            depth += 1
        }
    }

    /// Whether the command only groups others.
    var isGroup: Bool { !Self.children(command).isEmpty }

    /// The names of the commands below, with their aliases.
    var below: [String] { Self.children(command).filter { $0.configuration.shouldDisplay }.flatMap(Self.names) }

    /// The flags the command takes, such as `--to` and `-o`, and whether each takes a value.
    var flags: [String: Bool] {
        var result: [String: Bool] = [:]
        for argument in arguments {
            for name in argument.names { result[name] = argument.kind == .option }
        }
        return result
    }

    /// All that the command takes, flags and positional ones, in the order of its help.
    var arguments: [CommandArgument] { CommandArgument.all(of: command) }

    /// The commands below with their names, without those that help hides.
    var shownChildren: [(name: String, command: any ParsableCommand.Type)] {
        Self.children(command).filter { $0.configuration.shouldDisplay }.map { (Self.name($0), $0) }
    }

    /// Every command that does something, with the words that lead to it.
    static func leaves(of root: any ParsableCommand.Type) -> [CommandTree] {
        func walk(_ tree: CommandTree) -> [CommandTree] {
            tree.isGroup
                ? tree.shownChildren.flatMap { child -> [CommandTree] in
                    var next = tree
                    next.words.append(child.name)
                    next.command = child.command
                    next.depth += 1
                    return walk(next)
                } : [tree]
        }
        return walk(CommandTree(root: root, arguments: []))
    }

    private static func children(_ command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        let configuration = command.configuration
        return configuration.ungroupedSubcommands + configuration.groupedSubcommands.flatMap(\.subcommands)
    }

    private static func names(_ command: any ParsableCommand.Type) -> [String] {
        [name(command)] + command.configuration.aliases
    }

    private static func name(_ command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? command._commandName
    }
}

/// An argument as the parser describes it: what help, man pages, completion and checks are made from.
struct CommandArgument: Hashable, Sendable, Decodable {
    enum Kind: String, Hashable, Sendable, Decodable { case positional, option, flag }

    let kind: Kind
    /// Its spellings with their dashes, such as `--to`; none of a positional one.
    let names: [String]
    /// What its value is called in help, such as `channel`.
    let valueName: String?
    let isOptional: Bool
    let isRepeating: Bool
    /// The words it takes, where only a few are.
    let choices: [String]
    /// Whether its value is a file or a folder.
    let isFile: Bool
    let help: String
    let standard: String?
    /// Whether help shows it.
    let isShown: Bool

    /// How it is called in a message: its long name, or its value.
    var spoken: String { names.first { $0.hasPrefix("--") } ?? names.first ?? "<\(valueName ?? "value")>" }

    private enum CodingKeys: String, CodingKey {
        case kind, names, valueName, isOptional, isRepeating, allValues, completionKind, abstract, defaultValue
        case shouldDisplay
    }
    private struct Spelling: Decodable {
        let kind: String
        let name: String
    }
    private struct Completions: Decodable {
        struct Files: Decodable {}
        let file: Files?
    }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        kind = try fields.decode(Kind.self, forKey: .kind)
        names = (try fields.decodeIfPresent([Spelling].self, forKey: .names) ?? []).map {
            ($0.kind == "long" ? "--" : "-") + $0.name
        }
        valueName = try fields.decodeIfPresent(String.self, forKey: .valueName)
        isOptional = try fields.decode(Bool.self, forKey: .isOptional)
        isRepeating = try fields.decode(Bool.self, forKey: .isRepeating)
        choices = try fields.decodeIfPresent([String].self, forKey: .allValues) ?? []
        isFile = (try? fields.decodeIfPresent(Completions.self, forKey: .completionKind))?.file != nil
        help = try fields.decodeIfPresent(String.self, forKey: .abstract) ?? ""
        standard = try fields.decodeIfPresent(String.self, forKey: .defaultValue)
        isShown = try fields.decode(Bool.self, forKey: .shouldDisplay)
    }

    /// All that `command` takes.
    static func all(of command: any ParsableCommand.Type) -> [CommandArgument] {
        struct Tool: Decodable {
            struct Command: Decodable { let arguments: [CommandArgument]? }
            let command: Command
        }
        let tool = try? JSONDecoder().decode(Tool.self, from: Data(command._dumpHelp().utf8))
        return tool?.command.arguments ?? []
    }
}

/// Lets the flags that every verb has stand before the verb: `serin -o json model list`.
enum LeadingFlags {
    private struct AllFlags: ParsableCommand {
        @OptionGroup var global: GlobalOptions
    }

    /// The flags that every verb has.
    static let common = CommandArgument.all(of: AllFlags.self).filter { !$0.names.contains("--help") }

    /// `arguments` with leading global flags moved behind the words that name the command.
    static func moved(_ arguments: [String], root: any ParsableCommand.Type) -> [String] {
        guard arguments.first?.hasPrefix("-") == true else { return arguments }
        let flags = CommandTree(root: AllFlags.self, arguments: []).flags
        var index = 0
        while index < arguments.count, arguments[index].hasPrefix("-") {
            let name = String(arguments[index].split(separator: "=", maxSplits: 1)[0])
            guard name != "--help", name != "-h", let takesValue = flags[name] else { return arguments }
            index += takesValue && !arguments[index].contains("=") ? 2 : 1
        }
        guard index < arguments.count else { return arguments }
        let rest = Array(arguments[index...])
        let depth = CommandTree(root: root, arguments: rest).depth
        return Array(rest[..<depth]) + Array(arguments[..<index]) + Array(rest[depth...])
    }
}
