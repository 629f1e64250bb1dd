import ArgumentParser

/// `serin policy`
struct PolicyGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "What must hold before a channel moves.",
        subcommands: [PolicyList.self, PolicyShow.self, PolicyExplain.self, PolicyLint.self]
    )
}
