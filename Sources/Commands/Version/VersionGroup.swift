import ArgumentParser

/// `serin version`
struct VersionGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "A version of a model.",
        subcommands: [VersionShow.self, VersionCard.self]
    )
}
