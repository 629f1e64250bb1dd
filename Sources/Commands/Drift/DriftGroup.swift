import ArgumentParser

/// `serin drift`
struct DriftGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract: "Whether the traffic or the answers moved away from what they were.",
        subcommands: [DriftRun.self, DriftList.self, DriftShow.self, BaselineGroup.self]
    )
}
