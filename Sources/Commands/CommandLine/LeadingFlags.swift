import ArgumentParser

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
