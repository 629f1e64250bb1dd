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
        guard let tool = try? JSONDecoder().decode(Tool.self, from: Data(command._dumpHelp().utf8)) else { return [:] }
        var result: [String: Bool] = [:]
        for argument in tool.command.arguments ?? [] {
            for name in argument.names ?? [] {
                result[(name.kind == "long" ? "--" : "-") + name.name] = argument.kind == "option"
            }
        }
        return result
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

    /// The part of the parser's description of itself that is needed here.
    private struct Tool: Decodable {
        struct Command: Decodable { let arguments: [Argument]? }
        struct Argument: Decodable {
            let kind: String
            let names: [Name]?
        }
        struct Name: Decodable {
            let kind: String
            let name: String
        }
        let command: Command
    }
}

/// Lets the flags that every verb has stand before the verb: `serin -o json model list`.
enum LeadingFlags {
    private struct AllFlags: ParsableCommand {
        @OptionGroup var global: GlobalOptions
    }

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
