import ArgumentParser

/// `serin drift baseline`
struct BaselineGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baseline",
        abstract: "The stretches of traffic that drift is measured against.",
        subcommands: [BaselineSet.self, BaselineList.self]
    )
}
